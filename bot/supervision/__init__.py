"""Many processes on one machine, kept running: `python -m bot.supervision` is `make cluster`."""
