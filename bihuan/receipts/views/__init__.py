"""Pages of the public's side of a case, for officers."""
