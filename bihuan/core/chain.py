"""The arithmetic of the journal: what is hashed, how entries are chained and how a period is
sealed.

The formats never change (docs/decisions/0020), so that anyone can recalculate the hashes from an
export.
"""

import json
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

START: Final = bytes(32)  # the previous hash of a chain's first entry
EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)

# tag, seq, at, actor, then the lengths of subject, act, note, detail, before and after
_ENTRY = struct.Struct(">4sQqQHHIIBB")
_DAY = struct.Struct(">4sIqQ32s")


def microseconds(at: datetime) -> int:
    """Return the instant as it is hashed: microseconds since the start of the year 2000, UTC."""
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def canonical(
    subject: str,
    seq: int,
    at: int,
    actor: int | None,
    act: str,
    note: str,
    detail: str,
    before: bytes,
    after: bytes,
) -> bytes:
    """Return the canonical encoding of an entry's content, unique to that content."""
    subject_, act_, note_, detail_ = (
        subject.encode(),
        act.encode(),
        note.encode(),
        detail.encode(),
    )
    head = _ENTRY.pack(
        b"BHE1",
        seq,
        at,
        actor or 0,
        len(subject_),
        len(act_),
        len(note_),
        len(detail_),
        len(before),
        len(after),
    )
    return b"".join((head, subject_, act_, note_, detail_, before, after))


def link(previous: bytes, content: bytes) -> bytes:
    """Return the hash of an entry, over the hash of the previous one and its own canonical
    bytes.
    """
    return sha256(previous + content).digest()


# ---------------------------------------------------------------------- values
# An amount is the same before and after it was stored: 100, 100.00 and 1E+2 are one.
_PLAIN: Final[Mapping[type, Callable[[Any], str]]] = {
    datetime: lambda at: f"@{microseconds(at)}",
    date: date.isoformat,
    Decimal: lambda amount: format(amount.normalize(), "f") if amount else "0",
    bytes: bytes.hex,
}


def _plain(value: object) -> str:
    form = _PLAIN.get(type(value))
    if form is None:
        raise TypeError(f"no canonical form for {type(value).__name__}")
    return form(value)


# Created once: `json.dumps` would create an encoder for every row of an import.
_VALUES = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False, default=_plain
)
_DETAIL = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False, default=_plain
)


def digest(values: Mapping[str, object] | None) -> bytes:
    """Return the digest of a record's values, independent of their order; empty for no values."""
    return b"" if values is None else sha256(_VALUES.encode(values).encode()).digest()


def readable(values: Mapping[str, object] | None) -> str:
    """Return values for the timeline as the text that is stored and hashed; empty for no values."""
    return _DETAIL.encode(values) if values else ""


# ----------------------------------------------------------------- daily roots
class Tree:
    """A Merkle tree (RFC 6962) that takes leaves one by one and keeps one hash per level."""

    def __init__(self) -> None:
        self.leaves = 0
        self._peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        node = sha256(b"\x00" + leaf).digest()
        complete = self.leaves
        while complete & 1:
            node = sha256(b"\x01" + self._peaks.pop() + node).digest()
            complete >>= 1
        self._peaks.append(node)
        self.leaves += 1

    def root(self) -> bytes:
        if not self._peaks:
            return sha256(b"").digest()
        *rest, node = self._peaks
        for peak in reversed(rest):
            node = sha256(b"\x01" + peak + node).digest()
        return node


class Day:
    """The tree of one sealed period: first the day itself and the previous root, then the
    chains.
    """

    def __init__(self, day: date, *, until: int, through: int, previous: bytes) -> None:
        self._tree = Tree()
        self._tree.add(_DAY.pack(b"BHD1", day.toordinal(), until, through, previous))

    @property
    def chains(self) -> int:
        return self._tree.leaves - 1

    def add(self, subject: str, head: bytes) -> None:
        """Add one chain with its last entry of the period."""
        self._tree.add(subject.encode() + head)

    def root(self) -> bytes:
        return self._tree.root()
