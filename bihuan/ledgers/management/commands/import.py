"""`bihuan import`: import an office's ledger as cases."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.core.numerals import whole
from bihuan.core.refusal import Refusal
from bihuan.ledgers import mapping
from bihuan.ledgers.actions.findings import Findings
from bihuan.ledgers.actions.importing import Source, take_in
from bihuan.ledgers.actions.results import Result
from bihuan.ledgers.look import written_map
from bihuan.ledgers.mapping import READ, SKIP
from bihuan.ledgers.notes import said_of
from bihuan.ledgers.questions import change_said, ended_said, how_to_answer, linked_said
from bihuan.ledgers.said import all_here
from bihuan.ledgers.sheet import others, sheet_said
from bihuan.ledgers.ways_out import Medium
from bihuan.ledgers.wording import explain, titles_said, words
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger import types
from bihuan.sheets.ledger.rows import Answer, Answers, Doubt
from bihuan.sheets.limits import ORDINARY, Limits
from bihuan.sheets.writer import require_writable

SAID = (
    "rows", "created", "updated", "unchanged", "refused", "seconds", "header_row",
    "last_header_row", "columns", "left_out", "not_read", "unread", "readings", "money", "in_days",
    "looks_like", "noted", "notes", "passed_over", "passed", "hidden_columns", "sheet",
    "other_sheets", "filtered", "unsure_formulas", "changed", "emptied", "asked", "left", "linked",
)  # fmt: skip

ANSWERS = {
    Answer.SAME: "rows of the file, such as 2,5-9, that are the case they look like; all, or "
    "the name of a sort of questions, for all such rows",
    Answer.NEW: "rows of the file, in the same form, that are new cases all the same",
}
SHOWN = 20
MOST_ROWS = 10_000_000


class Named(NamedTuple):
    """The scope of an answer: rows, all questions of a type, or all that no other answer covers."""

    rows: frozenset[int] = frozenset()
    sorts: frozenset[Doubt] = frozenset()
    every: bool = False


class Command(BaseCommand):
    help = "Import a ledger (.xlsx, .xls, .ods, .csv); invalid rows are returned."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=[each.kind for each in types.every()])
        parser.add_argument("--unit", required=True, metavar="CODE", help="unit of the ledger")
        parser.add_argument("--map", type=Path, metavar="MAP.toml", help="how to read the columns")
        parser.add_argument(
            "--header-row", type=_count, default=0, metavar="N", help="the header row"
        )
        parser.add_argument("--sheet", help="the sheet to read, not that with the best headers")
        parser.add_argument(
            "--write-map",
            type=Path,
            metavar="MAP.toml",
            help="write the recognised mapping, import nothing",
        )
        parser.add_argument("--dry-run", action="store_true", help="show what would happen")
        parser.add_argument("--whole", action="store_true", help="import all rows or none")
        parser.add_argument(
            "--empty-clears",
            action="store_true",
            help="let empty cells clear fields; otherwise they change nothing",
        )
        parser.add_argument(
            "--split", action="store_true", help="split rows that list several matters in a cell"
        )
        parser.add_argument(
            "--struck",
            choices=[READ, SKIP],
            help="read or skip rows with strikethrough; returned otherwise",
        )
        for answer, help_ in ANSWERS.items():
            parser.add_argument(
                f"--{answer}", type=_rows, default=Named(), metavar="ROWS", help=help_
            )
        parser.add_argument("--errors", type=Path, metavar="OUT.xlsx", help="the refused rows")
        parser.add_argument("--rows", type=_count, metavar="N", help="read at most N rows")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["errors"]:
            require_writable(options["errors"])
        try:
            source = _source(options)
            if options["write_map"]:
                found = written_map(
                    source.path, source.sheet, source.header_row, kind=options["kind"]
                )
                options["write_map"].write_text(found, encoding="utf-8")
                return
            result = take_in(
                source,
                words=words(medium=Medium.COMMAND),
                actor=None,
                now=timezone.now(),
                whole=options["whole"],
                dry_run=options["dry_run"],
                errors_to=_errors_to(options["errors"]),
                progress=self._progress if sys.stderr.isatty() else lambda done, total: None,
            )
        except Refusal as refusal:
            text = explain(refusal, options["kind"], Medium.COMMAND)
            raise CommandError(
                _("%(place)s: %(said)s") % {"place": options["file"].name, "said": text}
            ) from refusal
        self._say(result, source, options)
        if result.refused:
            raise SystemExit(1)

    def _progress(self, done: int, total: int | None) -> None:
        self.stderr.write(f"\r{done} / {total or '?'}", ending="")

    def _say(self, result: Result, source: Source, options: dict[str, Any]) -> None:
        notes = all_here(result.notes)
        result_data = result.as_json() | {"notes": notes}
        for line in (*sheet_said(result_data), *titles_said(result_data)):
            self.stdout.write(line)
        for line in said_of(result_data, source.unit.name):
            self.stdout.write(line)
        for row, column, said_of_row in (*notes, *all_here([*result.errors, *result.asks])):
            where = {"row": row, "column": column, "said": said_of_row}
            self.stdout.write(
                # The sentence begins with the cell if there is a column.
                _("row %(row)s · %(column)s · %(said)s") % where
                if column
                else _("row %(row)s: %(said)s") % where
            )
        self._say_found(result.found)
        for each in others(result_data):
            self.stdout.write(_next_sheet(each, source, options))
        if result.refused and options["errors"]:
            self.stdout.write(_("the refused rows, with the reasons: %s") % options["errors"])
        if not result.kept:
            self.stdout.write(_("nothing was imported, because some rows were refused"))
        if options["json"]:
            found = {"changes": result.found.changes, "questions": result.found.questions}
            shown = {name: result_data[name] for name in SAID} | found
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
        else:
            self.stdout.write(
                _(
                    "%(rows)s rows: %(created)s created, %(updated)s updated, "
                    "%(unchanged)s unchanged, %(refused)s refused; %(seconds)s seconds"
                )
                % result_data
            )

    def _say_found(self, found: Findings) -> None:
        """Print what changes field by field, and how the rows in doubt are answered."""
        for change in found.changes[:SHOWN]:
            self.stdout.write(change_said(change))
        if found.changed > SHOWN:
            self.stdout.write(_("… %(count)d changed fields in all") % {"count": found.changed})
        if found.ended:
            self.stdout.write(ended_said(found.ended))
        if found.linked:
            self.stdout.write(linked_said(found.linked))
        if found.asked:
            rows = ",".join(str(question["row"]) for question in found.questions)
            kind = found.questions[0]["kind"]
            self.stdout.write(how_to_answer(found.asked, rows, kind, sorted(found.doubts)))


def _next_sheet(sheet: dict[str, Any], source: Source, options: dict[str, Any]) -> str:
    """Print how to import the next sheet: with the same command, another sheet and its kind."""
    kind = str(sheet.get("kind", source.ledger.kind))
    arguments = [options["file"], "--kind", kind, "--unit", source.unit.code]
    command = " ".join(quote(str(each)) for each in (*arguments, "--sheet", sheet["sheet"]))
    named = {"sheet": sheet["sheet"], "ledger": types.of(kind).words.name, "command": command}
    return _("sheet “%(sheet)s” (%(ledger)s): bihuan import %(command)s") % named


def _errors_to(out: Path | None) -> dict[str, Path]:
    return {get_language() or "": out} if out else {}


def _source(options: dict[str, Any]) -> Source:
    path: Path = options["file"]
    if not path.is_file():
        raise CommandError(_("%s: there is no such file") % path)
    try:
        unit = Unit.objects.get(code=options["unit"])
    except Unit.DoesNotExist:
        raise CommandError(
            _("--unit %s: there is no unit with this code") % options["unit"]
        ) from None
    if unit.end_date is not None:
        text = _("--unit %s: the unit is closed") % unit.code
        taken = _("; its successor is %s") % unit.successor.code if unit.successor else ""
        raise CommandError(text + taken)
    mapped = mapping.read_toml(options["map"], options["kind"]) if options["map"] else None
    return Source(
        path,
        path.name,
        unit,
        mapped,
        options["sheet"],
        _limits(options["rows"]),
        options["empty_clears"],
        options["header_row"],
        options["split"],
        options["struck"] or "",
        options["kind"],
        _answers(options),
    )


def _answers(options: dict[str, Any]) -> Answers:
    """Return the answer for each row; a row has one answer."""
    same, new = options[Answer.SAME], options[Answer.NEW]
    if same.rows & new.rows or same.sorts & new.sorts or (same.every and new.every):
        raise CommandError(_("--same and --new: a row can have only one of them"))
    return Answers(
        by_row={row: answer for answer in ANSWERS for row in options[answer].rows},
        by_doubt={sort: answer for answer in ANSWERS for sort in options[answer].sorts},
        others=next((answer for answer in ANSWERS if options[answer].every), None),
    )


def _rows(text: str) -> Named:
    """Parse the rows of an answer; "all" means every row not named."""
    rows: set[int] = set()
    sorts: set[Doubt] = set()
    every = False
    for part in map(str.strip, text.split(",")):
        if part == "all":
            every = True
            continue
        if part in {sort.value for sort in Doubt}:
            sorts.add(Doubt(part))
            continue
        first, _dash, last = part.partition("-")
        low, high = _count(first.strip()), _count((last or first).strip())
        if high < low:
            raise ArgumentTypeError(f"{part}: not rows of a file")
        rows.update(range(low, high + 1))
    return Named(frozenset(rows), frozenset(sorts), every)


def _count(text: str) -> int:
    count = whole(text, most=MOST_ROWS)
    if not count:
        raise ArgumentTypeError(f"{text}: not a row or a number of rows")
    return count


def _limits(rows: int | None) -> Limits:
    """Raise the limits of memory and time with a deliberately raised number of rows."""
    if rows is None or rows <= ORDINARY.rows:
        return ORDINARY
    times = rows / ORDINARY.rows
    return Limits(
        file_bytes=int(ORDINARY.file_bytes * times),
        inflated_bytes=int(ORDINARY.inflated_bytes * times),
        rows=rows,
        seconds=int(ORDINARY.seconds * times),
        waited=int(ORDINARY.waited * times),
        memory_bytes=int(ORDINARY.memory_bytes * times),
    )
