"""`bihuan check`: check the installation; one line for each check."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bihuan.web import checks
from bihuan.web.checks import CheckResult, Level


class Command(BaseCommand):
    help = "Check settings, rights, keys, database, schema, worker, disk, clock, proxy and mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        found = checks.run(now=timezone.now())
        for each in found:
            self.stdout.write(_line(each))
        if options["json"]:
            worst = next((level for level in reversed(Level) if level in _levels(found)), Level.OK)
            lines = [asdict(each) for each in found]
            self.stdout.write(json.dumps({"result": worst, "checks": lines}, ensure_ascii=False))
        if Level.BAD in _levels(found):
            raise SystemExit(1)


def _levels(found: list[CheckResult]) -> set[Level]:
    return {each.level for each in found}


def _line(found: CheckResult) -> str:
    return f"{found.level:<4}  {found.area:<9} {found.said}".rstrip()
