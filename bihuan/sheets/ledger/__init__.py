"""What a type of ledger is: its columns, how its rows are read, taken in and written.

An app that keeps a ledger describes it in a `LedgerType` and registers that when it is ready; the
pages, commands and jobs of `bihuan.ledgers` do the rest, and know none of them by name.
"""
