"""The ledger of hazards: its columns, reader, writer and words."""
