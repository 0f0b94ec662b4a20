"""An installation of its own, driven from outside as an administrator and an attacker would."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import IO
from urllib.parse import urlsplit

from tests import migrated
from tests.clock import seconds_ahead
from tools.postgres import free_port
from tools.visitor import Visitor

BIHUAN = Path(sys.executable).with_name("bihuan")
ROOT = Path(__file__).parents[2]
DISTRICT = ROOT / "bihuan" / "orgs" / "data" / "demo_district.toml"
SECRET = "for the tests of faults, and nothing else"
COUNTY, COORDINATOR, PASSWORD = "530499", "su.wanqing", "Bihuan-Demo-2026"
SECONDS = 120
SQLITE = migrated.SQLITE
MOVED_CLOCK = Path(__file__).with_name("moved")
SECONDS_AHEAD = seconds_ahead()


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    status: int
    out: str
    err: str


@dataclass(frozen=True)
class Forking:
    """What starts a process for each program, with all that bihuan imports already there."""

    process: subprocess.Popen[str]

    def run(self, *arguments: object) -> Answer:
        """One command, to its end."""
        return self.python("bihuan", *arguments)

    def python(self, program: str, *arguments: object, given: str = "") -> Answer:
        """The main part of a module, to its end."""
        request, answers = self.process.stdin, self.process.stdout
        assert request
        assert answers
        request.write(json.dumps([program, list(map(str, arguments)), given]) + "\n")
        request.flush()
        return Answer(*json.loads(answers.readline()))


@dataclass(frozen=True)
class Installation:
    """A folder with everything that one installation owns, and the settings that lead there."""

    folder: Path
    database_url: str
    schema: Path | None = None
    """Given to its empty database in one step; without it all migrations run one by one."""

    @property
    def environment(self) -> Mapping[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
        return own | {
            "BIHUAN_VAR": str(self.folder),
            "BIHUAN_DATABASE_URL": self.database_url,
            # `tick --now` acts; the secret lies in a file as the demo's does, see `ready`.
            "BIHUAN_TEST_CLOCK": "1",
            "BIHUAN_SEAL_KEYS": "Zm9yLXRoZS10ZXN0cy1vZi1mYXVsdHMtb25seS0wMDA=",
            "DJANGO_SETTINGS_MODULE": "bihuan.settings",
            "HOME": str(self.folder),
            "PYTHONPATH": str(MOVED_CLOCK),
            "TESTS_SECONDS_AHEAD": str(SECONDS_AHEAD),
            "TESTS_SCHEMA": str(self.schema or ""),
            "PYTHONUNBUFFERED": "1",
        }

    def run(
        self,
        *arguments: object,
        into: Path | None = None,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        """One command, to its end; what it prints goes into a file if one is named."""
        with open(into or os.devnull, "wb") as out:
            return self._run(arguments, settings, out if into else subprocess.PIPE)

    def run_each(self, commands: Sequence[Sequence[str]]) -> list[Answer]:
        """Many commands, each to its end in a process of its own, for one start of the program."""
        with self.forking() as fork:
            return [fork.run(*command) for command in commands]

    @contextmanager
    def forking(self) -> Iterator[Forking]:
        """Processes of this installation that are forked, where each start would take its time."""
        path = os.pathsep.join([str(MOVED_CLOCK), str(ROOT)])
        with subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forked"],
            env={**self.environment, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self.folder,
            text=True,
        ) as process:
            try:
                yield Forking(process)
            finally:
                process.kill()

    def start(self, *command: object, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """One command that goes on, in a process group of its own."""
        return subprocess.Popen(
            [BIHUAN, *map(str, command)],
            env=self.environment,
            cwd=self.folder,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def start_server(self, port: int, *, log: IO[bytes]) -> subprocess.Popen[bytes]:
        """The site with two workers, once it answers."""
        server = self.start("serve", "--port", port, "--workers", 2, log=log)
        until = time.monotonic() + SECONDS
        while not Visitor(address_of(port)).answers("/healthz"):
            assert time.monotonic() < until, "the server does not answer"
            assert server.poll() is None, "the server ended"
            time.sleep(0.05)
        return server

    def _run(
        self, arguments: Sequence[object], settings: Mapping[str, str], out: IO[bytes] | int
    ) -> Answer:
        done = subprocess.run(
            [BIHUAN, *map(str, arguments)],
            env={**self.environment, **settings},
            stdout=out,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            timeout=SECONDS,
            check=False,
        )
        return Answer(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())


def address_of(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def kill(process: subprocess.Popen[bytes]) -> None:
    """End the process and its group, with no chance to clear up."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def serving(office: Installation) -> Iterator[str]:
    """The address of the site, as long as the block lasts."""
    port = free_port()
    with (office.folder / "log").open("ab") as log:
        server = office.start_server(port, log=log)
        try:
            yield address_of(port)
        finally:
            kill(server)


def on_sqlite(folder: Path) -> Installation:
    return Installation(folder, f"{SQLITE}{folder / 'bihuan.sqlite3'}")


@contextmanager
def on_postgresql(folder: Path) -> Iterator[Installation]:
    """Empty: on a database of its own beside that of the tests."""
    with migrated.database("faults") as url:
        yield Installation(folder, url)


def ready(installation: Installation) -> Installation:
    """With its secret, its schema and the demo's district: a copy of one that is made once."""
    keys = installation.folder / "keys"
    keys.mkdir(exist_ok=True)
    (keys / "bihuan_secret_key").write_text(SECRET)
    if installation.database_url.startswith(SQLITE):
        Path(installation.database_url.removeprefix(SQLITE)).write_bytes(_made_file())
    else:
        name = urlsplit(installation.database_url).path.removeprefix("/")
        migrated.on_server(
            f'DROP DATABASE "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{_made_database()}"',
        )
    return installation


@cache
def _made_file() -> bytes:
    with TemporaryDirectory() as folder:
        office = on_sqlite(Path(folder))
        _make(office)
        return Path(office.database_url.removeprefix(SQLITE)).read_bytes()


@cache
def _made_database() -> str:
    """Its name; it goes when this process ends."""
    until_the_end = ExitStack()
    atexit.register(until_the_end.close)
    folder = until_the_end.enter_context(TemporaryDirectory())
    office = until_the_end.enter_context(on_postgresql(Path(folder)))
    _make(office)
    return urlsplit(office.database_url).path.removeprefix("/")


def _make(installation: Installation) -> None:
    migrated.fill(installation.database_url)
    done = installation.run("load-district", DISTRICT)
    assert done.status == 0, done.err
