"""How much of this machine one workbook may take."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused; the defaults fit a district's largest ledger."""

    file_bytes: int = 64 * MEBIBYTE
    inflated_bytes: int = 1024 * MEBIBYTE
    entries: int = 2_000
    rows: int = 200_000
    columns: int = 256
    cell_length: int = 32_767
    seconds: int = 60
    """Of the processor."""
    waited: int = 300
    """Seconds that its rows are waited for: a busy machine gives it a fifth of a processor."""
    memory_bytes: int = 1024 * MEBIBYTE


ORDINARY = Limits()
