"""What the public brings about here."""
