"""PostgreSQL as Django knows it, with less talk about whether it is there."""
