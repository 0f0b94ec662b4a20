"""Anonymous hourly counts of attempts by place."""
