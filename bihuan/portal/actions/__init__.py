"""Actions of the public on the portal."""
