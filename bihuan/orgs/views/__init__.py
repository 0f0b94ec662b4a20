"""Pages of the organisation, of signing in and of one's own account."""
