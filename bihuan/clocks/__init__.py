"""Deadlines of any subject: start, stop, warn, escalate, explain."""
