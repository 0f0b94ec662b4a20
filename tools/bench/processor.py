"""The processor time of this process and of its PostgreSQL backend."""

import resource

from django.db import connection

from tools.bench.measured import cpu_seconds


def backend() -> int:
    """Return the process of the database; None for SQLite."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def spent(backend: int) -> float:
    """Return the seconds so far."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    return own.ru_utime + own.ru_stime + (cpu_seconds(backend) if backend else 0.0)
