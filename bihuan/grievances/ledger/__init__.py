"""The ledgers of grievances and of suggestions: their columns, rows and words."""
