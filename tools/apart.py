"""Separate Python environments, each with exactly the packages of one lock file."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


class NotInstalled(Exception):
    """The packages could not be installed; the text gives the reason."""


def python_with(name: str) -> str:
    """Return the interpreter of the environment for `requirements/NAME.txt`, created if
    necessary.
    """
    venv, lock = ROOT / "var" / name, ROOT / "requirements" / f"{name}.txt"
    python, done = venv / "bin" / "python", venv / ".installed"
    if not done.is_file() or done.read_text() != lock.read_text():
        _do([sys.executable, "-m", "venv", "--clear", str(venv)])
        options = ["--quiet", "--disable-pip-version-check", "--require-hashes"]
        _do([str(python), "-m", "pip", "install", *options, "-r", str(lock)])
        done.write_text(lock.read_text())
    return str(python)


def _do(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotInstalled(done.stderr[-2000:].strip())
