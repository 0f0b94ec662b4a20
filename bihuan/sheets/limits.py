"""Limits on the resources that one workbook may use."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one file; the defaults suit the largest ledger of a district."""

    file_bytes: int = 64 * MEBIBYTE
    inflated_bytes: int = 1024 * MEBIBYTE
    entries: int = 2_000
    rows: int = 200_000
    columns: int = 256
    cell_length: int = 32_767
    seconds: int = 60
    """Processor time, in seconds."""
    waited: int = 300
    """Seconds to wait for its rows; allows for a busy machine that gives it a fifth of a
    processor.
    """
    memory_bytes: int = 1024 * MEBIBYTE


ORDINARY = Limits()
