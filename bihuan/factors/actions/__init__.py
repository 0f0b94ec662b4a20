"""What officers do with their second factor, and what administrators do when it is lost."""
