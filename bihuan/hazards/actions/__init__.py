"""Actions on hazards. One function, one act, one transaction."""
