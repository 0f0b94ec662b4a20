"""Pages requested in one process: elapsed time, processor time of both sides, and queries."""

import json
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bihuan.orgs.models import User
from tools.bench.processor import backend, spent

ROUNDS = 20


def asked(username: str, pages: str) -> dict[str, object]:
    """Request each of these addresses some times as this officer; `pages` is a list in JSON."""
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=username))
    addresses: list[str] = json.loads(pages)
    queries = max(_queries(client, each) for each in addresses)
    server, rounds = backend(), -(-ROUNDS // len(addresses))
    before, waited = spent(server), []
    for address in addresses * rounds:
        began = time.perf_counter()
        response = client.get(address)
        waited.append((time.perf_counter() - began) * 1000)
        assert response.status_code == 200, (address, response.status_code)
    cpu = (spent(server) - before) * 1000 / len(waited)
    return {"milliseconds": waited, "cpu_ms": cpu, "queries": queries}


def _queries(client: Client, address: str) -> int:
    """Return how many queries the page makes the second time, when everything is loaded once."""
    client.get(address)
    count = 0

    def counting(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*arguments)

    with connection.execute_wrapper(counting):
        client.get(address)
    return count
