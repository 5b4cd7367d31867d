"""The staff console: people answer here what the bot hands to them."""
