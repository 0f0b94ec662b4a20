"""`bihuan journal`: verify that nothing was changed, and export the roots that prove it."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.core.refusal import Refusal
from bihuan.journal import actions, believed, handed_out, queries, sealing, wording
from bihuan.journal.diagnosis import Finding
from bihuan.journal.models import Anchor
from bihuan.journal.wording import describe, explain


class Command(BaseCommand):
    help = "Verify the journal, or hand out the Merkle roots that seal it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        jobs = parser.add_subparsers(dest="job", required=True)
        verify = jobs.add_parser("verify", help="recompute every chain and root")
        verify.add_argument("--json", action="store_true")
        verify.add_argument(
            "--roots", metavar="FILE", type=Path, help="compare with roots that were handed out"
        )
        anchor = jobs.add_parser("anchor", help="seal a past day and print its last root")
        anchor.add_argument("day", metavar="DATE", type=date.fromisoformat)
        roots = jobs.add_parser("roots", help="write the roots, to keep them outside")
        roots.add_argument("--since", metavar="DATE", type=date.fromisoformat)
        roots.add_argument("--out", metavar="FILE", type=Path, help="append missing roots to it")
        roots.add_argument("--sheet", action="store_true", help="as a sheet to sign and file")
        jobs.add_parser("stands", help="record the current state of records with older entries")
        erase = jobs.add_parser("erase", help="erase the old values of a record's entries")
        erase.add_argument("subject", help="the record, such as case/YH-2026-000123")
        erase.add_argument("--reason", required=True, help="the reason for the erasure")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["job"]:
            case "verify":
                self._verify(options["roots"], as_json=options["json"])
            case "erase":
                self._erase(options["subject"], options["reason"].strip())
            case "stands":
                count = actions.record_standing(now=timezone.now())
                self.stdout.write(
                    _("The current state of %(count)d records was recorded.") % {"count": count}
                )
            case "roots":
                self._hand_out(options["since"], options["out"], as_sheet=options["sheet"])
            case _:
                self._anchor(options["day"])

    # ---------------------------------------------------------------- verifying
    def _verify(self, roots: Path | None, *, as_json: bool) -> None:
        given = [] if roots is None else _read(roots)
        started = time.monotonic()
        found = queries.verify(given)
        seconds = round(time.monotonic() - started, 3)
        for finding in found.findings:
            self.stdout.write(describe(finding))
        if as_json:
            self.stdout.write(json.dumps(_figures(found, seconds)))
        else:
            self.stdout.write(wording.summary(found, seconds))
            for line in wording.proven(found):
                self.stdout.write(line)
        if not found.ok:
            raise SystemExit(1)

    # ------------------------------------------------------------- handing out
    def _hand_out(self, since: date | None, out: Path | None, *, as_sheet: bool) -> None:
        sealing.seal(now=timezone.now())
        anchors = Anchor.objects.order_by("until_at")
        if since is not None:
            anchors = anchors.filter(date__gte=since)
        if out is not None:
            self._append(out, anchors.iterator())
            return
        lines = [handed_out.line(anchor) for anchor in anchors.iterator()]
        shown = wording.sheet(lines) if as_sheet else [handed_out.HEADING, *lines]
        self.stdout.write("\n".join(shown))

    def _append(self, out: Path, anchors: Iterator[Anchor]) -> None:
        """Append missing roots to the file; existing lines never change, whatever the database
        holds.
        """
        there = {root.until_at for root in _read(out)} if out.exists() else set()
        missing = [anchor for anchor in anchors if anchor.until_at not in there]
        with out.open("a", encoding="utf-8") as file:
            if not there:
                file.write(f"{handed_out.HEADING}\n")
            file.writelines(f"{handed_out.line(anchor)}\n" for anchor in missing)
        self.stdout.write(_("%(count)d roots were added.") % {"count": len(missing)})

    def _anchor(self, day: date) -> None:
        now = timezone.now()
        if why := believed.why_not(now):
            raise CommandError(why)
        try:
            anchor = sealing.anchor(day, now=now)
        except Refusal as refusal:
            raise CommandError(explain(refusal)) from refusal
        lines = {
            pgettext("daily root", "day"): anchor.date.isoformat(),
            pgettext("daily root", "chains"): str(anchor.leaves),
            pgettext("daily root", "root"): bytes(anchor.root).hex(),
            pgettext("daily root", "previous root"): bytes(anchor.previous).hex(),
        }
        for name, value in lines.items():
            self.stdout.write(f"{name}: {value}")
        if anchor.pk is None:
            self.stdout.write(_("Provisional: the day is not over, so the root is not saved."))

    # ----------------------------------------------------------------- erasing
    def _erase(self, subject: str, reason: str) -> None:
        if not reason:
            raise CommandError(_("--reason: give a reason."))
        entries = actions.erase_values(subject, by=None, at=timezone.now(), note=reason)
        if not entries:
            raise CommandError(_("%s: no old values are stored.") % subject)
        self.stdout.write(
            _("%(subject)s: the old values of these entries were erased: %(entries)s")
            % {"subject": subject, "entries": ", ".join(map(str, entries))}
        )


def _read(path: Path) -> list[handed_out.HandedOut]:
    """Read the roots of a file; raise an error with one line that says what is wrong with it."""
    try:
        roots = list(handed_out.read(path.read_text(encoding="utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        raise CommandError(_("%s: not a UTF-8 text.") % path) from error
    except handed_out.NotARoot as error:
        words = {"file": path, "line": error.args[0]}
        raise CommandError(_("%(file)s, line %(line)s: not a root.") % words) from error
    if not roots:
        raise CommandError(_("%s: contains no root.") % path)
    return roots


def _figures(found: queries.Verification, seconds: float) -> Mapping[str, object]:
    return {
        "entries": found.entries,
        "chains": found.chains,
        "seconds": seconds,
        **({"erased": found.erased} if found.erased else {}),
        "proof": _dated(asdict(found.proof)),
        "findings": [_plain(finding) for finding in found.findings],
        "ok": found.ok,
    }


def _plain(finding: Finding) -> dict[str, object]:
    return {**_dated(asdict(finding)), "message": describe(finding)}


def _dated(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in values.items()
    }
