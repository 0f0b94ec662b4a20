"""What `make` calls: the demo, the test run, a PostgreSQL of our own."""
