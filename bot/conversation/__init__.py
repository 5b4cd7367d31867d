"""The flow engine: reads and checks flows, keeps the stack of flows, returns effects. It does no input or output."""
