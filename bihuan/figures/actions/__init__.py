"""Actions on counters."""
