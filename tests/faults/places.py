"""An installation with something in it, an empty one beside it, and a backup between them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from tests import migrated
from tests.faults.processes import (
    SECRET,
    SQLITE,
    Answer,
    Forking,
    Installation,
    on_postgresql,
    on_sqlite,
)

KEY = urlsafe_b64encode(b"backup-key-of-the-tests-00000000").decode()
FILES, BYTES = 5, 50_000
SECONDS = 60
UNFINISHED = "restore.unfinished"


@dataclass(frozen=True)
class Place:
    """An installation with something in it, and an empty one."""

    office: Installation
    other: Installation
    folder: Path
    paths: list[str]

    @property
    def out(self) -> Path:
        return self.folder / "backup"

    @property
    def key(self) -> Path:
        return self.folder / "key"

    def back_up(self, *options: object) -> Answer:
        return self.office.run("backup", self.out, *options)

    def restore(self, *options: object) -> Answer:
        return self.other.run("restore", self.out, *options)


@contextmanager
def empty(like: Installation, folder: Path) -> Iterator[Installation]:
    folder.mkdir()
    if like.database_url.startswith(SQLITE):
        yield on_sqlite(folder)
    else:
        with on_postgresql(folder) as other:
            yield replace(other, schema=migrated.statements())


def prepared(office: Installation, other: Installation, folder: Path) -> Place:
    key = folder / "key"
    key.touch(mode=0o600)
    key.write_text(KEY)
    (other.folder / "keys").mkdir()
    (other.folder / "keys" / "bihuan_secret_key").write_text(SECRET)
    return Place(office, other, folder, planted(office, FILES, BYTES))


def planted(office: Installation, count: int, size: int) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.planted", str(count), str(size)],
        env={**office.environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def media(installation: Installation) -> dict[str, str]:
    """Each stored file and the digest of its bytes."""
    root = installation.folder / "media"
    return {
        path.relative_to(root).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in root.glob("??/??/*")
    }


def figures(answer: Answer) -> dict[str, object]:
    found: dict[str, object] = json.loads(answer.out.splitlines()[-1])
    return found


def journal(installation: Installation | Forking) -> dict[str, object]:
    done = installation.run("journal", "verify", "--json")
    assert done.status == 0, done
    return {name: figures(done)[name] for name in ("entries", "chains", "ok")}


def refused(answer: Answer, *words: str) -> None:
    assert (answer.status, answer.out) == (2, ""), answer
    # How far it was may stand before it, where the machine is slow.
    assert all(" % (" in line for line in answer.err.splitlines()[:-1]), answer.err
    for word in words:
        assert word in answer.err, answer.err


def run_inside(office: Installation, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**office.environment, "PYTHONPATH": ""},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
