"""Rows of an office's ledger become cases or change them, whatever kind of case they are."""
