"""The demo district: fills an empty database so that the product can be tried at once."""
