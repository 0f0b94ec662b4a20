"""Actions on the organisation; each checks permission, makes the change and records it in the
journal.
"""
