"""What is done with an inspection: each act is one transaction with its journal entry."""
