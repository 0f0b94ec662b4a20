"""What the conventions say about every file: whose clock, how long, and nothing of a machine."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import ROOT, project_files, python_files, relative

LINES_OF_A_FUNCTION = 40
LINES_OF_A_FILE = 400

CLOCKS = {
    "django": "from django.utils import timezone\n\nAT = timezone.now()\n",
    "django, by name": "from django.utils.timezone import now\n\nAT = now()\n",
    "datetime": "import datetime\n\nAT = datetime.datetime.now(tz=datetime.UTC)\n",
    "datetime, by name": "from datetime import UTC, datetime\n\nAT = datetime.now(tz=UTC)\n",
    "today": "from datetime import date\n\nAT = date.today()\n",
    "seconds": "import time\n\nAT = time.time()\n",
    "nanoseconds": "import time\n\nAT = time.time_ns()\n",
    "the database": "from django.db.models.functions import Now\n\nAT = Now()\n",
}
NO_READERS = ["bihuan/orgs/actions.py", "tests/orgs/test_pages.py", "tools/demo.py"]
READERS = [
    "bihuan/orgs/views.py",
    "bihuan/orgs/views/posts.py",
    "bihuan/orgs/management/commands/tick.py",
]

# With brackets in them, so that this file does not find itself.
OF_A_MACHINE = re.compile(
    r"/hom[e]/\w|/roo[t]/|/User[s]/\w|/wor[k]/|/op[t]/\w"
    r"|pyp[i]\.org/simple|pythonhoste[d]|npmj[s]\.(com|org)|registr[y]\."
)


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


def _ruff(code: str, file: str) -> list[str]:
    """What the lint says, a line each, about the code if it were that file."""
    rule = ["--select", "TID251", "--output-format", "concise"]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *rule, "--stdin-filename", file, "-"],
        cwd=ROOT,
        input=code,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("file", NO_READERS)
def test_actions_and_tests_that_read_the_clock_fail_the_lint(file: str) -> None:
    every = "\n".join(CLOCKS.values())  # four lines each

    lines = [int(text.split(":")[1]) for text in _ruff(every, file) if "TID251" in text]

    assert {(line - 1) // 4 for line in lines} == set(range(len(CLOCKS)))


@pytest.mark.parametrize("file", READERS)
def test_views_and_commands_read_the_clock(file: str) -> None:
    assert not [line for line in _ruff(CLOCKS["django"], file) if "TID251" in line]


def test_local_time_is_always_of_an_instant_that_was_passed_on() -> None:
    """Called with nothing, `localdate` and `localtime` read the clock unseen by the lint."""
    unseen = [
        f"{relative(path)}:{node.lineno}"
        for path in python_files("bihuan", "tests", "tools")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and not node.args
        and ast.unparse(node.func).rpartition(".")[2] in ("localdate", "localtime")
    ]

    assert unseen == []


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{relative(path)}:{node.lineno} {node.name} has {lines} lines"
        for path in python_files("bihuan", "tests", "tools")
        for node in _functions(path)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > LINES_OF_A_FUNCTION
    ]

    assert long == []


def test_files_hold_one_thing() -> None:
    long = [
        f"{relative(path)} has {lines} lines"
        for path in python_files("bihuan", "tests", "tools")
        if (lines := len(path.read_text().splitlines())) > LINES_OF_A_FILE
    ]

    assert long == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = [
        f"{relative(path)}: {match[0]}"
        for path in project_files()
        if (match := OF_A_MACHINE.search(path.read_bytes().decode(errors="ignore")))
    ]

    assert found == []
