"""From a say to a delivery at the carrier: rendered, counted, held, claimed, sent, retried, reconciled."""
