"""`make demo`: a district with real ledgers, a worker and a server, on the developer's machine.

PORT= chooses another port, RESET=1 starts over, SMOKE=1 visits the first pages and ends. RELOAD=1
(`make run`) restarts the server when code changes, and shows errors in full.
"""

import base64
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tools import demo_outlines, sample_ledger
from tools.processes import started, stop_when_told
from tools.visitor import Unexpected, Visitor

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
DISTRICT = ROOT / "bihuan" / "orgs" / "data" / "demo_district.toml"
BUNDLED = "bihuan/hazards/ledger"
SAMPLE = VAR / "sample_hazards.xlsx"
OUTLINES = VAR / "boundaries.geojson"
ZONE = ZoneInfo("Asia/Shanghai")
LOADED = VAR / "demo-loaded"
CODES = VAR / "demo-codes.json"
DATABASE = VAR / "bihuan.sqlite3"
HOST = "127.0.0.1"
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Ledger:
    """One bundled workbook, and the options for importing it."""

    file: str
    kind: str
    unit: str
    mapping: str = ""

    @property
    def arguments(self) -> list[str]:
        chosen = ["--map", str(ROOT / self.mapping)] if self.mapping else []
        return [str(ROOT / self.file), "--kind", self.kind, "--unit", self.unit, *chosen]


# What the demo imports, in this order; a refused row is a finding, not a failure. Baltimore's
# requests go to a separate unit outside the county, so as not to swamp its ledger.
LEDGERS = (
    Ledger(f"var/{SAMPLE.name}", "hazard", "530499"),
    Ledger(
        f"{BUNDLED}/real/baltimore_311.csv",
        "hazard",
        "open-baltimore",
        f"{BUNDLED}/maps/baltimore_311.toml",
    ),
)

# Enough people to work through all steps of a hazard, the coordinator first.
PEOPLE = (
    *("su.wanqing", "tian.xiaolong", "lin.xiaomei", "qiao.an", "he.jing"),
    *("ding.yifan", "bai.ruolan", "ou.yangfan", "jiang.suyun", "hou.dewang"),
    "dou.qing",
)


class DemoFailed(Exception):
    """The demo cannot continue; the text gives the reason."""


def main() -> int:
    stop_when_told()
    smoke = os.environ.get("SMOKE") == "1"
    try:
        port = _port(os.environ.get("PORT", "8000"), any_free=smoke)
        if os.environ.get("RESET") == "1":
            _forget()
        _prepare()
        with _running(port) as (address, processes):
            if smoke:
                _visit(address)
            else:
                print(_welcome(address), flush=True)
                _watch(processes)
    except (DemoFailed, Unexpected) as failure:
        print(f"demo failed: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    if smoke:
        print(f"demo ready {address}", flush=True)
    return 0


# ------------------------------------------------------------------- preparing
def _port(wanted: str, *, any_free: bool) -> int:
    """Return the requested port; any free one if no fixed port is needed."""
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        raise DemoFailed(f"PORT={wanted} is not a port")
    with socket.socket() as probe:
        # As the server does, so that a recently used port counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(wanted)))
        except OSError as error:
            if not any_free:
                other = int(wanted) % 65535 + 1
                raise DemoFailed(f"port {wanted}: {error.strerror}; try PORT={other}") from error
            probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _forget() -> None:
    for path in (*VAR.glob(f"{DATABASE.name}*"), LOADED, CODES):
        path.unlink(missing_ok=True)
    shutil.rmtree(VAR / "media", ignore_errors=True)


def _prepare() -> None:
    """Create keys, schema, static files and, the first time, the district and its ledgers."""
    if not DATABASE.exists():
        LOADED.unlink(missing_ok=True)
    _make_keys()
    if not LOADED.exists():
        print("preparing the database; the first start takes some minutes", flush=True)
    _bihuan("migrate", "--verbosity", "0")
    if LOADED.exists():
        return
    _bihuan("load-district", str(DISTRICT))
    demo_outlines.write(OUTLINES)
    _bihuan("load-boundaries", str(OUTLINES))
    _bihuan("load-categories")
    _bihuan("load-checklists")
    # Generated for today, so that some cases are overdue and some due, whatever the date.
    today = datetime.now(ZONE).date()  # noqa: TID251 - a command reads the clock once
    sample_ledger.write(SAMPLE, today)
    for ledger in LEDGERS:
        print(f"importing {ledger.file}", flush=True)
        _bihuan("import", *ledger.arguments, findings=True)
    print("adding what officers found and mended, with pictures", flush=True)
    _act_out("tools.demo_desk")
    _act_out("tools.demo_sites")
    _act_out("tools.demo_visits")
    _act_out("tools.demo_risks")
    _act_out("tools.demo_inspections")
    _act_out("tools.demo_plans")
    _act_out("tools.demo_major")
    print("adding what the public reported", flush=True)
    codes = _act_out("tools.demo_public")
    if codes:
        CODES.write_text(codes)
    LOADED.touch()


def _act_out(module: str) -> str:
    """Let people of the district act, and return what the module prints."""
    told = subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env=_environment() | {"DJANGO_SETTINGS_MODULE": "bihuan.settings"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if told.returncode:
        raise DemoFailed(f"{module}: status {told.returncode}")
    return told.stdout.strip()


def _make_keys() -> None:
    """Create keys for this machine's demo, once, next to its data."""
    keys = VAR / "keys"
    keys.mkdir(parents=True, exist_ok=True)
    keys.chmod(0o700)
    made = {
        "bihuan_secret_key": secrets.token_urlsafe(50),
        "bihuan_seal_keys": base64.urlsafe_b64encode(os.urandom(32)).decode(),
    }
    for name, key in made.items():
        if not (keys / name).exists():
            (keys / name).touch(mode=0o600)
            (keys / name).write_text(key)


def _environment() -> dict[str, str]:
    """Return environment variables that keep the demo away from any real installation."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BIHUAN_")}
    # Works when restarted after weeks: a wrong clock cannot erase real seals here.
    return own | {"BIHUAN_VAR": str(VAR), "BIHUAN_TEST_CLOCK": "1", "PYTHONUNBUFFERED": "1"}


def _spoken() -> str:
    """Return the language of the refused rows: the chosen one, else that of the terminal."""
    if chosen := os.environ.get("BIHUAN_LANGUAGE"):
        return chosen
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    terminal = next(filter(None, names), "")
    return "zh-hans" if terminal.lower().startswith("zh") else "en"


def _bihuan(*arguments: str, findings: bool = False) -> None:
    command = [str(_program()), *arguments]
    # Only what is printed depends on the language; what is stored and served does not.
    environment = _environment() | ({"BIHUAN_LANGUAGE": _spoken()} if findings else {})
    status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if status not in ((0, 1) if findings else (0,)):
        what = " ".join([Path(command[0]).name, *arguments])
        raise DemoFailed(f"“{what}” ended with status {status}")


def _program() -> Path:
    return Path(sys.executable).with_name("bihuan")


# --------------------------------------------------------------------- running
@contextmanager
def _running(port: int) -> Iterator[tuple[str, dict[str, subprocess.Popen[str]]]]:
    """Run the worker and the server until the end of the block."""
    address = f"http://{HOST}:{port}"
    server = [str(_program()), "serve", "--host", HOST, "--port", str(port)]
    environment = _environment()
    if os.environ.get("RELOAD") == "1":
        server = [sys.executable, "manage.py", "runserver", f"{HOST}:{port}"]
        environment["BIHUAN_DEBUG"] = "1"
    commands = {"worker": [str(_program()), "work"], "server": server}
    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(started(command, environment))
            for name, command in commands.items()
        }
        _wait_until_alive(address, processes)
        yield address, processes


def _wait_until_alive(address: str, processes: dict[str, subprocess.Popen[str]]) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while not Visitor(address).answers("/healthz"):
        _require_running(processes)
        if time.monotonic() > until:
            raise DemoFailed(f"{address}/healthz did not answer in {SECONDS_TO_START} s")
        time.sleep(0.1)


def _watch(processes: dict[str, subprocess.Popen[str]]) -> None:
    """Wait until Ctrl-C, or until one of the two exits."""
    while True:
        _require_running(processes)
        time.sleep(0.5)


def _require_running(processes: dict[str, subprocess.Popen[str]]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise DemoFailed(f"the {name} ended with status {process.returncode}")


# ------------------------------------------------------------------- the people
@dataclass(frozen=True)
class District:
    """What the demo prints about the loaded district."""

    password: str
    posts: dict[str, str]

    @classmethod
    def read(cls) -> "District":
        told = tomllib.loads(DISTRICT.read_text())
        names = {officer["username"]: officer["name"] for officer in told["officers"]}
        posts = {
            tenure["officer"]: f"{names[tenure['officer']]} {tenure['post']}"
            for tenure in reversed(told["tenures"])
        }
        return cls(told["district"]["password"], posts)


def _welcome(address: str) -> str:
    district = District.read()
    width = max(map(len, PEOPLE))
    people = [f"  {who.ljust(width)}  {district.posts[who]}" for who in PEOPLE]
    sign_in = f"Sign in with the password {district.password} as"
    told = json.loads(CODES.read_text()) if CODES.exists() else {}
    codes = [f"  {' '.join(re.findall('....', code))}  {what}" for what, code in told.items()]
    track = f"Follow a report at {address}/track/ with the code"
    lines = ["", f"bihuan is at {address}", "", sign_in, *people, ""]
    return "\n".join([*lines, track, *codes, "", "Ctrl-C stops it."])


def _visit(address: str) -> None:
    """Visit the first pages anonymously, and the desk as an officer."""
    visitor = Visitor(address)
    for path in ("/healthz", "/", "/report/", "/track/", "/open/", "/sign-in/"):
        visitor.get(path)
    visitor.sign_in(PEOPLE[0], District.read().password)
    visitor.get("/desk/")


if __name__ == "__main__":
    sys.exit(main())
