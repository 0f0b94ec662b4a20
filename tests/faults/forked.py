"""Many programs, each in a process of its own, for one start of the interpreter.

`python -m tests.faults.forked` takes a line of JSON for each: a program, its arguments and what it
reads. It answers each with a line: the status, the output and the errors that it left behind.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import traceback
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO

import django

from bihuan.cli import main

COMMAND = "bihuan"  # any other program is a module with a main part


def run(program: str, arguments: Sequence[str], given: str) -> tuple[int, str, str]:
    with TemporaryFile() as read, TemporaryFile() as out, TemporaryFile() as err:
        read.write(given.encode())
        read.seek(0)
        child = os.fork()
        if not child:
            for file, standard in ((read, sys.stdin), (out, sys.stdout), (err, sys.stderr)):
                os.dup2(file.fileno(), standard.fileno())
            sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end
            os._exit(_ended(program, arguments))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return status, _text(out), _text(err)


def _ended(program: str, arguments: Sequence[str]) -> int:
    """As the installed program ends, with a traceback where one would be seen."""
    try:
        if program == COMMAND:
            return main(arguments)
        sys.argv = [program, *arguments]
        runpy.run_module(program, run_name="__main__", alter_sys=True)
    except SystemExit as stop:
        return int(stop.code or 0)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        print(json.dumps(run(*json.loads(line))), flush=True)
