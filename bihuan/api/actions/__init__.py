"""Actions of the interfaces: keys, reports, pictures."""
