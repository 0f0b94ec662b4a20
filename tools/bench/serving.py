"""The production server on an archive, and a signed-in session."""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TypedDict, Unpack
from urllib.request import ProxyHandler, Request, build_opener

from tools import postgres
from tools.bench.district import PASSWORD
from tools.bench.ground import BIHUAN, PYTHON, Database
from tools.bench.load import Answered, Plan
from tools.bench.measured import Failed
from tools.processes import started
from tools.visitor import Visitor

WORKERS, CLIENTS = 2, 8


class Form(TypedDict, total=False):
    """A form to POST (`tools.bench.load.Plan`)."""

    bodies: list[str]
    content_type: str
    file: str
    retry: bool
    follow: bool


SECONDS_TO_START = 60


@dataclass(frozen=True)
class Server:
    """`bihuan serve` with two workers, on its own port."""

    port: int
    database: Database
    group: int = 0  # of its processes

    def cookie_of(self, username: str) -> str:
        visitor = Visitor(f"http://127.0.0.1:{self.port}")
        visitor.sign_in(username, PASSWORD)
        return visitor.cookies()

    def rows(self, path: str, cookie: str) -> int:
        """Return how many rows the page shows."""
        request = Request(f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": cookie})
        with build_opener(ProxyHandler({})).open(request, timeout=60) as answer:
            return int(answer.read().count(b"data-row"))

    def ask(
        self,
        paths: list[str],
        cookie: str,
        *,
        seconds: float,
        warm_up: float,
        clients: int = CLIENTS,
        **form: Unpack[Form],
    ) -> Answered:
        """Run this number of clients, each with one connection and one request at a time."""
        plan = Plan(self.port, cookie, paths, clients, seconds, 5_000, warm_up, **form)
        command = [PYTHON, "-m", "tools.bench.load"]
        done = subprocess.run(
            command, input=json.dumps(asdict(plan)), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Failed(done.stderr[-2000:].strip())
        return Answered(**json.loads(done.stdout))


@contextmanager
def serving(database: Database, port: int = 0) -> Iterator[Server]:
    """Run the server until the end of the block; killed at once if the block says so."""
    port = port or postgres.free_port()
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS)]
    with (
        tempfile.TemporaryFile() as log,
        started([BIHUAN, "serve", *arguments], database.environment, log.fileno()) as process,
    ):
        until = time.monotonic() + SECONDS_TO_START
        while not Visitor(f"http://127.0.0.1:{port}").answers("/healthz"):
            if process.poll() is not None or time.monotonic() > until:
                log.seek(0)
                raise Failed(f"bihuan serve did not start:\n{log.read()[-2000:].decode()}")
            time.sleep(0.1)
        yield Server(port, database, process.pid)
