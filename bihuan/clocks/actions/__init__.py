"""Actions on clocks."""
