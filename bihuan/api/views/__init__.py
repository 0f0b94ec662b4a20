"""The interfaces for other systems, and the pages about their keys."""
