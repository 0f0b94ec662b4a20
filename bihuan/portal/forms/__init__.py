"""Forms for the public, and for staff who publish."""
