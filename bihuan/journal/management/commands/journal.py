"""`bihuan journal`: prove that nothing was touched, or print a day's root."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bihuan.core.refusal import Refusal
from bihuan.journal import actions, queries
from bihuan.journal.diagnosis import Finding
from bihuan.journal.wording import describe, explain


class Command(BaseCommand):
    help = "Verify the journal, or print the Merkle root of a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        jobs = parser.add_subparsers(dest="job", required=True)
        verify = jobs.add_parser("verify", help="recompute every chain and daily root")
        verify.add_argument("--json", action="store_true")
        anchor = jobs.add_parser("anchor", help="seal a day that is over, and print its root")
        anchor.add_argument("day", metavar="DATE", type=date.fromisoformat)
        erase = jobs.add_parser("erase", help="erase the old values kept beside a record's entries")
        erase.add_argument("subject", help="the record, such as case/YH-2026-000123")
        erase.add_argument("--reason", required=True, help="why they are erased")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["job"] == "verify":
            self._verify(as_json=options["json"])
        elif options["job"] == "erase":
            self._erase(options["subject"], options["reason"].strip())
        else:
            self._anchor(options["day"])

    def _verify(self, *, as_json: bool) -> None:
        started = time.monotonic()
        found = queries.verify()
        seconds = round(time.monotonic() - started, 3)
        for finding in found.findings:
            self.stdout.write(describe(finding))
        if as_json:
            figures = {
                "entries": found.entries,
                "chains": found.chains,
                "seconds": seconds,
                **({"erased": found.erased} if found.erased else {}),
            }
            findings = [_plain(finding) for finding in found.findings]
            self.stdout.write(json.dumps({**figures, "findings": findings, "ok": found.ok}))
        else:
            self.stdout.write(self._summary(found, seconds))
        if not found.ok:
            raise SystemExit(1)

    def _summary(self, found: queries.Verification, seconds: float) -> str:
        read = _("%(entries)d entries in %(chains)d chains read in %(seconds).1f s.") % {
            "entries": found.entries,
            "chains": found.chains,
            "seconds": seconds,
        }
        count = len(found.findings)
        result = (
            _("Nothing was touched.")
            if found.ok
            else ngettext("%(count)d break found.", "%(count)d breaks found.", count)
            % {"count": count}
        )
        erased = ngettext(
            "The old values beside %(count)d entry were erased.",
            "The old values beside %(count)d entries were erased.",
            found.erased,
        ) % {"count": found.erased}
        return f"{read} {result} {erased}" if found.erased else f"{read} {result}"

    def _erase(self, subject: str, reason: str) -> None:
        if not reason:
            raise CommandError(_("--reason: say why."))
        entries = actions.erase_values(subject, by=None, at=timezone.now(), note=reason)
        if not entries:
            raise CommandError(_("%s: no old values are kept.") % subject)
        self.stdout.write(
            _("%(subject)s: the old values beside these entries were erased: %(entries)s")
            % {"subject": subject, "entries": ", ".join(map(str, entries))}
        )

    def _anchor(self, day: date) -> None:
        try:
            anchor = actions.anchor(day, now=timezone.now())
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
            self.stdout.write(_("Provisional: the day is not over yet, so the root is not kept."))


def _plain(finding: Finding) -> dict[str, object]:
    day = finding.day.isoformat() if finding.day else None
    return {**asdict(finding), "day": day, "message": describe(finding)}
