"""Every change to a counter."""
