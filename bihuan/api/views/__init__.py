"""The interfaces for other systems, and the pages for their keys."""
