"""The `bihuan` command: one name for every job, and one meaning for every exit status.

0 done, 1 done with findings, 2 could not run (one line on standard error).
"""

import logging
import os
import sys
from collections.abc import Sequence

DONE, FINDINGS, FAILED = 0, 1, 2

COMMANDS = {
    "serve": "the production web server",
    "work": "the background worker",
    "migrate": "bring the database schema up to date",
    "load-district": "load units, posts and officers from a TOML file",
    "load-calendar": "load a year of holidays and make-up workdays",
    "import": "read a ledger workbook in",
    "export": "write a ledger workbook out",
    "tick": "do everything that time alone causes",
    "explain": "a deadline and its arithmetic",
    "journal": "verify the journal, or print a day's root",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_usage())
        return DONE if arguments else FAILED
    name = arguments[0]
    if name not in COMMANDS:
        print(f"bihuan: no such command: {name} (see bihuan --help)", file=sys.stderr)
        return FAILED
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bihuan.settings")
    return _run(name, arguments[1:])


def _usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name.ljust(width)}  {what}" for name, what in COMMANDS.items()]
    return "usage: bihuan COMMAND [OPTIONS]\n\n" + "\n".join(lines)


def _run(name: str, arguments: list[str]) -> int:
    import django
    from django.core.management import load_command_class
    from django.core.management.base import CommandError

    try:
        django.setup()
        app = "django.core" if name == "migrate" else _app_of(name)
        command = load_command_class(app, name.replace("-", "_"))
        parser = command.create_parser("bihuan", name)
        # The checks read every page of the site; `serve` makes them, other commands start faster.
        options = {**vars(parser.parse_args(arguments)), "skip_checks": name != "serve"}
        command.execute(*options.pop("args", ()), **options)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FAILED
    except CommandError as error:
        return _failed(name, error)
    except Exception as error:
        logging.getLogger(__name__).debug("bihuan %s failed", name, exc_info=True)
        return _failed(name, error)
    return DONE


def _failed(name: str, error: Exception) -> int:
    reason = " ".join(str(error).split()) or type(error).__name__
    print(f"bihuan {name}: {reason}", file=sys.stderr)
    return FAILED


def _app_of(name: str) -> str:
    from django.core.management import get_commands

    app = get_commands()[name.replace("-", "_")]
    return app if isinstance(app, str) else app.__module__


if __name__ == "__main__":
    sys.exit(main())
