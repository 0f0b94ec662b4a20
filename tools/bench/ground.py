"""The environment of the measurements: a temporary folder and databases."""

import os
import secrets
import shutil
import sys
import tempfile
from base64 import urlsafe_b64encode as b64encode
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from tools import postgres
from tools.bench import district
from tools.bench.measured import Taken, run

PYTHON = sys.executable
ROOT = Path(__file__).resolve().parents[2]
COUNTY = "county"
BIHUAN = str(Path(PYTHON).with_name("bihuan"))


@dataclass(frozen=True)
class Database:
    """One database of the measurements, and the environment variables for bihuan."""

    address: str
    environment: dict[str, str]

    def bihuan(self, *arguments: str, allowed: Sequence[int] = (0,)) -> Taken:
        """Run the command as an office would."""
        return run([BIHUAN, *arguments], self.environment, allowed)

    def inside(self, job: str, *arguments: object) -> Taken:
        """Run one job of `tools.bench.inside` on this database."""
        words = [str(argument) for argument in arguments]
        return run([PYTHON, "-m", "tools.bench.inside", job, *words], self.environment)

    def settle(self) -> None:
        """Do the work of autovacuum and the checkpointer at once."""
        if self.address.startswith("postgres"):
            with psycopg.connect(self.address, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")
        else:
            self.inside("analyze")


@dataclass(frozen=True)
class Ground:
    """The folder of a run, its PostgreSQL (None: SQLite), and the shared environment variables."""

    folder: Path
    server: str
    environment: dict[str, str]

    def prepare(self) -> None:
        """Create the template of every database: the schema and the county."""
        county = self._at(COUNTY)
        if self.server:
            self._execute("CREATE DATABASE {}", COUNTY)
        county.bihuan("migrate", "--verbosity", "0")
        written = self.folder / "county.toml"
        written.write_text(district.toml())
        county.bihuan("load-district", str(written))
        county.bihuan("load-categories")

    def database(self, name: str) -> Database:
        """Create a database with the schema and the county."""
        if self.server:
            self._execute("CREATE DATABASE {} TEMPLATE {}", name, COUNTY)
        else:
            shutil.copyfile(self.folder / f"{COUNTY}.sqlite3", self.folder / f"{name}.sqlite3")
        return self._at(name)

    def empty(self, name: str) -> Database:
        """Create a database without a schema, to restore a backup into."""
        if self.server:
            self._execute("CREATE DATABASE {}", name)
        place = self._at(name)
        var = self.folder / f"var_{name}"
        var.mkdir()
        return replace(place, environment=place.environment | {"BIHUAN_VAR": str(var)})

    def drop(self, database: Database) -> None:
        """Delete the database to make room for the next."""
        name = database.address.rpartition("/")[2]
        if self.server:
            self._execute("DROP DATABASE {}", name)
        else:
            (self.folder / name).unlink()
        shutil.rmtree(database.environment["BIHUAN_MEDIA"], ignore_errors=True)

    def _at(self, name: str) -> Database:
        address = f"sqlite:///{self.folder / name}.sqlite3"
        if self.server:
            address = self.server.rpartition("/")[0] + f"/{name}"
        own = {"BIHUAN_DATABASE_URL": address, "BIHUAN_MEDIA": str(self.folder / "media" / name)}
        return Database(address, self.environment | own)

    def _execute(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def ground(engine: str) -> Iterator[Ground]:
    """Create the environment; PostgreSQL has its default settings except 256 MB of shared
    buffers.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bihuan-bench-")))
        server = ""
        if engine == "postgres":
            server = stack.enter_context(postgres.running(hasty=False))
        where = Ground(folder, server, _environment(folder))
        where.prepare()
        yield where


def _environment(folder: Path) -> dict[str, str]:
    # Without compiled modules the start of each process would count several times.
    own = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("BIHUAN_") and key != "PYTHONDONTWRITEBYTECODE"
    }
    return own | {
        "BIHUAN_VAR": str(folder / "var"),
        "BIHUAN_SECRET_KEY": secrets.token_urlsafe(50),
        "BIHUAN_SEAL_KEYS": b64encode(os.urandom(32)).decode(),
        "BIHUAN_LOG_LEVEL": "WARNING",
        # All forms come from one address here, without the proof of work that each browser does.
        "BIHUAN_REPORTS_PER_HOUR": "1000000",
        "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
        "PYTHONPATH": str(ROOT),
    }
