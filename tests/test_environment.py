"""Settings: each is read with its type, and anything else is refused by its name."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bihuan.environment import BadSettings, Environment
from tests.sources import ROOT

SECRET = "an-example-of-a-secret-for-the-tests-of-settings"
SEAL = "bmV3ZXN0LWtleS1mb3ItdGVzdHMtb25seS0wMDAwMDE="
HOST = "the name of a host"

Read = Callable[[Environment], object]


def switch(env: Environment) -> object:
    return env.switch("BIHUAN_IT")


def number(env: Environment) -> object:
    return env.number("BIHUAN_IT", 5, least=1, most=10)


def choice(env: Environment) -> object:
    return env.choice("BIHUAN_IT", "CN", ["CN", "GB-ENG"])


def zone(env: Environment) -> object:
    return env.zone("BIHUAN_IT", "Asia/Shanghai")


def hosts(env: Environment) -> object:
    return env.hosts("BIHUAN_IT", "localhost")


def address(env: Environment) -> object:
    return env.address("BIHUAN_IT", ("smtps", "smtp"), secret=True)


def sender(env: Environment) -> object:
    return env.sender("BIHUAN_IT")


def database(env: Environment) -> object:
    return env.database("BIHUAN_IT", "sqlite:///default")["NAME"]


def options(env: Environment) -> object:
    return env.database("BIHUAN_IT", "sqlite:///default")["OPTIONS"]


def secret(env: Environment) -> object:
    return env.secret("BIHUAN_IT")


def seal_keys(env: Environment) -> object:
    return env.seal_keys("BIHUAN_IT")


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (switch, "", False),
        (switch, "0", False),
        (switch, "1", True),
        (number, "", 5),
        (number, "10", 10),
        (choice, "", "CN"),
        (choice, "GB-ENG", "GB-ENG"),
        (zone, "Europe/London", "Europe/London"),
        (hosts, "", ["localhost"]),
        (hosts, "Bihuan.example.gov.cn, .example.cn,[::1],10.0.0.1", [
            "bihuan.example.gov.cn", ".example.cn", "[::1]", "10.0.0.1",
        ]),
        (address, "", ""),
        (address, "smtps://u:p%23@mail.example:465", "smtps://u:p%23@mail.example:465"),
        (sender, "bihuan@example.cn", "bihuan@example.cn"),
        (sender, "Office <bihuan@example.cn>", "Office <bihuan@example.cn>"),
        (database, "", "default"),
        (database, "sqlite:////srv/b.sqlite3", "/srv/b.sqlite3"),
        (database, "postgres:///bihuan", "bihuan"),
        (options, "postgresql://h/b?sslmode=verify-full&sslrootcert=/ca.pem",
            {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}),
        (secret, "", ""),
        (secret, SECRET, SECRET),
        (seal_keys, f"{SEAL}, {SEAL}", [SEAL, SEAL]),
    ],
)  # fmt: skip
def test_what_is_well_said_is_read(read: Read, text: str, value: object) -> None:
    env = Environment({"BIHUAN_IT": text})

    assert read(env) == value
    env.finish()


@pytest.mark.parametrize(
    ("read", "text", "why"),
    [
        *[(switch, text, "write 1 or 0") for text in ("yes", "on", "true", "True", " 1", "2")],
        (number, "x", "not a whole number"),
        (number, "1.5", "not a whole number"),
        (number, "0", "from 1 to 10"),
        (number, "11", "from 1 to 10"),
        (choice, "cn", "CN or GB-ENG"),
        (zone, "Shanghai", "Asia/Shanghai"),
        (zone, "../../etc/passwd", "Asia/Shanghai"),
        (hosts, "https://bihuan.example", "no scheme"),
        (hosts, "bihuan.example:443", "no port"),
        (hosts, "good.example,bad host", "bad host"),
        (address, "mail.example", HOST),
        (address, "http://mail.example", HOST),
        (address, "smtp://", HOST),
        (address, "smtp://mail.example:port", HOST),
        (address, "smtp://u:p#w@mail.example", "%XX"),
        (sender, "the office", "mail address"),
        (database, "mysql://u:hidden@h/b", "mysql://"),
        (database, "nonsense", "no database"),
        (database, "postgres://u:hidden@h/", "name of the database"),
        (database, "postgres://u:hidden@h:port/b", "not an address"),
        (database, "postgres://u:hid#den@h/b", "%XX"),
        (database, "postgres://u:hidden@h/b?sslmode=on", "sslmode=on"),
        (database, "postgres://u:hidden@h/b?ssl=true", "option ssl is not understood"),
        (database, "postgres://h/b?hidden@h", "what follows ? is not understood"),
        (database, "postgres://u:hidden@h/b?sslmode=", "sslmode"),
        (database, "sqlite://b.sqlite3", "three slashes"),
        (database, "sqlite:///b.sqlite3?mode=ro", "no options"),
        (secret, "x", "shorter than 32"),
        (secret, "a" * 60, "easily guessed"),
        *[(seal_keys, f"{SEAL},{key}", "key 2 is none") for key in ("short", "not base64 at all")],
    ],
)
def test_what_is_not_understood_is_refused_by_its_name(read: Read, text: str, why: str) -> None:
    env = Environment({"BIHUAN_IT": text})
    read(env)

    with pytest.raises(BadSettings, match=r"^BIHUAN_IT") as refused:
        env.finish()

    (fault,) = refused.value.faults
    assert why in fault
    assert "hid" not in fault
    assert len(fault.splitlines()) == 1


@pytest.mark.parametrize("name", ["BIHUAN_HTTP", "bihuan_https", "BIHUAN_HTPPS"])
def test_a_mistyped_name_is_refused_with_the_one_that_was_meant(name: str) -> None:
    env = Environment({name: "1", "HOME": "/"})
    env.switch("BIHUAN_HTTPS")

    with pytest.raises(BadSettings, match=f"^{name}: .* did you mean BIHUAN_HTTPS"):
        env.finish()


def test_everything_that_is_wrong_is_said_at_once() -> None:
    env = Environment({"BIHUAN_HTTPS": "yes", "BIHUAN_NOTHING_LIKE_IT": "1"})
    env.switch("BIHUAN_HTTPS")

    with pytest.raises(BadSettings) as refused:
        env.finish()

    assert len(refused.value.faults) == 2


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"BIHUAN_DEBUG": "1", "BIHUAN_SECRET_KEY": SECRET}, 1),
        ({"BIHUAN_DEBUG": "0", "BIHUAN_SECRET_KEY": SECRET}, 0),
        ({"BIHUAN_DEBUG": "1"}, 0),
    ],
)
def test_faults_are_never_shown_in_full_beside_a_production_secret(
    given: dict[str, str], faults: int
) -> None:
    env = Environment(given)

    env.never_with("BIHUAN_DEBUG", "BIHUAN_SECRET_KEY")

    assert len(env.faults) == faults


def test_a_secret_that_the_environment_does_not_say_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "bihuan_secret_key").write_text(f"{SECRET}\n")
    env = Environment({})
    env.keys_in(tmp_path)

    assert env.secret("BIHUAN_SECRET_KEY") == SECRET


def test_earlier_secrets_are_taken_as_they_were() -> None:
    env = Environment({"BIHUAN_OLD": "x,y"})

    assert env.earlier_secrets("BIHUAN_OLD") == ["x", "y"]
    env.finish()


def _asked_for() -> set[str]:
    return set(re.findall(r'"(BIHUAN_[A-Z0-9_]+)"', (ROOT / "bihuan/settings.py").read_text()))


def test_every_setting_is_in_the_handbook() -> None:
    found = set(re.findall(r"`(BIHUAN_[A-Z0-9_]+)`", (ROOT / "docs/operator.md").read_text()))

    assert _asked_for() == found


def test_settings_are_read_in_one_place() -> None:
    tree = ast.parse((ROOT / "bihuan/settings.py").read_text())
    reads = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]

    assert sum(node.attr in ("environ", "getenv") for node in reads) == 1
