"""The data of a case that goes to the archive: its tables, its journal, its description.

Each table about cases is either included or excluded, and a test checks that every table is in one
of the lists. The reporter's identity (the seals) and codes are never included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.timezone import localtime

from bihuan.cases import kinds
from bihuan.cases.models import Case, Evidence
from bihuan.core.retention import Entry as Line
from bihuan.files.models import StoredFile
from bihuan.journal import queries as journal
from bihuan.journal.models import Entry
from bihuan.orgs.models import Post, Unit, User
from bihuan.retention.actions.removal import about, paths

TAKEN = frozenset(
    {
        "clocks.Clock", "cases.Participation", "cases.Evidence", "cases.Extension", "cases.Contest",
        "cases.Assist", "cases.LedgerNote", "cases.EndedByLedger", "receipts.Message",
        "receipts.Amendment", "receipts.FollowUp", "receipts.Rating", "receipts.Publication",
        "cases.Exclusion",
    }
)  # fmt: skip


def taken() -> frozenset[str]:
    """Return the tables that go to the archive, with those of all kinds."""
    return TAKEN.union(*(kind.filing.tables for kind in kinds.every()))


LEFT_OUT: Mapping[str, str] = {
    "receipts.Seal": "who reported it",
    "receipts.UnsealRequest": "who looked at who reported it; the journal says when and why",
    "receipts.Delivery": "mails to who reported it",
    "receipts.TrackingCode": "a code lets its holder in",
    "receipts.SpentCode": "a code lets its holder in",
    "receipts.HeldAct": "what counted once it was confirmed stands in the journal",
    "cases.UndoableAct": "kept for ten minutes only",
    "cases.AccessGrant": "who might see it here",
    "cases.CaseWords": "made from the words",
    "cases.LinkedRow": "by what a workbook knows it",
    "sites.SiteCase": "the case says where it was; the register of sites stays here",
    "api.Arrival": "by what another system knows it",
    "api.Picture": "an address of another system",
    "retention.Hold": "about keeping it here",
    "retention.Item": "about keeping it here",
    "retention.HandedOver": "about keeping it here",
}
# Columns of a case and its rows that are irrelevant or could identify a person.
FIELDS_LEFT_OUT = frozenset(
    {"id", "form_key", "source_key", "source_digest", "cell", "version", "next_at", "seen_at",
     "overdue_at", "code_hash", "reused_from"}
)  # fmt: skip


def tables(case: Case) -> dict[str, list[dict[str, Any]]]:
    """Return every included row, by table, in order of creation."""
    found: dict[str, dict[Any, dict[str, Any]]] = {}
    included = taken()
    for model, way in paths():
        if model._meta.label in included:
            rows = about([case], model, way).order_by("pk")
            there = found.setdefault(model._meta.label, {})
            there |= {row.pk: row_of(row) for row in rows.select_related(*_named(model))}
    return {label: list(rows.values()) for label, rows in sorted(found.items()) if rows}


def _named(model: type[models.Model]) -> list[str]:
    """The foreign keys whose names are included."""
    named = (User, Unit, Post, StoredFile)
    return [f.name for f in model._meta.concrete_fields if f.related_model in named]


def row_of(row: models.Model) -> dict[str, Any]:
    """Return the fields of a row as plain values; officers and units by name."""
    return {
        field.name: _value(row, field)
        for field in row._meta.concrete_fields
        if field.name not in FIELDS_LEFT_OUT and field.related_model is not Case
    }


def _value(row: models.Model, field: models.Field[Any, Any]) -> Any:
    if field.related_model is None:
        return plain(getattr(row, field.attname))
    other = getattr(row, field.name) if field.related_model in (User, Unit, Post, StoredFile) else 0
    match other:
        case Unit():
            return {"code": other.code, "name": other.name}
        case Post():
            return {"title": other.title, "unit": other.unit.name}
        case User():
            return other.name
        case StoredFile():
            return other.sha256
    return getattr(row, field.attname)


def plain(value: Any) -> Any:
    """Convert a value for JSON."""
    if isinstance(value, datetime):
        return localtime(value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def journal_of(case: Case) -> Iterator[dict[str, Any]]:
    """Return the chain of the case, from which each hash can be recalculated."""
    for entry in journal.timeline(case.subject):
        yield {
            "seq": entry.seq,
            "at": entry.at.isoformat(),
            "actor": entry.actor_id,
            "officer": entry.actor.name if entry.actor else "",
            "act": entry.act,
            "note": entry.note,
            "detail": entry.detail,
            "before": bytes(entry.before_digest).hex(),
            "after": bytes(entry.after_digest).hex(),
            "previous": bytes(entry.previous).hex(),
            "hash": bytes(entry.hash).hex(),
        }


def description(case: Case, line: Line, files: int, language: str = "zh") -> dict[str, Any]:
    """Return the description of the file, with element names of DA/T 46-2009 (from memory)."""
    assert case.ended_at is not None, "only what has ended is handed over"
    return {
        "聚合层次": "件",
        "立档单位名称": case.owner.name,
        "全宗号": "",
        "档号": "",
        "电子文件号": case.number,
        "年度": localtime(case.ended_at).year,
        "保管期限": line.term.name.in_language(language),
        "机构或问题": case.owner.name,
        "题名": case.title,
        "责任者": case.owner.name,
        "文件形成日期": localtime(case.reported_at).date().isoformat(),
        "办结日期": localtime(case.ended_at).date().isoformat(),
        "密级": "限制利用" if case.is_confidential else "",
        "计算机文件数": files,
    }


def evidence_of(case: Case) -> list[Evidence]:
    rows = Evidence.objects.filter(case=case).select_related("file", "added_by")
    return list(rows.order_by("added_at", "pk"))


def entries_of(case: Case) -> list[Entry]:
    return list(journal.timeline(case.subject))
