"""Files from elsewhere are taken apart in a process of their own, within limits (decision 40)."""
