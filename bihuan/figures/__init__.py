"""Counters that are kept in the transaction of each act, and recounted from the records."""
