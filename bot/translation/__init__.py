"""Translation of what people write: a file a provider."""
