"""Pages of the shared loop."""
