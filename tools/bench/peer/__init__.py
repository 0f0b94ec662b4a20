"""django-helpdesk as it comes, for measuring beside it; it has a virtual environment of its own."""
