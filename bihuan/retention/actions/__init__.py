"""Actions on retention by officers and the worker."""
