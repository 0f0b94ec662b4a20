"""Many commands, each in a process of its own, for one start of the program.

`python -m tests.faults.forked < commands.json` prints what each left behind: status, output, error.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from tempfile import TemporaryFile
from typing import IO

import django

from bihuan.cli import main


def run(command: list[str]) -> tuple[int, str, str]:
    with TemporaryFile() as out, TemporaryFile() as err:
        child = os.fork()
        if not child:
            os.dup2(out.fileno(), sys.stdout.fileno())
            os.dup2(err.fileno(), sys.stderr.fileno())
            os._exit(_ended(command))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return status, _text(out), _text(err)


def _ended(command: list[str]) -> int:
    """As the installed program ends, with a traceback where one would be seen."""
    try:
        return main(command)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


if __name__ == "__main__":
    django.setup()
    print(json.dumps([run(command) for command in json.load(sys.stdin)]))
