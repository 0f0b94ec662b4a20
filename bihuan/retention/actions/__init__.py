"""What officers and the worker do about retention."""
