"""What a flow may do, one file an action: NAME and run(context) -> Receipt."""
