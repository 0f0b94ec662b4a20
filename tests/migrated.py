"""The schema of the tests' databases: migrated once, then copied, until a migration changes.

To migrate takes ten seconds and more, and a copy less than one. What `bihuan migrate` left behind
lies beside pytest's own cache: on SQLite the file, on PostgreSQL what `pg_dump` says.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import django
import psycopg
from django.conf import settings
from django.db import connection

from tools import postgres

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".pytest_cache" / "migrated"
SQLITE = "sqlite:///"
_ROWS = re.compile(
    r"^COPY .*?^\\\.$|^SELECT pg_catalog\.setval\(.*?$|^\\.*?$", re.DOTALL | re.MULTILINE
)


def fill(url: str) -> None:
    """Give a database that is empty, or a file that is not there, the schema."""
    if url.startswith(SQLITE):
        shutil.copyfile(schema("sqlite"), url.removeprefix(SQLITE))
    else:
        _client("psql", url, "--quiet", "--set=ON_ERROR_STOP=1", f"--file={schema('postgresql')}")


@contextmanager
def copied_to(name: str) -> Iterator[None]:
    """The test database of this name, with the schema; one in memory lasts as long as the block."""
    if connection.vendor == "postgresql":
        on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
        fill(address(name))
        yield
    else:
        with closing(sqlite3.connect(name, uri=True)) as copy:
            with closing(sqlite3.connect(schema("sqlite"))) as stored:
                stored.backup(copy)
            yield


def schema(engine: str) -> Path:
    """The kept schema, made where there is none for the migrations as they are now."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{engine}-{digest()}"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            for outdated in KEPT.glob(f"*{engine}-*"):
                outdated.unlink()
            new = KEPT / f"{engine}-new"
            _make_file(new) if engine == "sqlite" else _make_dump(new)
            new.rename(file)
    return file


def statements() -> Path:
    """The schema of PostgreSQL, without rows, for a transaction that somebody else has begun."""
    dump = schema("postgresql")
    file = dump.with_name(f"statements-{dump.name}")
    if not file.exists():
        answer = dump.read_text(encoding="utf-8")
        new = file.with_name(f"{file.name}-{token_hex(4)}")
        # What stands before the first name is for the session.
        new.write_text(_ROWS.sub("", answer[answer.index("\n-- Name: ") :]), encoding="utf-8")
        new.rename(file)
    return file


def digest(root: Path = ROOT) -> str:
    """Of everything that the schema depends on."""
    answer = (django.__version__, settings.INSTALLED_APPS, settings.AUTH_USER_MODEL)
    result = sha256(repr(answer).encode() + Path(__file__).read_bytes())
    for path in sorted(root.glob("bihuan/*/migrations/*.py")):
        result.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return result.hexdigest()[:20]


def _make_file(file: Path) -> None:
    file.touch(mode=0o600)
    _migrate(f"{SQLITE}{file}")
    with closing(sqlite3.connect(file)) as made:  # what is copied is this one file
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _make_dump(file: Path) -> None:
    with database("migrated") as url:
        _migrate(url)
        _client("pg_dump", url, "--no-owner", f"--file={file}")


def _migrate(url: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    own |= {"DJANGO_SETTINGS_MODULE": "bihuan.settings", "BIHUAN_DATABASE_URL": url}
    command = [str(Path(sys.executable).with_name("bihuan")), "migrate", "--verbosity", "0"]
    with TemporaryDirectory() as var:
        subprocess.run(command, env=own | {"BIHUAN_VAR": var}, cwd=var, check=True)


def _client(program: str, url: str, *options: str) -> None:
    """One of PostgreSQL's own programs; the password is not for the list of processes."""
    at = urlsplit(url)
    secret = {"PGPASSWORD": at.password or ""}
    address = at._replace(netloc=at.netloc.replace(f":{at.password}@", "@")).geturl()
    command = [str(postgres.programs() / program), address, *options]
    subprocess.run(command, env=os.environ | secret, stdout=subprocess.DEVNULL, check=True)


# ------------------------------------------------------- on the server of the tests
@contextmanager
def database(name: str) -> Iterator[str]:
    """The address of an empty database beside that of the tests, gone afterwards."""
    name = f"{name}_{token_hex(4)}"
    on_server(f'CREATE DATABASE "{name}"')
    try:
        yield address(name)
    finally:
        on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def address(name: str) -> str:
    """Where a database of the server of the tests is found."""
    return urlsplit(os.environ["BIHUAN_DATABASE_URL"])._replace(path=f"/{name}").geturl()


def on_server(*statements: str) -> None:
    """What is said to the server of the tests, and not to one of its databases."""
    with psycopg.connect(os.environ["BIHUAN_DATABASE_URL"], autocommit=True) as server:
        for statement in statements:
            server.execute(statement.encode())
