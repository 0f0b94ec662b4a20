"""The rules: pure functions and tables that import only the standard library."""
