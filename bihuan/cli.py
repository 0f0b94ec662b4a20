"""The `bihuan` command: one entry point for every command, with consistent exit statuses.

0 done, 1 done with findings, 2 could not run (one line on standard error).
"""

import atexit
import gc
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version

DONE, FINDINGS, FAILED = 0, 1, 2
# What 1 means for each command that has findings; for any other it would be a crash.
FINDERS = {
    "check": "something is bad",
    "load-calendar": "a trial with doubts, or deadlines that could not be calculated",
    "import": "rows were refused",
    "imports-lost": "old values are not kept",
    "tick": "clocks were pushed back",
    "free-duplicates": "hazards were stranded",
    "receipt": "the slip is not genuine",
    "rotate-seals": "seals stay closed",
    "journal": "a break was found",
    "recount": "counters differed",
    "backup": "files are missing or damaged",
    "archive": "cases were left out, because files are missing or damaged",
    "restore": "files are missing or damaged, or the journal is broken",
    "work": "a job failed, or the clock is not believed (with --once)",
}
MAY_RUN_UNFINISHED = ("check", "restore")
MISSING_TABLE = re.compile(r"no such table|relation .* does not exist")

COMMANDS = {
    "serve": "the production web server",
    "work": "the background worker",
    "check": "settings, rights, keys, database, schema, disk, clock, proxy and mail",
    "migrate": "bring the database schema up to date",
    "backup": "a consistent copy of database and files, in one file",
    "restore": "restore a backup into an empty installation and verify it",
    "archive": "ended cases as a package for the archive, or its receipt",
    "load-district": "load units, posts and officers from a TOML file",
    "load-boundaries": "load the boundaries of units from a GeoJSON file",
    "unlock": "let a locked-out officer try again immediately",
    "reset-password": "give an officer a temporary password, and print it once",
    "end-sessions": "sign an officer out everywhere, or everyone, when a device was lost",
    "load-categories": "load the default categories of grievances",
    "load-checklists": "load the supplied checklists into a unit",
    "load-calendar": "load a year of holidays and make-up workdays",
    "import": "import a ledger workbook",
    "export": "export a ledger as a workbook",
    "imports-lost": "list every case whose fields an import replaced or cleared",
    "remove-factor": "remove the second factor of an officer who lost it",
    "accept-time": "confirm the time after the clock jumped or the worker was away for days",
    "tick": "process clocks, reminders and everything else that is due",
    "free-duplicates": "restore hazards rejected as duplicates of another rejected hazard",
    "explain": "show how a deadline is calculated",
    "receipt": "check a receipt of the public, or print the keys for checking receipts",
    "rotate-seals": "wrap the keys of all sealed identities with the newest of BIHUAN_SEAL_KEYS",
    "journal": "verify the journal, or print a day's root",
    "recount": "compare every counter with the records and correct it",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    name = arguments[0] if arguments else ""
    # Files are private to this account: the database, evidence, exports, backups.
    before = os.umask(0o077)
    try:
        status = _run(name, arguments[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _failed(name, "interrupted")
    except Exception as error:
        logging.getLogger(__name__).debug("bihuan %s failed", name, exc_info=True)
        return _failed(name, _reason(error))
    finally:
        os.umask(before)
    return status


def _run(name: str, arguments: list[str]) -> int:
    if name in ("-h", "--help", "help"):
        print(_usage())
        return DONE
    if name == "--version":
        print(f"bihuan {version('bihuan')}")
        return DONE
    if name not in COMMANDS:
        raise LookupError(f"{'no such' if name else 'which'} command (see bihuan --help)")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    return _carry_out(name, arguments)


def _usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name.ljust(width)}  {what}" for name, what in COMMANDS.items()]
    return "usage: bihuan COMMAND [OPTIONS] | --version\n\n" + "\n".join(lines)


def _carry_out(name: str, arguments: list[str]) -> int:
    import django
    from django.core.management import load_command_class
    from django.db import connections

    from bihuan.environment import BadSettings

    try:
        with _nothing_thrown_away():
            django.setup()
    except BadSettings as bad:
        if name != "check":
            raise
        print("\n".join(f"bad   settings  {fault}" for fault in bad.faults))
        return FINDINGS
    # They are referenced by what is never collected, so that nothing else closes them.
    atexit.register(connections.close_all)
    try:
        if name not in MAY_RUN_UNFINISHED:
            _require_finished()
        with _nothing_thrown_away():
            command = load_command_class(*_found(name))
        parser = command.create_parser("bihuan", name)
        # The system checks import every page of the site; `serve` runs them, other commands start
        # faster.
        options = {**vars(parser.parse_args(arguments)), "skip_checks": name != "serve"}
        command.execute(*options.pop("args", ()), **options)
    except SystemExit as stop:
        if stop.code == DONE:
            return DONE
        return FINDINGS if stop.code == FINDINGS and name in FINDERS else FAILED
    return DONE


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Exclude what is imported from garbage collection: it lives to the end, and traversing it,
    first at start-up and last at exit, took a third of the time of a short command.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _require_finished() -> None:
    """Refuse every command, even `migrate`, while a restore is unfinished."""
    from bihuan.backups import unfinished, wording
    from bihuan.backups.refusals import BackupRefused

    try:
        unfinished.require_none()
    except BackupRefused as refusal:
        raise RuntimeError(wording.explain(refusal)) from refusal


def _reason(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return f"{error.name} is not installed (see requirements/base.txt, or run make)"
    from django.db import DatabaseError

    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    text = str(error).strip() or type(error).__name__
    if not isinstance(error, DatabaseError):
        return text
    return f"database: {text}{' (see bihuan migrate)' if MISSING_TABLE.search(text) else ''}"


def _failed(name: str, reason: str) -> int:
    """Report an error once: later clean-up may fail because of it again."""
    sys.unraisablehook = lambda _: None
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
    command = f"bihuan {name}".rstrip()
    print(" ".join(f"{command}: {reason}".split()), file=sys.stderr)
    return FAILED


def _found(name: str) -> tuple[str, str]:
    """Return the app of a command and its name there."""
    from django.core.management import get_commands

    # Two of Django's own commands: one is called by ours, the other is replaced by ours.
    if name == "migrate":
        return "django.core", name
    own = {"check": "check_installation"}.get(name, name.replace("-", "_"))
    app = get_commands()[own]
    return (app if isinstance(app, str) else app.__module__), own


if __name__ == "__main__":
    sys.exit(main())
