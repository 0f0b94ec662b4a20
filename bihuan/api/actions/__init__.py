"""What the interfaces do: keys, reports, pictures."""
