"""The checks of the parts that every installation has: see `checks.py`."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from smtplib import SMTPException
from tempfile import TemporaryFile

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.tallies import watching
from bihuan.tallies.addresses import Fault
from bihuan.web import checks, readiness, timekeeping, work
from bihuan.web.checks import Level
from bihuan.web.readiness import has_secret
from bihuan.web.wording import explain

Said = Iterator[tuple[Level, str]]

LEAST_FREE_BYTES = 200 * 1024 * 1024
ENOUGH_FREE_BYTES = 2 * 1024 * 1024 * 1024
OLDEST_POSTGRESQL = 14
ENVIRONMENT_FILE = Path("/etc/bihuan/bihuan.env")
OF_OTHERS = stat.S_IRWXO
OF_THE_GROUP = stat.S_IRWXG


def register_all() -> None:
    """Register in display order: what later checks need comes first."""
    checks.register("settings", settings_told)
    checks.register("rights", rights)
    checks.register(checks.DATABASE, database, quick=True)
    checks.register(checks.SCHEMA, schema, quick=True, asks_database=True)
    checks.register("worker", worker, quick=True, asks_database=True)
    checks.register("clock", clock, quick=True, asks_database=True)
    checks.register("disk", disk, quick=True)
    checks.register("proxy", proxy)
    checks.register("mail", mail)
    readiness.register_reminder(_reminders)


def _reminders(*, now: datetime) -> Iterator[str]:
    with translation.override("en"):
        yield from (f"proxy: {line}" for line in list(arrivals(now=now)))


def settings_told(now: datetime) -> Said:
    """Report settings that are missing or risky; invalid ones prevent the start."""
    for name, value in (
        ("BIHUAN_SECRET_KEY", has_secret()),
        ("BIHUAN_SEAL_KEYS", settings.SEAL_KEYS),
    ):
        if not value:
            yield Level.BAD, _("%s is not set; run bihuan serve to see how to create one") % name
    if "*" in settings.ALLOWED_HOSTS:
        yield Level.WARN, _("BIHUAN_HOSTS=*: the site answers to any host name")
    if settings.TEST_CLOCK:
        yield (
            Level.WARN,
            _("BIHUAN_TEST_CLOCK=1: for tests only; nothing stops when the time jumps"),
        )


def rights(now: datetime) -> Said:
    """Check that keys and files are accessible to the service account only, and writable where
    needed.
    """
    if os.geteuid() == 0:
        yield Level.WARN, _("this runs as root; run it as the user of the service")
    yield from _wide(ENVIRONMENT_FILE, to_the_group=True)
    for path in _own_files():
        yield from _wide(path)


def _wide(path: Path, *, to_the_group: bool = False) -> Said:
    """Whether other accounts have access."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return  # it does not exist, or is in a folder that others cannot access
    details = {"path": path, "mode": stat.S_IMODE(mode)}
    if mode & OF_OTHERS:
        text = _("%(path)s can be read by every user of this machine (mode %(mode)04o)")
        yield Level.BAD if path.is_file() else Level.WARN, text % details
    elif mode & OF_THE_GROUP and not to_the_group:
        text = _("%(path)s can be read by a group of users (mode %(mode)04o)")
        yield Level.WARN, text % details


def _own_files() -> Iterator[Path]:
    """Return what only the service account needs to access."""
    yield from (settings.VAR / "keys").glob("*")
    if settings.BACKUP_KEY_FILE:
        yield Path(settings.BACKUP_KEY_FILE)
    if connection.vendor == "sqlite":
        yield Path(str(settings.DATABASES["default"]["NAME"]))
    yield settings.MEDIA_ROOT


def database(now: datetime) -> Said:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield from _of_server()


def _of_server() -> Said:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num'), "
                       "current_setting('server_encoding')")  # fmt: skip
        version, encoding = cursor.fetchone()
    if int(version) // 10_000 < OLDEST_POSTGRESQL:
        oldest = {"version": int(version) // 10_000, "oldest": OLDEST_POSTGRESQL}
        yield Level.WARN, _("PostgreSQL %(version)d; %(oldest)d or newer is needed") % oldest
    if encoding != "UTF8":
        yield Level.BAD, _("its encoding is %s, not UTF8") % encoding


def schema(now: datetime) -> Said:
    executor = MigrationExecutor(connection)
    count = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if count:
        text = ngettext(
            "%d migration is not applied (bihuan migrate)",
            "%d migrations are not applied (bihuan migrate)",
            count,
        )
        yield Level.BAD, text % count
    known = executor.loader.disk_migrations or {}
    newer = [key for key in executor.loader.applied_migrations if key not in known]
    if any(app in executor.loader.migrated_apps for app, _name in newer):
        yield Level.WARN, _("the database was migrated by another, newer release")


def worker(now: datetime) -> Said:
    for line in work.missed(now=now):
        yield Level.BAD, line


def clock(now: datetime) -> Said:
    if (why := timekeeping.held(now=now)) is not None:
        yield Level.BAD, explain(why)


def disk(now: datetime) -> Said:
    for name, folder in (("media", settings.MEDIA_ROOT), ("var", settings.VAR)):
        present = next((path for path in (folder, *folder.parents) if path.exists()), folder)
        free = shutil.disk_usage(present).free
        text = _("less than %(least)d MiB free for %(what)s")
        if free < LEAST_FREE_BYTES:
            yield Level.BAD, text % {"least": LEAST_FREE_BYTES >> 20, "what": name}
        elif free < ENOUGH_FREE_BYTES:
            yield Level.WARN, text % {"least": ENOUGH_FREE_BYTES >> 20, "what": name}
    try:
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=settings.MEDIA_ROOT) as file:
            file.write(b"bihuan")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        yield Level.BAD, _("media cannot be written: %s") % error.strerror


def proxy(now: datetime) -> Said:
    if settings.SECURE_COOKIES and not settings.PROXIES:
        yield (
            Level.WARN,
            _("BIHUAN_HTTPS=1 and BIHUAN_PROXIES=0: all visitors count as one address"),
        )
    if settings.PROXIES and not settings.SECURE_COOKIES:
        yield (
            Level.WARN,
            _(
                "BIHUAN_PROXIES without BIHUAN_HTTPS=1: visitor addresses in unencrypted "
                "requests are trusted"
            ),
        )

    yield from ((Level.BAD, line) for line in arrivals(now=now))


def arrivals(*, now: datetime) -> Iterator[str]:
    """Report what the requests of the last hour revealed about the proxies; `/readyz` shows it
    as a reminder.
    """
    sentences = {
        Fault.UNNAMED: _(
            "requests arrive without the visitor's address: the proxy must set X-Forwarded-For, "
            "and the port of bihuan must not be reachable past it; until then all visitors count "
            "as one address"
        ),
        Fault.UNBELIEVED: _(
            "requests arrive through a proxy, and BIHUAN_PROXIES is 0: all visitors count as one "
            "address"
        ),
    }
    yield from (sentences[fault] for fault in watching.seen(now))


def mail(now: datetime) -> Said:
    """Connect to the mail server; nothing is sent."""
    if not settings.SMTP_URL:
        return
    if not settings.PUBLIC_URL:
        yield (
            Level.WARN,
            _("BIHUAN_PUBLIC_URL is not set: mails do not contain the address of the portal"),
        )
    try:
        server = get_connection("django.core.mail.backends.smtp.EmailBackend")
        server.open()
        server.close()
    except (OSError, SMTPException) as error:
        text = _("%(host)s does not accept mail: %(why)s")
        why = " ".join(str(error).split())
        yield Level.BAD, text % {"host": settings.EMAIL_HOST, "why": why}
