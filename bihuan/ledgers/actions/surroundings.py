"""Resources of an import: less time for garbage collection, and disk space."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC

from bihuan.sheets.refusals import SheetFault, SheetRefused


@contextmanager
def few_collections() -> Iterator[None]:
    """Rows are tuples without cycles: garbage collection takes a tenth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def room_for_files() -> Iterator[None]:
    """Raise a clear error if a temporary or output file does not fit on the disk."""
    try:
        yield
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            raise SheetRefused(SheetFault.NO_ROOM) from None
        raise
