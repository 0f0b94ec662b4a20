"""Values kept separately from entries: read them, and check them against the digests in the
entries.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping

from django.db.models import Exists, OuterRef, Subquery

from bihuan.core.chain import digest
from bihuan.journal.diagnosis import Break, Finding
from bihuan.journal.models import ERASE, Entry, KeptValues

# The marker in an entry's detail for kept values; inside a text it would be escaped.
MARK = '"kept":'


def beside_all(entries: Collection[Entry]) -> Mapping[tuple[int, int], KeptValues]:
    """Return the values kept for these entries of any chains, by chain and number, in one query."""
    marked = {(entry.chain_id, entry.seq) for entry in entries if MARK in entry.detail}
    if not marked:
        return {}
    chains, numbers = zip(*marked, strict=True)
    kept = KeptValues.objects.filter(chain__in={*chains}, seq__in={*numbers})
    return {(values.chain_id, values.seq): values for values in kept}


def beside(entries: Collection[Entry]) -> Mapping[int, KeptValues]:
    """Return the values kept for these entries of one chain, by entry number."""
    marked = [entry for entry in entries if MARK in entry.detail]
    if not marked:
        return {}
    numbers = [entry.seq for entry in marked]
    kept = KeptValues.objects.filter(chain=marked[0].chain_id, seq__in=numbers)
    return {values.seq: values for values in kept}


def erased() -> int:
    """Return the number of entries whose values were erased."""
    return KeptValues.objects.exclude(erased_at=None).count()


def findings() -> Iterator[Finding]:
    """Return values that were edited, emptied or removed by hand, or added where the entry has
    none.
    """
    of_chain = Entry.objects.filter(chain=OuterRef("chain"))
    entry = of_chain.filter(seq=OuterRef("seq"), detail__contains=MARK)
    kept = KeptValues.objects.annotate(
        before_digest=Subquery(entry.values("before_digest")),
        after_digest=Subquery(entry.values("after_digest")),
        erasure=Exists(of_chain.filter(act=ERASE, seq__gt=OuterRef("seq"))),
    )
    for values in kept.select_related("chain").order_by("chain", "seq").iterator():
        if fault := _fault(values):
            yield Finding(Break.VALUES, values.chain.subject, values.seq, field=fault)
    beside = KeptValues.objects.filter(chain=OuterRef("chain"), seq=OuterRef("seq"))
    bare = Entry.objects.filter(~Exists(beside), detail__contains=MARK)
    for subject, seq in bare.order_by("chain", "seq").values_list("chain__subject", "seq"):
        yield Finding(Break.VALUES, subject, seq, field="missing")


def _fault(values: KeptValues) -> str:
    """Return what is wrong with the values; they are annotated with the digests of their entry."""
    said = [vars(values)[name] for name in ("before_digest", "after_digest")]
    if None in said:
        return "stray"
    if values.erased_at is not None:
        return "" if vars(values)["erasure"] else "missing"
    texts = (values.before, values.after)
    return "" if [_digest(text) for text in texts] == [*map(bytes, said)] else "edited"


def _digest(text: str) -> bytes:
    try:
        return digest(json.loads(text))
    except (ValueError, TypeError):
        return b""
