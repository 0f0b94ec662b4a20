"""The pages of grievances, suggestions and their categories."""
