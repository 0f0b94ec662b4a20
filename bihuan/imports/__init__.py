"""Import rows of an office's ledger as cases or changes to cases, of any kind."""
