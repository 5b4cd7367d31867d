"""SQLAlchemy: one file a noun, its tables and their named queries."""
