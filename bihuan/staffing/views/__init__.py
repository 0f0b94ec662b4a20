"""Pages of the organisation as tables."""
