"""The ledger of disputes: its columns, how its rows are read and written, and its words."""
