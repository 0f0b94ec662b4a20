"""django-helpdesk, installed and served separately: the peer for the portal's form."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from tools import postgres
from tools.apart import NotInstalled, python_with
from tools.bench.ground import Ground
from tools.bench.measured import Failed, run
from tools.bench.serving import SECONDS_TO_START, WORKERS
from tools.processes import started
from tools.visitor import Visitor

THREADS = 4
FORM = "/tickets/submit/"


@contextmanager
def serving(ground: Ground, tickets: int) -> Iterator[int]:
    """Run its server with this number of tickets until the end of the block; yields the port."""
    try:
        python = python_with("peer")
    except NotInstalled as error:
        raise Failed(f"the peer could not be installed:\n{error}") from error
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
