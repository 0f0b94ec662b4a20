"""`python -m tools.hostile_pictures`: upload four hostile pictures at once while requesting a page.

Prints for each picture the memory of all server processes, the slowest response of the page
meanwhile, and the answer. See docs/decisions/0034.
"""

import io
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from PIL import Image

from tools import postgres
from tools.processes import started, stop_when_told
from tools.visitor import Visitor

AT_ONCE = 4
MEBIBYTE = 1024 * 1024
SECONDS_TO_START = 60
BIHUAN = str(Path(sys.executable).parent / "bihuan")
FORM = "/report/hazard/"
PAGE = "/report/"


def main() -> None:
    stop_when_told()
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as (port, process):
        print(f"at rest: {_memory(process) // MEBIBYTE} MiB")
        for name, data in _pictures():
            print(f"{name}, {len(data):,} bytes: {_measured(port, process, data)}", flush=True)


def _pictures() -> Iterator[tuple[str, bytes]]:
    yield "WebP of 7071 x 7071", _webp(7071, 7071)
    yield "WebP of 4500 x 4500, the largest taken", _encoded("WEBP", 4500, 4500, lossless=True)
    yield "PNG of 9000 x 4600, the largest taken", _encoded("PNG", 9000, 4600)
    yield "progressive JPEG of 6700 x 6700", _encoded("JPEG", 6700, 6700, progressive=True)
    yield "JPEG cut off in the middle", _encoded("JPEG", 4000, 3000)[:20_000]


def _webp(width: int, height: int) -> bytes:
    """Only a header: even the largest refused picture need not be created in full."""
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + bits.to_bytes(4, "little") + bytes(2001)
    chunk = b"VP8L" + len(body).to_bytes(4, "little") + body
    return b"RIFF" + (4 + len(chunk)).to_bytes(4, "little") + b"WEBP" + chunk


def _encoded(kind: str, width: int, height: int, **options: bool) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "grey").save(out, kind, **options)
    return out.getvalue()


# ----------------------------------------------------------------------- server
@contextmanager
def _serving(folder: Path) -> Iterator[tuple[int, int]]:
    """Run the production server on an empty installation; yields its port and process."""
    port = postgres.free_port()
    environment = {
        **os.environ,
        "BIHUAN_VAR": str(folder),
        "BIHUAN_SECRET_KEY": secrets.token_urlsafe(50),
        "BIHUAN_SEAL_KEYS": urlsafe_b64encode(os.urandom(32)).decode(),
    }
    subprocess.run([BIHUAN, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    command = [BIHUAN, "serve", "--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    with (
        (folder / "log").open("w") as log,
        started(command, environment, log.fileno()) as process,
    ):
        until = time.monotonic() + SECONDS_TO_START
        while not Visitor(f"http://127.0.0.1:{port}").answers("/healthz"):
            if time.monotonic() > until:
                raise SystemExit("the server did not start")
            time.sleep(0.2)
        yield port, process.pid


def _memory(process: int) -> int:
    """Return the memory of the process and its descendants, in bytes."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int(
                (folder / "stat").read_text().rpartition(")")[2].split()[1]
            )
        except (OSError, IndexError):
            continue
    family = {process}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(map(_resident, family))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


# ---------------------------------------------------------------------- measure
def _measured(port: int, process: int, data: bytes) -> str:
    answers: list[str] = []
    senders = [
        threading.Thread(target=lambda: answers.append(_sent(port, data))) for _ in range(AT_ONCE)
    ]
    began, peak = time.monotonic(), 0
    for sender in senders:
        sender.start()
    watched = threading.Event()
    pages: list[float] = []
    asker = threading.Thread(target=_asked, args=(port, watched, pages))
    asker.start()
    while any(sender.is_alive() for sender in senders):
        peak = max(peak, _memory(process))
        time.sleep(0.02)
    took = time.monotonic() - began
    watched.set()
    asker.join()
    said = ", ".join(sorted(answers))
    return (
        f"peak {peak // MEBIBYTE} MiB, all answered after {took:.1f} s, "
        f"slowest of {len(pages)} pages {max(pages, default=0):.2f} s; answered {said}"
    )


def _asked(port: int, over: threading.Event, pages: list[float]) -> None:
    while not over.is_set():
        began = time.monotonic()
        _request(port, "GET", PAGE)
        pages.append(time.monotonic() - began)


def _sent(port: int, data: bytes) -> str:
    """Send a form with one picture; return the result in one word."""
    edge = uuid.uuid4().hex
    head = 'Content-Disposition: form-data; name="photos"; filename="p"\r\n\r\n'
    step = 'Content-Disposition: form-data; name="go"\r\n\r\nnext'
    body = (
        f"--{edge}\r\n{step}\r\n--{edge}\r\n{head}".encode() + data + f"\r\n--{edge}--\r\n".encode()
    )
    kind = f"multipart/form-data; boundary={edge}"
    return _request(port, "POST", FORM, body, {"Content-Type": kind})


def _request(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        response.read()
        refused = "wrong=1" in response.headers.get("Location", "")
        return f"{response.status}{' (refused)' if refused else ''}"
    finally:
        connection.close()


if __name__ == "__main__":
    main()
