"""Every change to the shared part of a case. One function, one act, one transaction."""
