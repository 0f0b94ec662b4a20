"""A temporary PostgreSQL server, started on a free port in a temporary folder.

`python -m tools.postgres COMMAND ...` runs a command with its URL in BIHUAN_DATABASE_URL.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.processes import started, stop_when_told

# Only the tests trade safety for speed; measurements use PostgreSQL's defaults. Statistics
# collected between two tests say that every table is empty, and queries that then fill one get bad
# plans: an import took 137 s instead of 5.
HASTY = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"


class NoPostgres(Exception):
    """PostgreSQL is not installed, or does not start; the text says which."""


@dataclass(frozen=True)
class Cluster:
    """The data folder of a server, and the account it runs under."""

    programs: Path
    folder: Path
    owner: pwd.struct_passwd

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as that account, since root may not."""
        root = os.geteuid() == 0
        with (self.folder / "log").open("a") as log:
            done = subprocess.run(
                [self.programs / program, *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self.owner.pw_uid if root else None,
                group=self.owner.pw_gid if root else None,
                extra_groups=[] if root else None,
                check=False,
            )
        if done.returncode:
            raise NoPostgres(f"{program} failed:\n{(self.folder / 'log').read_text()}")


@contextmanager
def running(*, hasty: bool) -> Iterator[str]:
    """Yield the URL of an empty database on a server that runs until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="bihuan-postgres-"))
    try:
        cluster = Cluster(programs(), folder, _owner())
        address = _make(cluster, hasty=hasty)
        try:
            cluster.run("pg_ctl", "start", "--wait", "-D", str(cluster.data), "-l", "server.log")
            yield address
        finally:
            if (cluster.data / "postmaster.pid").exists():
                cluster.run("pg_ctl", "stop", "-D", str(cluster.data), "--mode", "immediate")
    finally:
        shutil.rmtree(folder)


def programs() -> Path:
    """Return Debian's folder with the newest server; other programs named `postgres` are
    ignored.
    """
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise NoPostgres("PostgreSQL is not installed. As root: apt-get install postgresql")
    return max(found, key=lambda program: int(program.parts[-3])).parent


def _owner() -> pwd.struct_passwd:
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _make(cluster: Cluster, *, hasty: bool) -> str:
    """Initialise the data folder of a server and return its URL."""
    password, port = secrets.token_urlsafe(), free_port()
    secret = cluster.folder / "password"
    secret.write_text(password)
    if os.geteuid() == 0:
        for path in (cluster.folder, secret):
            os.chown(path, cluster.owner.pw_uid, cluster.owner.pw_gid)
    cluster.run(
        *("initdb", "-D", str(cluster.data), "--username=bihuan", f"--pwfile={secret}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
    )
    with (cluster.data / "postgresql.conf").open("a") as settings:
        settings.write(f"port = {port}\nlisten_addresses = '127.0.0.1'\n")
        settings.write("unix_socket_directories = ''\nshared_buffers = 256MB\n")
        settings.write(HASTY if hasty else "")
    return f"postgres://bihuan:{password}@127.0.0.1:{port}/postgres"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: Sequence[str]) -> int:
    stop_when_told()
    try:
        with running(hasty=True) as address:
            environment = os.environ | {"BIHUAN_DATABASE_URL": address}
            with started(command, environment) as process:
                return process.wait()
    except NoPostgres as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
