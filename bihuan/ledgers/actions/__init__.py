"""Ledgers in, and ledgers out."""
