"""Forms of the public's side of a case, as officers fill them in."""
