"""django-helpdesk in its default configuration, for comparison; it has a separate virtual
environment.
"""
