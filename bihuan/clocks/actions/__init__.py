"""Every change to a clock."""
