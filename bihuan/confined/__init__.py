"""Untrusted files are parsed in a separate process, within limits (decision 40)."""
