"""How often something was tried from one place within the hour, without knowing anybody."""
