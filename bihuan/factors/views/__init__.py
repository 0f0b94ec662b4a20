"""The pages of the second step, of one's own factors, and of those that were lost."""
