"""Types of ledgers: their columns, and how rows are read, imported and exported.

An app with a ledger describes it in a `LedgerType` and registers that when it is ready; the pages,
commands and jobs of `bihuan.ledgers` do the rest, and know none of them by name.
"""
