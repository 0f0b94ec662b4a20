"""The officers' pages on cases of every kind."""
