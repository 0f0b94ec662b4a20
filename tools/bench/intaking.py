"""Load from the public: reports compared with the peer's form, tracking, and the reports of a
week.
"""

import json
import os
import secrets
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from PIL import Image

from tools import postgres
from tools.bench import helpdesk
from tools.bench.archives import Archive
from tools.bench.ground import Database, Ground
from tools.bench.load import Answered
from tools.bench.report import Line
from tools.bench.serving import Server, serving
from tools.visitor import Visitor

ROUNDS, WARM_UP = 3, 1.0
# A round, and one of a trial of the measurements, on a small archive.
SECONDS, SHORT, SMALL = 8.0, 2.0, 20_000
MOST_A_SECOND = 700  # more forms than any server can accept
TIMES_THE_PEER = 3
TRACKED_WITHIN_MS = 50
LOOKERS = 2
# Each of the server's processes accepts three photos at a time and answers others with 503
# (`bihuan.files.photos`), and all clients may have been connected to the same process.
PHOTOGRAPHERS = 3
PHOTO_BYTES, PHOTOS = 2_000_000, 400
SAID = {
    "title": "小区消防通道被电动车堵住",
    "description": "三号楼东单元楼下长期停放电动车，堵住消防通道，已经两个多月了，请派人处理。",
    "place": "幸福小区三号楼东单元",
}
# No person sends a form within three seconds of opening it.
READING = 3.5
FORM = ["/report/grievance/"]
BOUNDARY = "bihuanbench"
# A browser that keeps cookies, as nearly all do (`bihuan.portal.views.receipt`).
COOKIE = "bihuan_keeps=1"
KILLED, SECONDS_OF_LIFE = 3, 20


@dataclass(frozen=True)
class Portal:
    """The server, the number of cases in its archive, and the length of a round."""

    server: Server
    cases: int
    seconds: float
    # Opened some time ago and not sent yet.
    forms: Iterator[str]

    def send(self, *, follow: bool) -> Answered:
        """Send different forms for one round."""
        return self.server.ask(
            FORM,
            COOKIE,
            seconds=self.seconds,
            warm_up=WARM_UP,
            bodies=list(islice(self.forms, int(MOST_A_SECOND * self.seconds))),
            follow=follow,
        )


def measure(ground: Ground, archives: Sequence[Archive]) -> Iterator[Line]:
    """Measure everything at each size; the peer at the smaller one, alternating with bihuan."""
    small = archives[0]
    seconds = SHORT if small.cases < SMALL else SECONDS
    with serving(small.database) as server, helpdesk.serving(ground, small.cases) as peer:
        forms = _forms(small.database, 2 * ROUNDS * int(MOST_A_SECOND * seconds))
        portal = Portal(server, small.cases, seconds, iter(forms))
        yield from _beside_peer(portal, peer)
        yield _with_photo(portal, ground.folder)
    for archive in archives:
        with serving(archive.database) as server:
            yield _tracking(server, archive)


# --------------------------------------------------------------------- reports
def _beside_peer(portal: Portal, peer: int) -> Iterator[Line]:
    for follow, more in ((False, ""), (True, ", and the page that it leads to")):
        ours: list[Answered] = []
        theirs: list[Answered] = []
        for _ in range(ROUNDS):
            ours.append(portal.send(follow=follow))
            theirs.append(_send_peer(portal, peer, follow=follow))
        rate, other = (median(each.a_second for each in rounds) for rounds in (ours, theirs))
        yield Line(
            f"django-helpdesk's public form, text{more}",
            f"{portal.cases:,} tickets",
            _said(theirs, other),
        )
        yield Line(
            f"portal, finished report, text{more}",
            f"{portal.cases:,} cases",
            _said(ours, rate),
            f"at least {TIMES_THE_PEER} times the peer: {rate / other:.2f} times",
            rate >= TIMES_THE_PEER * other,
            {"a_second": rate, "times_the_peer": rate / other},
        )


def _said(rounds: Sequence[Answered], rate: float) -> str:
    spent = sorted(each for answered in rounds for each in answered.milliseconds)
    p50, p95 = (spent[int(part * (len(spent) - 1))] for part in (0.5, 0.95))
    return f"{rate:.0f} a second, p50 {p50:.0f} p95 {p95:.0f} ms"


def _forms(database: Database, count: int) -> list[str]:
    """Return completed forms that were opened some time ago."""
    told = json.loads(database.inside("forms", count).last_line)
    time.sleep(READING)
    common = {**SAID, "unit": told["unit"], "go": "send", "step": "check"}
    return [urlencode({**common, "form": token}) for token in told["tokens"]]


def _send_peer(portal: Portal, port: int, *, follow: bool) -> Answered:
    secret = secrets.token_hex(16)
    said = {"queue": "1", "title": SAID["title"], "body": SAID["description"], "priority": "3"}
    bodies = [
        urlencode(
            {**said, "csrfmiddlewaretoken": secret, "submitter_email": f"someone{n}@example.org"}
        )
        for n in range(int(MOST_A_SECOND * portal.seconds))
    ]
    return Server(port, portal.server.database).ask(
        [helpdesk.FORM],
        f"csrftoken={secret}",
        seconds=portal.seconds,
        warm_up=WARM_UP,
        bodies=bodies,
        follow=follow,
    )


def _with_photo(portal: Portal, folder: Path) -> Line:
    database = portal.server.database
    told = json.loads(database.inside("forms", PHOTOS).last_line)
    time.sleep(READING)
    fields = {**SAID, "unit": told["unit"], "go": "send", "step": "check"}
    answered = portal.server.ask(
        FORM,
        COOKIE,
        seconds=SECONDS,
        warm_up=WARM_UP,
        clients=PHOTOGRAPHERS,
        bodies=[_multipart({**fields, "form": token}) for token in told["tokens"]],
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
        file=str(_photo(folder)),
        retry=True,  # on a busy machine a photo may wait too long for the one before it
    )
    return Line(
        "portal, finished report with a photo of 2 MB, three at once",
        f"{portal.cases:,} cases",
        _said([answered], answered.a_second),
        figures={"a_second": answered.a_second},
    )


def _photo(folder: Path) -> Path:
    """Create a photo of twelve megapixels and about two megabytes, like one from a phone."""
    path = folder / "photo.jpg"
    noise = Image.effect_noise((1000, 750), 60).resize((4000, 3000), Image.Resampling.BICUBIC)
    picture = noise.convert("RGB")
    for quality in range(95, 20, -5):
        picture.save(path, "JPEG", quality=quality)
        if path.stat().st_size <= PHOTO_BYTES:
            break
    return path


def _multipart(fields: dict[str, str]) -> str:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="photos"; filename="p.jpg"'
    parts.append(f"--{BOUNDARY}\r\n{head}\r\nContent-Type: image/jpeg\r\n\r\n{{file}}\r\n")
    return "".join(parts) + f"--{BOUNDARY}--\r\n"


# -------------------------------------------------------------------- tracking
def _tracking(server: Server, archive: Archive) -> Line:
    """Measure the page of a case with a history, for the holder of its code."""
    code = json.loads(server.database.inside("tracked").last_line)["code"]
    visitor = Visitor(f"http://127.0.0.1:{server.port}")
    visitor.send("/track/", {"code": code})
    asked = server.ask(
        ["/track/case/"], visitor.cookies(), seconds=4.0, warm_up=1.0, clients=LOOKERS
    )
    spent = asked.milliseconds
    p95 = spent[int(0.95 * (len(spent) - 1))]
    return Line(
        "tracking page, two at once",
        f"{archive.cases:,} cases",
        _said([asked], asked.a_second),
        f"p95 under {TRACKED_WITHIN_MS} ms",
        p95 < TRACKED_WITHIN_MS,
        {"a_second": asked.a_second, "p95_ms": p95},
    )


# ------------------------------------------------------------------------ week
def week(ground: Ground, reports: int) -> Iterator[Line]:
    """Send a hotline's weekly reports at once while the server is killed repeatedly; each form
    is retried until accepted.
    """
    database = ground.database("week")
    bodies = _forms(database, reports)
    began = time.perf_counter()
    sent = threading.Event()
    with _killed_now_and_then(database, sent) as server:
        server.ask(
            ["/report/grievance/"], COOKIE, seconds=86_400, warm_up=0, bodies=bodies, retry=True
        )
        seconds = time.perf_counter() - began
    found = json.loads(database.inside("counted").last_line)
    counts = {found["cases"], found["forms"], found["codes"], reports}
    yield Line(
        "a hotline's week of reports, the server killed three times",
        f"{reports:,} forms",
        f"{found['cases']:,} cases, {found['codes']:,} codes; {reports / seconds:.0f} a second",
        "none lost, none doubled, the journal verifies",
        len(counts) == 1 and bool(found["ok"]),
        {"seconds": seconds},
    )


@contextmanager
def _killed_now_and_then(database: Database, over: threading.Event) -> Iterator[Server]:
    """Run a server that is killed three times, and restarted each time."""
    port = postgres.free_port()
    up = threading.Event()

    def live() -> None:
        for life in range(KILLED + 1):
            with serving(database, port) as server:
                up.set()
                over.wait(None if life == KILLED else SECONDS_OF_LIFE)
                if not over.is_set():
                    os.killpg(server.group, signal.SIGKILL)

    thread = threading.Thread(target=live)
    thread.start()
    up.wait()
    try:
        yield Server(port, database)
    finally:
        over.set()
        thread.join()
