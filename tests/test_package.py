"""What is installed as a package works, or says in one line what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from bihuan.environment import BadSettings, Environment
from tests.sources import ROOT, project_files

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the files of the project alone, as from a fresh checkout."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in project_files():
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    build = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    run([sys.executable, *build, "--wheel-dir", built, source])
    (found,) = built.glob("*.whl")
    return found


def run(command: list[object], **settings: str) -> subprocess.CompletedProcess[str]:
    others = ("BIHUAN_", "DJANGO_", "PYTHON")
    own = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return subprocess.run(
        [*map(str, command)],
        env=own | settings,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_that_is_no_code_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT)
        for path in project_files()
        if path.is_relative_to(ROOT / "bihuan") and path.suffix != ".md"
    }

    assert {str(path) for path in wanted} - names == set()
    compiled = {str(path.with_suffix(".mo")) for path in wanted if path.suffix == ".po"}
    assert compiled - names == set()
    assert not [name for name in names if name.startswith(("tests/", "tools/"))]


def test_the_wheel_names_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith("/METADATA")]
        text = archive.read(name).decode()

    assert "Requires-Dist: Django~=5.2.0" in text
    assert "Requires-Dist: psycopg[binary]" in text


def test_a_package_without_its_dependencies_says_so_in_a_line(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    (folder,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    zipfile.ZipFile(wheel).extractall(folder)

    version = run([python, "-m", "bihuan.cli", "--version"])
    check = run([python, "-m", "bihuan.cli", "check"])

    assert version.stdout.startswith("bihuan ")
    assert (check.returncode, check.stdout) == (2, "")
    assert check.stderr == (
        "bihuan check: django is not installed (see requirements/base.txt, or run make)\n"
    )


def test_a_package_works_where_it_is_told_to_write(wheel: Path, tmp_path: Path) -> None:
    """The locked packages of this environment, and bihuan from the wheel in place of the source."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "package")
    isolated = f"import sys; sys.path.insert(0, {str(tmp_path / 'package')!r});"
    command = [sys.executable, "-c", f"{isolated} from bihuan import cli; sys.exit(cli.main())"]

    nameless = run([*command, "migrate"])
    var = str(tmp_path / "var")
    Path(var).mkdir()
    migrated = run([*command, "migrate", "--verbosity", "0"], BIHUAN_VAR=var)
    spoken = run([*command, "recount"], BIHUAN_VAR=var, BIHUAN_LANGUAGE="zh-hans")

    assert nameless.returncode == 2
    assert nameless.stderr.startswith("bihuan migrate: BIHUAN_VAR: name the folder")
    assert migrated.returncode == 0, migrated.stderr
    assert spoken.returncode == 0, spoken.stderr
    assert any("一" <= character <= "鿿" for character in spoken.stdout)
    database = Path(var) / "bihuan.sqlite3"
    assert database.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_has_no_default_has_to_be_named() -> None:
    environment = Environment({})
    environment.folder("BIHUAN_VAR", Path("/nowhere"), required="name it")

    with pytest.raises(BadSettings, match="BIHUAN_VAR: name it"):
        environment.finish()
