"""`make audit`: check the locked packages for known vulnerabilities.

Status 0: none; 1: some, one per line; 2: the check failed, for example without a network or if the
index knows none of the packages. `make` ends with 2 for each, and names the status.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from tools.apart import ROOT, NotInstalled, python_with

LOCKS = ("base", "dev")
NONE, FOUND, NOT_ASKED = 0, 1, 2


def main() -> int:
    try:
        python = python_with("audit")
        answers = [_asked(python, lock) for lock in LOCKS]
        found = sorted({line for answer in answers for line in _faults(answer)})
    except NotInstalled as error:
        reason = str(error).splitlines()[-1:] or ["no answer"]
        print(f"audit: nothing could be asked (it needs a network): {reason[0]}", file=sys.stderr)
        return NOT_ASKED
    print("\n".join(found) or "No fault is known in the packages that are locked.")
    return FOUND if found else NONE


def _asked(python: str, lock: str) -> dict[str, Any]:
    """Return the known vulnerabilities of each package of a lock."""
    options = ["--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run(
        [python, "-m", "pip_audit", *options, "-r", str(ROOT / "requirements" / f"{lock}.txt")],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:  # neither a list of vulnerabilities nor an empty one
        raise NotInstalled(done.stderr.strip()) from error
    if all(package.get("skip_reason") for package in found["dependencies"]):
        raise NotInstalled("the index answers for none of the packages")
    return found


def _faults(answer: dict[str, Any]) -> Iterator[str]:
    for package in answer["dependencies"]:
        if reason := package.get("skip_reason"):
            yield f"{package['name']}: not looked at: {reason}"
        for fault in package.get("vulns", ()):
            mended = ", ".join(fault["fix_versions"]) or "no release"
            yield f"{package['name']} {package['version']}: {fault['id']}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(main())
