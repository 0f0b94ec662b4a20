"""Every command with bad arguments: status 2, one line that says what is wrong, no traceback."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from tests.clock import PRESENT
from tests.faults.processes import COUNTY, SECRET, Answer, Installation, on_sqlite, ready

pytestmark = pytest.mark.slow

HEADER = "检查日期,场所,隐患描述,等级\n"
GOOD = "2026-09-01,食堂,应急灯不亮,一般\n"
BAD = "不是日期,食堂,应急灯不亮,一般\n"
IMPORT = ("import", "ledger.csv", "--kind", "hazard", "--unit", COUNTY)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("office")
    (folder / "folder").mkdir()
    (folder / "garbage").write_bytes(bytes(range(256)) * 20)
    (folder / "bad.toml").write_text("units = [")
    (folder / "odd.toml").write_text("units = 3\n[districts]\n")
    (folder / "texts.toml").write_text('options = "month first"\n')
    (folder / "ledger.csv").write_text(HEADER + GOOD + BAD)
    (folder / "empty").touch()
    return ready(on_sqlite(folder))


def refused(answer: Answer, *words: str) -> None:
    assert (answer.status, answer.out) == (2, ""), answer
    assert answer.err.startswith("bihuan"), answer.err
    assert answer.err.count("\n") == 1, answer.err
    assert "Errno" not in answer.err
    for word in words:
        assert word in answer.err


BAD_ARGUMENTS: list[tuple[list[str], str]] = [
    ([], "which command"),
    (["nonsense"], "nonsense"),
    (["two\nlines"], "two lines"),
    (["--nonsense"], "--nonsense"),
    (["migrate", "nonsense"], "nonsense"),
    (["migrate", "cases", "9999"], "9999"),
    (["load-district"], "FILE.toml"),
    (["load-district", "missing.toml"], "missing.toml"),
    (["load-district", "folder"], "folder"),
    (["load-district", "garbage"], "garbage"),
    (["load-district", "bad.toml"], "bad.toml"),
    (["load-district", "odd.toml"], "districts"),
    (["load-calendar", "missing.json"], "missing.json"),
    (["load-calendar", "folder"], "folder"),
    (["load-calendar", "garbage"], "garbage"),
    (["load-calendar", "empty"], "empty"),
    (["import"], "file"),
    (["import", "missing.csv", *IMPORT[2:]], "missing.csv"),
    (["import", "folder", *IMPORT[2:]], "folder"),
    (["import", "garbage", *IMPORT[2:]], "garbage"),
    (["import", "empty", *IMPORT[2:]], "empty"),
    ([*IMPORT[:3], "grievances", *IMPORT[4:]], "grievances"),
    ([*IMPORT[:5], "nowhere"], "nowhere"),
    ([*IMPORT, "--map", "missing.toml"], "missing.toml"),
    ([*IMPORT, "--map", "folder"], "folder"),
    ([*IMPORT, "--map", "garbage"], "garbage"),
    ([*IMPORT, "--map", "bad.toml"], "bad.toml"),
    ([*IMPORT, "--map", "odd.toml"], "odd.toml"),
    ([*IMPORT, "--map", "texts.toml"], "texts.toml"),
    ([*IMPORT, "--sheet", "隐患"], "隐患"),
    ([*IMPORT, "--rows", "-5"], "-5"),
    ([*IMPORT, "--rows", "many"], "many"),
    (["export", "--kind", "hazard"], "OUT.xlsx"),
    (["export", "--kind", "hazard", "folder"], "folder"),
    (["export", "--kind", "hazard", "missing/out.xlsx"], "missing/out.xlsx"),
    (["export", "--kind", "hazard", "/dev/full"], "/dev/full"),
    (["export", "--kind", "hazard", "--stage", "lost", "out.xlsx"], "lost"),
    (["export", "--kind", "hazard", "--unit", "nowhere", "out.xlsx"], "nowhere"),
    (["tick", "--now", "soon"], "soon"),
    (["tick", "--now", "2026-02-30T08:00"], "2026-02-30"),
    (["tick", "--now", "0001-01-01T00:00"], "0001-01-01"),
    (["accept-time"], "ISO"),
    (["accept-time", "noon"], "noon"),
    (["accept-time", "2001-01-01T08:00"], str(PRESENT.year)),
    (["explain"], "RULE"),
    (["explain", "HAZ-999", "--start", "2026-01-01"], "HAZ-999"),
    (["explain", "PET-8", "--start", "soon"], "soon"),
    (["explain", "PET-8", "--start", "2050-01-01"], "2050"),
    (["explain", "PET-8", "--start", "2026-01-01", "--calendar", "XX"], "XX"),
    (["explain", "HAZ-5", "--start", "2026-01-01", "--due", "never"], "never"),
    (["journal"], "job"),
    (["journal", "mend"], "mend"),
    (["journal", "anchor", "today"], "today"),
    (["journal", "anchor", "9999-01-01"], "9999-01-01"),
    (["serve", "--port", "http"], "http"),
    (["serve", "--port", "99999"], "99999"),
    (["serve", "--workers", "0"], "workers"),
    (["work", "--twice"], "--twice"),
]


@pytest.fixture(scope="module")
def answers(office: Installation) -> dict[str, Answer]:
    """What each command with a bad argument left behind."""
    commands = [command for command, _ in BAD_ARGUMENTS]
    return dict(zip(map(str, commands), office.run_each(commands), strict=True))


@pytest.mark.parametrize(
    ("command", "names"),
    BAD_ARGUMENTS,
    ids=lambda value: " ".join(value).replace("\n", "|") if isinstance(value, list) else "",
)
def test_a_bad_argument_is_named_in_one_line(
    answers: dict[str, Answer], command: list[str], names: str
) -> None:
    refused(answers[str(command)], names)


@pytest.mark.parametrize("out", ["missing/refused.xlsx", "folder", "/dev/full"])
def test_refused_rows_that_cannot_be_kept_stop_an_import_before_it_begins(
    office: Installation, out: str
) -> None:
    answer = office.run(*IMPORT, "--errors", out)

    refused(answer, out)
    assert '"created": 1' in office.run(*IMPORT, "--dry-run", "--json").out


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("nonsense", "BIHUAN_DATABASE_URL"),
        ("postgres://bihuan:secret@127.0.0.1:1/bihuan", "127.0.0.1"),
        ("sqlite:///missing/folder/bihuan.sqlite3", "unable to open"),
        ("sqlite:///garbage", "not a database"),
        ("sqlite:///new.sqlite3", "bihuan migrate"),
    ],
)
def test_without_a_database_a_command_says_so_at_once(
    office: Installation, url: str, text: str
) -> None:
    answer = office.run(*IMPORT, settings={"BIHUAN_DATABASE_URL": url})

    refused(answer, text)
    assert "secret" not in answer.err


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("BIHUAN_IDLE_SECONDS", "nonsense", "not a whole number"),
        ("BIHUAN_TIME_ZONE", "Asia/Shangai", "Asia/Shangai"),
        ("BIHUAN_LANGUAGE", "zh", "zh-hans or en"),
        ("BIHUAN_HTTPS", "yes", "1 or 0"),
        ("BIHUAN_SECRET_KEY", "x", "shorter than 32"),
        ("BIHUAN_PROCEDURE", "FR", "CN or GB-ENG"),
        ("BIHUAN_DATABASE_URL", "mysql://u:hidden@h/d", "mysql://"),
        ("BIHUAN_DATABASE_URL", "postgres://u:hidden@h/d?sslmode=on", "sslmode=on"),
        ("BIHUAN_PUBLIC_URL", "bihuan.example", "https://"),
        ("BIHUAN_HTPPS", "1", "BIHUAN_HTTPS?"),
    ],
)
def test_a_bad_setting_is_named(office: Installation, name: str, value: str, text: str) -> None:
    answer = office.run("tick", settings={name: value})

    refused(answer, name, text)
    assert "hidden" not in answer.err


def test_check_says_each_bad_setting_in_a_line_of_its_own(office: Installation) -> None:
    bad = {"BIHUAN_HTTPS": "yes", "BIHUAN_HTPPS": "1"}

    answer = office.run("check", settings=bad)

    assert (answer.status, answer.err) == (1, "")
    assert [line.split()[:2] for line in answer.out.splitlines()] == [["bad", "settings"]] * 2


@pytest.mark.parametrize("secret", ["BIHUAN_SECRET_KEY", "BIHUAN_SEAL_KEYS"])
@pytest.mark.parametrize("command", ["serve", "work"])
def test_nothing_starts_without_its_keys(
    office: Installation, command: str, secret: str, tmp_path: Path
) -> None:
    bare = {"BIHUAN_VAR": str(tmp_path), "BIHUAN_SECRET_KEY": SECRET}

    refused(office.run(command, settings={**bare, secret: ""}), secret, "make one with")


def test_the_clock_is_not_moved_where_a_secret_of_production_is_set(office: Installation) -> None:
    production = {"BIHUAN_SECRET_KEY": SECRET}

    refused(office.run("tick", "--now", "2030-01-01", settings=production), "BIHUAN_TEST_CLOCK")
    request = office.run(
        "tick", "--now", "2030-01-01", settings={**production, "BIHUAN_TEST_CLOCK": ""}
    )
    assert (request.status, "未执行任何操作" in request.out) == (0, True)


def test_a_command_leaves_all_that_it_wrote_in_the_file_of_its_database(
    office: Installation,
) -> None:
    assert office.run("tick").status == 0

    assert [path.name for path in office.folder.glob("bihuan.sqlite3*")] == ["bihuan.sqlite3"]


def test_a_port_in_use_is_named(office: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused(office.run("serve", "--port", port), port, "in use")


@pytest.mark.parametrize(
    "command",
    [["tick"], ["--help"], ["journal", "verify"], ["explain", "PET-8", "--start", "2026-01-01"]],
    ids=" ".join,
)
def test_an_answer_that_cannot_be_written_is_no_success(
    office: Installation, command: list[str]
) -> None:
    refused(office.run(*command, into=Path("/dev/full")), "No space left on device")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_what_may_not_be_read_or_written_is_named(office: Installation, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)

    refused(office.run("load-district", closed / "district.toml"), "Permission denied")
    refused(office.run("export", "--kind", "hazard", closed / "out.xlsx"), "Permission denied")
