"""The pages of ledgers in and out."""
