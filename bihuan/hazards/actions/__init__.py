"""Every change to a hazard. One function, one act, one transaction."""
