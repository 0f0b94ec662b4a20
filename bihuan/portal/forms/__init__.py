"""What the public fills in, and what staff publish."""
