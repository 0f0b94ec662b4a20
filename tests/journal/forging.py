"""A journal to be tampered with, and what a forger does to its entries."""

from django.db import connection

from bihuan.core import chain as core
from bihuan.journal import queries
from bihuan.journal.diagnosis import Break, Finding
from bihuan.journal.models import Entry

CASE = "case/H2026-000123"
OF_CASE = f"chain_id = (SELECT id FROM journal_chain WHERE subject = '{CASE}')"


def found() -> list[Finding]:
    """Without the count of all rows, which is another too where one was removed or inserted."""
    return [one for one in queries.verify().findings if one.kind != Break.COUNT]


def in_chains() -> list[Finding]:
    """Without the roots, which break too when an entry leaves its hour or changes its hash."""
    return [one for one in found() if one.kind not in (Break.ROOT, Break.TIME)]


def hash_of(seq: int) -> str:
    return as_sql(bytes(Entry.objects.get(chain__subject=CASE, seq=seq).hash))


def as_sql(value: bytes) -> str:
    """As SQL writes them."""
    return f"'\\x{value.hex()}'" if connection.vendor == "postgresql" else f"x'{value.hex()}'"


def rewritten(which: int, previous: bytes, **changes: object) -> Entry:
    """An entry that a forger changed, hash and link made to match."""
    entry = Entry.objects.get(chain__subject=CASE, seq=which)
    for name, value in changes.items():
        setattr(entry, name, value)
    content = core.canonical(
        CASE,
        entry.seq,
        core.microseconds(entry.at),
        entry.actor_id,
        entry.act,
        entry.note,
        entry.detail,
        bytes(entry.before_digest),
        bytes(entry.after_digest),
    )
    entry.previous, entry.hash = previous, core.link(previous, content)
    return entry
