"""Import and export of ledgers."""
