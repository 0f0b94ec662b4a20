"""Every change to the organisation; each asks for permission, changes, and writes the journal."""
