"""The ledger of disputes: its columns, reader, writer and words."""
