"""`bihuan serve`: the production web server."""

from __future__ import annotations

import os
import re
import socket
from argparse import ArgumentTypeError
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from bihuan.core.numerals import whole
from bihuan.web.readiness import require_start

THREADS = 4
KEEP_ALIVE_SECONDS = 15  # longer than the pause between two clicks, shorter than most proxies'
REQUEST_SECONDS = 120
REQUESTS_IN_A_LIFE = 20_000


class Command(BaseCommand):
    help = "Serve the site; behind a proxy that speaks TLS when it is reached from elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=_some, default=os.cpu_count() or 1)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            require_start(now=timezone.now())
        except ImproperlyConfigured as missing:
            raise CommandError(str(missing)) from missing
        _require_free(options["host"], options["port"])
        call_command("collectstatic", interactive=False, verbosity=0)
        # The workers open their own, and must not close this one.
        connections.close_all()
        _Server(f"{options['host']}:{options['port']}", options["workers"]).run()


def _some(text: str) -> int:
    count = whole(text)
    if not count:
        raise ArgumentTypeError(f"{text}: at least one is needed")
    return count


def _require_free(host: str, port: int) -> None:
    """Report in one line why the port cannot be used; Gunicorn would retry for a while instead."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host.strip("[]"), port), family=family).close()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"--host {host} --port {port}: {reason}") from error


class NoAddresses(Logger):  # type: ignore[misc]
    """Writes log lines in the common format, without client addresses and without URLs, which
    may contain anything.
    """

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def warning(self, msg: str, *args: Any, **options: Any) -> None:
        text = re.sub(r""" from ip=\S+: ([^:'"]*).*""", r": \1", msg, flags=re.DOTALL)
        super().warning(text, *args, **options)

    def exception(self, msg: str, *args: Any, **options: Any) -> None:
        super().exception(re.sub(r"( %s)+$", "", msg) if args else msg, **options)


class _Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured here only, not by files or its own environment variables."""

    def __init__(self, address: str, workers: int) -> None:
        self._told = {
            "bind": [address],
            "workers": workers,
            "worker_class": "gthread",
            "threads": THREADS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "timeout": REQUEST_SECONDS,
            "control_socket_disable": True,
            "accesslog": None,
            # bihuan itself reads two headers of proxies; no others affect a request.
            "forwarder_headers": "",
            "forwarded_allow_ips": "",
            "logger_class": NoAddresses,
            "max_requests": REQUESTS_IN_A_LIFE,
            "max_requests_jitter": REQUESTS_IN_A_LIFE // 10,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._told.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIHandler:
        from bihuan.wsgi import application

        return application
