"""The ledger of sites (场所台账): its columns, reader, writer and words."""
