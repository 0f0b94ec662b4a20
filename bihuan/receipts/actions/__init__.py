"""Actions on the public's side of a case. One function, one act, one transaction."""
