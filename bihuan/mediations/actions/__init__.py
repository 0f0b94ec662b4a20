"""Every change to a mediation. One function, one act, one transaction."""
