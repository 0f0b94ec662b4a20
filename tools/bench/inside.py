"""Run one job of `tools.bench.jobs`: `python -m tools.bench.inside JOB [ARGUMENTS]`.

The last line printed is the result, one JSON object.
"""

import json
import sys

import django


def main(job: str, *arguments: str) -> None:
    django.setup()
    from tools.bench import jobs

    print(json.dumps(jobs.JOBS[job](*arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
