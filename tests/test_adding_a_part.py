"""The part in `docs/adding-a-part.md` is built from that page alone, as a project of its own and in
a clone of bihuan, and walked through.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests import migrated
from tests.sources import ROOT, app_folders, project_files, relative
from tests.test_translations import Text, _extract, _forms, _messages
from tests.test_translations import _catalogue as _catalogue_of
from tests.test_words import _found

PAGE = ROOT / "docs" / "adding-a-part.md"
FILE = re.compile(r"^`([\w./]+)`\n\n```(?!diff)\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EDIT = re.compile(r"^`([\w./]+)`\n\n```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOVE = re.compile(r"^## In a clone of bihuan$.*?^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PART, CATALOGUE = "lost_property", "lost_property/locale/zh_Hans/LC_MESSAGES/django.po"
# These read every app; the others about the code need nothing for a new one.
ABOUT_THE_CODE = ("constraints", "conventions", "layers", "refusals", "tour")
OF_OTHERS = "not fail_the_lint and not read_the_clock and not points_up"
LINT = (
    "--config",
    "pyproject.toml",
    "--config",
    "lint.isort.known-first-party=['bihuan', 'tests']",
)

# The settings of the page, with the worthless secrets and cheap hashes of the tests.
SETTINGS = """
from tests.settings import *
from house.settings import INSTALLED_APPS
"""
CONFTEST = '''
import pytest


@pytest.fixture(scope="session")
def django_db_setup():
    """The database has been migrated, as the page says."""
'''


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of the page, and a database with the schema of bihuan."""
    folder = tmp_path_factory.mktemp("project")
    _write_files(folder)
    for package in (PART, f"{PART}/migrations", "house"):
        (folder / package / "__init__.py").touch()
    _compile(folder / CATALOGUE)
    (folder / "trial.py").write_text(SETTINGS)
    (folder / "conftest.py").write_text(CONFTEST)
    shutil.copy(ROOT / "tests" / "walked_part.py", folder / "test_walk.py")
    own = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(own.replace('"tests.settings"', '"trial"'))
    migrated.fill(f"{migrated.SQLITE}{folder}/bihuan.sqlite3")
    return folder


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of bihuan with the part in it, after what the page says to do and to change."""
    folder = tmp_path_factory.mktemp("clone")
    for path in [*project_files(), *(ROOT / "bihuan").rglob("*.mo")]:
        to = folder / relative(path)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    _do(folder, "git", "init", "--quiet")
    _do(folder, "git", "add", "--all")
    _write_files(folder, but="house/")
    page = PAGE.read_text(encoding="utf-8")
    _do(folder, "sh", "-ec", MOVE.findall(page)[0])
    for name, change in EDIT.findall(page):
        _change(folder / name, change.splitlines(keepends=True))
    _compile(folder / "bihuan" / CATALOGUE)
    _do(folder, sys.executable, "-m", "ruff", "check", "--quiet", "--fix-only", ".")
    _do(folder, sys.executable, "-m", "ruff", "format", "--quiet", ".")
    return folder


def _write_files(folder: Path, but: str = "-") -> None:
    for name, content in FILE.findall(PAGE.read_text(encoding="utf-8")):
        if not name.startswith(but):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")


def _change(file: Path, lines: list[str]) -> None:
    """Change the only place in the file that has the old lines."""
    old, new = ("".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
    content = file.read_text(encoding="utf-8")
    assert content.count(old) == 1, f"{file.name}: {content.count(old)} places have\n{old}"
    file.write_text(content.replace(old, new), encoding="utf-8")


def _compile(catalogue: Path) -> None:
    with catalogue.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, _read(catalogue))


def _catalogue(folder: Path) -> Catalog:
    return _read(folder / CATALOGUE)


def _read(catalogue: Path) -> Catalog:
    with catalogue.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def _clashes(messages: list[Message]) -> dict[str, str]:
    """The texts that an app of the project translates in another way."""
    values = {
        (message.context, message.id): message.string
        for app in app_folders()
        for message in _messages(_catalogue_of(app))
    }
    ours = {(message.context, message.id): str(message.string) for message in messages}
    return {str(text): words for text, words in ours.items() if values.get(text, words) != words}


def _run(project: Path, *command: str) -> None:
    own = {
        "PYTHONPATH": f"{project}{os.pathsep}{ROOT}",
        "MYPYPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "trial",
        "BIHUAN_VAR": f"{project}/var",
        "BIHUAN_DATABASE_URL": f"{migrated.SQLITE}{project}/bihuan.sqlite3",
    }
    _do(project, sys.executable, "-m", *command, **own)


def _run_in_clone(clone: Path, *command: str) -> None:
    own = {"PYTHONPATH": str(clone), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    _do(clone, sys.executable, "-m", *command, **own)


def _do(folder: Path, *command: str | Path, **own: str) -> None:
    """Run a command there, without the settings of this run of the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BIHUAN_", "PYTEST_", "GIT_"))
    }
    done = subprocess.run(
        command, cwd=folder, env=kept | own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_code_passes_the_lint_and_is_formatted(project: Path) -> None:
    _run(project, "ruff", "check", *LINT, PART, "tests")
    _run(project, "ruff", "format", "--check", *LINT, PART, "tests")


@pytest.mark.slow
def test_its_types_are_right(project: Path) -> None:
    _run(project, "mypy", "--config-file", "pyproject.toml", PART)


@pytest.mark.slow
def test_it_is_installed_and_walked_through(project: Path) -> None:
    _run(project, "django", "makemigrations", "--check", "--dry-run")
    _run(project, "django", "migrate", "--verbosity", "0")
    _run(project, "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", ".")


def test_its_texts_are_plain_and_each_has_a_translation(project: Path) -> None:
    texts: set[Text] = set()
    for path in (project / PART).rglob("*.py"):
        texts |= _extract(path.read_bytes())
    for path in (project / PART).rglob("*.html"):
        marked = templatize(path.read_text(), origin=str(path))
        texts |= _extract("\n".join(line.strip() for line in marked.splitlines()).encode())

    messages = [message for message in _catalogue(project) if message.id]

    assert {(message.context or "", _forms(message.id)) for message in messages} == texts
    assert all(message.string and not message.fuzzy for message in messages)
    assert _clashes(messages) == {}
    assert [words for _, forms in texts for form in forms if (words := _found(form))] == []


@pytest.mark.slow
def test_in_a_clone_it_keeps_the_lint_and_the_import_rules(clone: Path) -> None:
    _run_in_clone(clone, "ruff", "check", ".")
    _run_in_clone(clone, "ruff", "format", "--check", ".")
    _do(clone, Path(sys.executable).with_name("lint-imports"), "--no-cache", PYTHONPATH=str(clone))


@pytest.mark.slow
def test_in_a_clone_its_types_are_right(clone: Path) -> None:
    _run_in_clone(clone, "mypy", f"bihuan/{PART}", f"tests/{PART}", f"tests/walk/{PART}.py")


@pytest.mark.slow
def test_in_a_clone_it_passes_the_tests_about_the_code(clone: Path) -> None:
    _run_in_clone(clone, "django", "makemigrations", "--check", "--dry-run")
    tests = [f"tests/test_{name}.py" for name in ABOUT_THE_CODE]
    _run_in_clone(clone, "pytest", "-q", "-k", OF_OTHERS, *tests, f"tests/{PART}")


@pytest.mark.slow
def test_in_a_clone_it_is_walked(clone: Path) -> None:
    walk = "every_page_that_acts or recorded_and_ended"
    _run_in_clone(clone, "pytest", "-q", "-k", walk, "tests/walk/test_pages.py")
