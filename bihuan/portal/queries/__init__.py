"""What the public may be shown."""
