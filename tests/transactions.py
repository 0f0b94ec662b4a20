"""What the transaction around a test would hide: a statement of the product that has none.

An act that writes outside a transaction of its own fails on a server, or does half of what it
should, and passes every test that is wrapped in one. A test that calls a part of an act by itself
gives it a transaction, as the act would.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[1]
PRODUCT, TESTS = ROOT / "bihuan", ROOT / "tests"
# How something is written; what wants it written stands above, and may be the test.
HOW = re.compile(r"/bihuan/(store/|journal/|figures/actions/keeping|\w+/models)")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "LOCK", "COPY")
WRITES_WITHIN = re.compile(r"\(\s*(INSERT|UPDATE|DELETE)\b")  # as WITH … AS (INSERT …) does

# Writes of one statement that needs no other, or that ends one thing before the next begins.
ALONE = {
    "files/actions.py:store": "one record, of bytes that lie there already",
    "orgs/second_step.py:enter": "Django notes the last sign-in, and forgets the session before",
    "orgs/second_step.py:_hold": "Django forgets the session before",
    "orgs/views/account.py:password": "Django gives the session another key",
    "orgs/actions/signing_in.py:note_seen": "that the session is in use",
    "receipts/actions/intake.py:_given": "all or none, on PostgreSQL in one statement",
    "receipts/actions/intake.py:harden": "one slow hash, claimed by what stood there",
    "cases/actions/loop.py:next_numbers": "a number that is never given out again",
    "receipts/actions/delivery.py:deliver_due": "nothing waits where no mail is sent",
    "receipts/actions/delivery.py:_claimed": "claims one message",
    "receipts/actions/delivery.py:_sent": "what became of that message",
    "tallies/counting.py:count": "one more attempt, whatever comes of it",
    "tallies/counting.py:clear": "the tries before a success are forgotten",
    "tallies/counting.py:uncount": "one attempt less, whatever comes of it",
    "portal/actions/publications.py:me_too": "one more",
    "web/work.py:_run": "how one turn of a job went",
    "web/work.py:_thin_out": "forgets turns in which nothing was done",
    "ledgers/actions/drafts.py:upload": "one job",
    "ledgers/actions/drafts.py:read_next": "one job",
    "ledgers/actions/drafts.py:change": "one job, if it stands as it should",
    "ledgers/actions/jobs.py:order_export": "one job",
    "ledgers/actions/jobs.py:_write": "how far a job is",
    "ledgers/actions/jobs.py:sweep": "forgets old jobs, each kind by itself",
    "desk/actions/saved_views.py:drop_view": "one view",
    "notices/actions.py:mark_read": "notices put away",
    "api/actions/keys.py:known": "the day on which a key was used",
    "api/actions/pictures.py:_fetched": "claims one picture",
    "api/actions/pictures.py:_put_off": "the next attempt at a picture",
    "api/actions/pictures.py:_end": "how a picture ended",
}


class NoTransaction(BaseException):
    """A statement without a transaction; not an `Exception`, so that no code can swallow it."""


def require_transaction(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Refuse a statement of the product that only the transaction of the test surrounds."""
    if _writes(sql) and not _has_own_transaction(context["connection"]):
        writer = _writer()
        if writer and writer not in ALONE:
            raise NoTransaction(f"{writer} writes outside a transaction: {sql[:100]}")
    return execute(sql, params, many, context)


def _writes(sql: str) -> bool:
    if sql.startswith("WITH"):
        return WRITES_WITHIN.search(sql) is not None
    return sql.lstrip("( ").startswith(WRITES) or "FOR UPDATE" in sql


def _has_own_transaction(connection: Any) -> bool:
    return any(not block._from_testcase for block in connection.atomic_blocks)


def _writer() -> str:
    """The function of the product that sends the statement, if it is not the test itself."""
    for frame in _frames():
        file = frame.f_code.co_filename
        if file.startswith(f"{PRODUCT}/") and not HOW.search(file):
            return f"{file.removeprefix(f'{PRODUCT}/')}:{frame.f_code.co_name}"
        if file.startswith(f"{TESTS}/") and file != __file__:
            break
    return ""


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back
