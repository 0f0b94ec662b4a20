"""The pages for importing and exporting ledgers."""
