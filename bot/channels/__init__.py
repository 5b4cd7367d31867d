"""The ways messages travel: a file a channel. Each verifies, parses, sends, and looks up what it sent."""
