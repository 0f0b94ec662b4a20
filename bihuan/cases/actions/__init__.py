"""Actions on the shared part of a case. One function, one act, one transaction."""
