"""The ledger of hazards: its columns, how its rows are read and written, and its words."""
