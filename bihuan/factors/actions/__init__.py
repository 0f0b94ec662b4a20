"""Actions of officers on their second factor, and of administrators when it is lost."""
