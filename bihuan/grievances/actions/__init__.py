"""Actions on grievances, suggestions and categories. One function, one act."""
