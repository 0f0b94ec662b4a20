"""Pages of the second step, of one's own factors, and of lost ones."""
