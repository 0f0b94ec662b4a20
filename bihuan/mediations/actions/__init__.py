"""Actions on mediations. One function, one act, one transaction."""
