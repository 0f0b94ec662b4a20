"""What may be done with a site: each act is one transaction with its journal entries."""
