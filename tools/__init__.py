"""Programs behind `make`: the demo, the test run, a temporary PostgreSQL."""
