"""Counters that are updated in the transaction of each action, and recounted from the records."""
