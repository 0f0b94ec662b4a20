"""The import rules of `pyproject.toml` catch what they are there to catch."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.sources import ROOT, files_under, python_files, relative

PLANTED = {
    "bihuan/orgs/planted.py": "import bihuan.cases.apps",
    "bihuan/files/planted.py": "import bihuan.notices.apps",
    "bihuan/orgs/models.py": "import bihuan.orgs.actions",
    "bihuan/orgs/queries.py": "import bihuan.orgs.forms",
    "bihuan/newcomer/__init__.py": "",
    "bihuan/orgs/newcomer.py": "",
    "bihuan/ledgers/planted.py": "import bihuan.hazards.apps",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages of bihuan without their contents: what is planted stands alone."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in [ROOT / "bihuan", *(ROOT / "bihuan").glob("*/")]:
        if (folder / "__init__.py").exists():
            package = tmp_path / folder.relative_to(ROOT)
            package.mkdir()
            (package / "__init__.py").touch()
            (package / "apps.py").touch()
    (tmp_path / "bihuan" / "apps.py").unlink()
    for name in ("models", "queries", "actions", "forms"):
        (tmp_path / "bihuan" / "orgs" / f"{name}.py").touch()
    return tmp_path


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [linter, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_app_but_the_core_has_its_modules_in_rooms() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["id"]: each for each in config["tool"]["importlinter"]["contracts"]}
    apps = {folder.parent.name for folder in (ROOT / "bihuan").glob("*/__init__.py")}

    assert contracts["inside"]["exhaustive"]
    assert set(contracts["inside"]["containers"]) == {f"bihuan.{app}" for app in apps - {"core"}}


def test_the_import_rules_accept_a_project_without_imports(copy: Path) -> None:
    done = _lint(copy)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", PLANTED)
def test_an_import_that_points_up_fails_the_build(copy: Path, file: str) -> None:
    planted = copy / file
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(PLANTED[file])

    done = _lint(copy)

    assert done.returncode == 1, done.stdout


# Reading recurrence rules is left to a library (docs/decisions/0204).
CORE_LIBRARIES = {"recurrence.py": {"dateutil"}}


def test_the_core_imports_only_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"bihuan"}

    strangers = [
        f"{relative(path)}: {name}"
        for path in python_files("bihuan")
        if path.is_relative_to(ROOT / "bihuan" / "core")
        for name in _imported(path)
        if name.partition(".")[0] not in allowed | CORE_LIBRARIES.get(path.name, set())
    ]

    assert strangers == []


def _imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return names


# What goes past the models is written in one package, and used for four sorts of work alone: the
# questions that busy pages ask again and again, the journal, the import of workbooks, and the
# rounds of a plan.
QUESTIONS = {
    "bihuan.cases.queries.prepared",
    "bihuan.figures.queries",
    "bihuan.grievances.queries",
    "bihuan.hazards.queries",
    "bihuan.notices.queries",  # the unread number of every page
    "bihuan.orgs.access",  # who may do what: the questions about posts
    "bihuan.orgs.sessions",  # the session of every page
    "bihuan.portal.queries.counting",
    "bihuan.receipts.queries.prepared",
    "bihuan.web.agenda",  # which parts have anything for the officer
}
JOURNAL = {"bihuan.journal.actions", "bihuan.journal.queries", "bihuan.journal.reading"}
IMPORT = {"bihuan.imports.actions.row_intake", "bihuan.imports.known"}
PLANS = {"bihuan.plans.actions.making"}  # a row for each of twenty thousand sites, with its clock
# Below or beside all records: attempts that are counted at the door, and backups.
INFRASTRUCTURE = {"bihuan.backups.on_postgresql", "bihuan.tallies.counting"}


def test_the_store_is_used_for_what_it_is_for_alone() -> None:
    users = {
        relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in python_files("bihuan")
        if not path.is_relative_to(ROOT / "bihuan" / "store")
        and any(f"{name}.".startswith("bihuan.store.") for name in _imported(path))
    }

    assert users == QUESTIONS | JOURNAL | IMPORT | PLANS | INFRASTRUCTURE
    assert len(users - INFRASTRUCTURE) <= 16


URL_NAME = re.compile(r"""["']([a-z]+):[a-z][a-z_-]*["'/?]""")
# Pages of the organisation stand in the frame, whose imports point down to them.
IN_THE_FRAME = ("orgs", "web")


def _layers() -> dict[str, int]:
    """Return the layer of each app, the topmost first."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    first = config["tool"]["importlinter"]["contracts"][0]["layers"]
    return {app: n for n, layer in enumerate(first) for app in re.findall(r"\w+", layer)}


def _named_above(app: str, text: str) -> set[tuple[str, str]]:
    layers = _layers()
    named = {name for name in URL_NAME.findall(text) if name in layers}
    return {(app, name) for name in named if layers[name] < layers[app]}


def test_no_app_names_an_address_of_an_app_above_it() -> None:
    above = {
        pair
        for app in _layers()
        for path in files_under(ROOT / "bihuan" / app, ".py", ".html", ".js", ".txt")
        for pair in _named_above(app, path.read_text(encoding="utf-8"))
    }

    assert above == {IN_THE_FRAME}


@pytest.mark.parametrize(
    "planted", ['address("portal:front")', "{% url 'desk:case' case.number %}"]
)
def test_an_address_above_that_is_planted_is_found(planted: str) -> None:
    assert _named_above("web", planted)
    assert not _named_above("web", 'reverse("orgs:account")')
