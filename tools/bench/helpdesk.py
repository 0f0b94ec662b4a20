"""django-helpdesk, installed apart and served as bihuan is: the peer of the portal's form."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tools import postgres
from tools.bench.ground import Ground
from tools.bench.measured import Failed, run
from tools.bench.serving import SECONDS_TO_START, WORKERS
from tools.processes import started
from tools.visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / "var" / "peer"
THREADS = 4
FORM = "/tickets/submit/"


@contextmanager
def serving(ground: Ground, tickets: int) -> Iterator[int]:
    """Its server with so many tickets, until the end of the block; answers the port."""
    python = _installed()
    with psycopg.connect(ground.server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier("peer")))
    environment = ground.environment | {
        "PEER_DATABASE_URL": ground.server.rpartition("/")[0] + "/peer",
        "DJANGO_SETTINGS_MODULE": "tools.bench.peer.settings",
    }
    run([python, "-m", "django", "migrate", "--verbosity", "0"], environment)
    run([python, "-m", "tools.bench.peer.fill", str(tickets)], environment)
    port = postgres.free_port()
    serve = [python, "-m", "gunicorn", "--workers", str(WORKERS), "--threads", str(THREADS)]
    serve += ["--bind", f"127.0.0.1:{port}", "tools.bench.peer.wsgi"]
    with tempfile.TemporaryFile() as log, started(serve, environment, log.fileno()) as process:
        until = time.monotonic() + SECONDS_TO_START
        while not Visitor(f"http://127.0.0.1:{port}").answers(FORM):
            if process.poll() is not None or time.monotonic() > until:
                log.seek(0)
                raise Failed(f"the peer did not start:\n{log.read()[-2000:].decode()}")
            time.sleep(0.1)
        yield port


def _installed() -> str:
    """The interpreter of a virtual environment with exactly the locked packages of the peer."""
    python, done = VENV / "bin" / "python", VENV / ".installed"
    locked = (ROOT / "requirements" / "peer.txt").read_text()
    if not done.is_file() or done.read_text() != locked:
        _do([sys.executable, "-m", "venv", "--clear", str(VENV)])
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
        wanted = str(ROOT / "requirements" / "peer.txt")
        _do([str(python), "-m", "pip", "install", *options, "-r", wanted])
        done.write_text(locked)
    return str(python)


def _do(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"the peer could not be installed:\n{done.stderr[-2000:]}")
