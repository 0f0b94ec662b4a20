"""The public's pages, and the few that staff need for them."""
