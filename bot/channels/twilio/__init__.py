"""What the Twilio channels share: the account, the client, the table of errors."""
