"""The demo says what is wrong before it starts, and keeps its keys to itself."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from tools import demo
from tools.visitor import Unexpected, Visitor


@pytest.fixture
def taken() -> Iterator[str]:
    """A port that somebody else listens on."""
    with socket.socket() as other:
        other.bind((demo.HOST, 0))
        other.listen()
        yield str(other.getsockname()[1])


def test_a_port_in_use_is_named_and_another_suggested(taken: str) -> None:
    with pytest.raises(demo.DemoFailed, match=rf"port {taken}: .*; try PORT=\d+"):
        demo._port(taken, any_free=False)


def test_the_smoke_test_takes_another_port_when_its_own_is_in_use(taken: str) -> None:
    assert demo._port(taken, any_free=True) != int(taken)


@pytest.mark.parametrize("wrong", ["", "0", "65536", "web", "-1"])
def test_what_is_not_a_port_is_refused(wrong: str) -> None:
    with pytest.raises(demo.DemoFailed, match="not a port"):
        demo._port(wrong, any_free=True)


def test_keys_are_private_and_made_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "VAR", tmp_path)

    demo._make_keys()
    first = {key.name: key.read_text() for key in (tmp_path / "keys").iterdir()}
    demo._make_keys()

    stored = list((tmp_path / "keys").iterdir())
    assert {key.name: key.read_text() for key in stored} == first
    assert {key.stat().st_mode & 0o777 for key in stored} == {0o600}
    assert sorted(first) == ["bihuan_seal_keys", "bihuan_secret_key"]


def test_a_real_installation_is_none_of_the_demos_business(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BIHUAN_DATABASE_URL", "postgres://production/bihuan")

    assert "BIHUAN_DATABASE_URL" not in demo._environment()


@pytest.mark.parametrize(
    ("set_", "language"),
    [
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "BIHUAN_LANGUAGE": "zh-hans"}, "zh-hans"),
    ],
)
def test_refused_rows_are_printed_in_the_language_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, set_: dict[str, str], language: str
) -> None:
    for name in ("BIHUAN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_.items():
        monkeypatch.setenv(name, value)

    assert demo._spoken() == language


def test_the_people_who_are_offered_hold_posts_in_the_district() -> None:
    district = demo.District.read()

    assert district.posts.keys() >= set(demo.PEOPLE)
    assert district.posts[demo.PEOPLE[0]] == "苏婉清 安委办综合协调员"


def test_a_page_that_leads_elsewhere_or_nowhere_is_told(live_server: LiveServer) -> None:
    visitor = Visitor(live_server.url)

    with pytest.raises(Unexpected, match="/desk/account/ led to /sign-in/"):
        visitor.get("/desk/account/")
    with pytest.raises(Unexpected, match="404"):
        visitor.get("/nowhere/")


def test_development_restarts_the_server_and_shows_faults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[tuple[list[str], dict[str, str]]] = []

    @contextmanager
    def started(command: list[str], environment: dict[str, str]) -> Iterator[str]:
        begun.append((command, environment))
        yield command[0]

    monkeypatch.setattr(demo, "started", started)
    monkeypatch.setattr(demo, "_wait_until_alive", lambda *_: None)
    monkeypatch.setenv("RELOAD", "1")

    with demo._running(8000):
        pass

    server, environment = begun[-1]
    assert server[1:] == ["manage.py", "runserver", "127.0.0.1:8000"]
    assert environment["BIHUAN_DEBUG"] == "1"
