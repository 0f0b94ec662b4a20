"""Read typed settings from the environment, with a one-line error for each invalid one.

`settings.py` reads each by name. Unknown settings are refused too, since a misspelt name would
otherwise leave the default in force silently. Values that may contain a password are never repeated
in messages.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import dj_database_url
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured

from bihuan.core.numerals import whole

PREFIX = "BIHUAN_"
MAKE_SECRET = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"  # noqa: S105
MAKE_SEAL = (
    "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
)
SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 5  # distinct characters, as Django's own check requires
KEY_BYTES = 32
HOST = re.compile(r"\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]|\*")
# The options allowed in the query of a PostgreSQL URL; None: any text.
DATABASE_OPTIONS: Mapping[str, Collection[str] | None] = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "sslrootcert": None,
    "sslcert": None,
    "sslkey": None,
    "sslcrl": None,
    "channel_binding": ("disable", "prefer", "require"),
    "target_session_attrs": ("any", "read-write", "primary", "prefer-standby"),
    "application_name": None,
    "host": None,
}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
DATABASE_FORMS = "write postgres://user:password@host:5432/name or sqlite:////folder/file"


class BadSettings(ImproperlyConfigured):
    """What is wrong with the settings, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class Environment:
    """Reads settings from an environment, and collects all errors."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self._names: list[str] = []
        self._kept: Path | None = None
        self.faults: list[str] = []

    def finish(self) -> None:
        """Refuse invalid values, and every name that is not a setting."""
        for name in sorted(self._given):
            if name.upper().startswith(PREFIX) and name not in self._names:
                known = [name.removeprefix(PREFIX) for name in self._names]
                near = get_close_matches(name.upper().removeprefix(PREFIX), known, n=1)
                meaning = f"; did you mean {PREFIX}{near[0]}?" if near else ""
                self.faults.append(f"{name}: there is no such setting{meaning}")
        if self.faults:
            raise BadSettings(self.faults)

    # ------------------------------------------------------------------ simple
    def is_given(self, name: str) -> bool:
        """Whether the environment sets it."""
        return bool(self._given.get(name))

    def text(self, name: str, default: str = "") -> str:
        self._names.append(name)
        return self._given.get(name) or default

    def choice(self, name: str, default: str, words: Iterable[str]) -> str:
        """Return one of these words, exactly as documented."""
        value, known = self.text(name, default), list(words)
        if value in known:
            return value
        self._refuse(name, value, f"write {_either(known)}")
        return default

    def words(self, name: str, words: Collection[str]) -> list[str]:
        """Return any of these words, separated by commas; none by default."""
        given = self.text(name)
        parts = [word.strip() for word in given.split(",")] if given else []
        for word in parts:
            if word not in words:
                self._refuse(name, word, f"write {_either([*words])}, separated by commas")
        return [word for word in parts if word in words]

    def switch(self, name: str) -> bool:
        """Return True for 1, False for 0 or empty."""
        return self.choice(name, "0", ("1", "0")) == "1"

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.text(name, str(default))
        number = whole(value)
        if number is None:
            self._refuse(name, value, "not a whole number")
        elif not least <= number <= most:
            self._refuse(name, value, f"write a number from {least} to {most}")
        else:
            return number
        return default

    def folder(self, name: str, default: Path, *, required: str = "") -> Path:
        """Return a folder, existing or to be created; without a default the error explains its
        purpose.
        """
        value = self.text(name)
        if required and not value:
            self._refuse(name, "", required)
        path = Path(value) if value else default
        if path.exists() and not path.is_dir():
            self._refuse(name, value, "not a folder")
        return path

    def file(self, name: str, read: Callable[[Path], object]) -> Path | None:
        """Return a file parsed by this function, if one is set."""
        value = self.text(name)
        if not value:
            return None
        try:
            read(Path(value))
        except ValueError as fault:
            self._refuse(name, "", str(fault))
        return Path(value)

    def zone(self, name: str, default: str) -> str:
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ValueError, OSError, LookupError):
            self._refuse(name, value, "no time zone of that name; write one such as Asia/Shanghai")
            return default
        return value

    # --------------------------------------------------------------- addresses
    def hosts(self, name: str, default: str = "") -> list[str]:
        """Return host names, without a scheme or a port."""
        hosts = [host.strip().lower() for host in self.text(name, default).split(",")]
        for host in filter(None, hosts):
            if not HOST.fullmatch(host):
                self._refuse(name, host, "not the name of a host (no scheme, no port, no path)")
        return [host for host in hosts if host]

    def address(self, name: str, schemes: Collection[str], *, secret: bool = False) -> str:
        """Return a URL with one of these schemes and a host; empty if not set."""
        value = self.text(name)
        fault = _fault_of_address(value, schemes) if value else ""
        if fault:
            self._refuse(name, "" if secret else value, fault)
            return ""
        return value

    def service(self, name: str) -> str:
        """Return the URL of an internal service: HTTPS, or on this machine."""
        value = self.address(name, ("https", "http"))
        if value.startswith("http:") and (urlsplit(value).hostname or "") not in LOOPBACK:
            self._refuse(name, value, "write https://; in clear only on this machine")
            return ""
        return value

    def together(self, *names: str) -> None:
        """Require all of these settings, or none."""
        missing = [name for name in names if not self.is_given(name)]
        if 0 < len(missing) < len(names):
            self._refuse(
                missing[0], "", f"missing; {', '.join(names)} are set together or not at all"
            )

    def never_with(self, switch: str, other: str) -> None:
        """Refuse a switch in combination with the other setting."""
        if self.is_given(switch) and self.switch(switch) and self.is_given(other):
            self._refuse(switch, "1", f"for development only, never where {other} is set")

    def sender(self, name: str) -> str:
        """Return a mail address, with or without a display name."""
        value = self.text(name)
        if value and not re.fullmatch(r"(?:[^<>\r\n]*<)?[^@<>\s]+@[^@<>\s]+>?", value):
            self._refuse(name, value, "not a mail address")
            return ""
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Return Django's database settings; nothing of the URL appears in messages."""
        value = self.text(name, default)
        fault = _fault_of_database(value)
        if fault:
            self._refuse(name, "", fault)
            value = default
        found: dict[str, Any] = {**dj_database_url.parse(value)}
        return found

    # ----------------------------------------------------------------- secrets
    def keys_in(self, folder: Path) -> None:
        """Folder for secrets that the environment does not set."""
        self._kept = folder

    def _secret(self, name: str) -> str:
        value = self.text(name)
        stored = self._kept / name.lower() if self._kept else None
        return value or (stored.read_text().strip() if stored and stored.is_file() else "")

    def secret(self, name: str) -> str:
        """Return a secret that cannot be guessed, or None."""
        value = self._secret(name)
        if value and (len(value) < SHORTEST_SECRET or len(set(value)) < FEWEST_CHARACTERS):
            self._refuse(
                name,
                "",
                f"shorter than {SHORTEST_SECRET} characters, or easily guessed; "
                f"make one with: {MAKE_SECRET}",
            )
        return value

    def earlier_secrets(self, name: str) -> list[str]:
        """Return earlier secrets, without a check of strength: values derived from them must be
        found.
        """
        return [key for key in self._secret(name).split(",") if key]

    def seal_keys(self, name: str) -> list[str]:
        """Return keys of 32 bytes each, encoded as by the command that creates one."""
        keys = [key.strip() for key in self._secret(name).split(",") if key.strip()]
        for number, key in enumerate(keys, start=1):
            if not _is_key(key):
                self._refuse(name, "", f"key {number} is none; make one with: {MAKE_SEAL}")
        return keys

    def _refuse(self, name: str, text: str, why: str) -> None:
        self.faults.append(f"{name}{f'={text}' if text else ''}: {why}")


def _either(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _is_key(key: str) -> bool:
    try:
        return len(urlsafe_b64decode(key)) == KEY_BYTES
    except ValueError:
        return False


def _split(text: str) -> SplitResult | None:
    try:
        split = urlsplit(text)
        return split if split.port != 0 else None
    except ValueError:  # the port is invalid, or a bracket is missing
        return None


def _fault_of_address(text: str, schemes: Collection[str]) -> str:
    split = _split(text)
    if split is None or split.scheme not in schemes or not split.hostname:
        either = _either([f"{scheme}://" for scheme in schemes])
        return f"write {either} and the name of a host (special characters as %XX)"
    if split.query or split.fragment:
        return "nothing may follow the address (special characters are written as %XX)"
    return ""


def _fault_of_database(text: str) -> str:
    split = _split(text)
    if split is None:
        return f"not an address (write special characters as %XX); {DATABASE_FORMS}"
    if split.scheme not in ("postgres", "postgresql", "sqlite"):
        scheme = split.scheme if re.fullmatch(r"[a-z0-9+.-]+", split.scheme) else ""
        return f"{scheme}:// is no database that bihuan works with; {DATABASE_FORMS}"
    if split.fragment:
        return "write # as %XX, which is %23"
    if split.scheme == "sqlite":
        return _fault_of_sqlite(text, split)
    if not split.path.strip("/"):
        return f"the name of the database is missing; {DATABASE_FORMS}"
    return _fault_of_options(split.query)


def _fault_of_sqlite(text: str, split: SplitResult) -> str:
    if split.netloc or split.path in ("", "/"):
        return f"three slashes, then the file; {DATABASE_FORMS}"
    return "SQLite has no options" if split.query or text.endswith("?") else ""


def _fault_of_options(query: str) -> str:
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in DATABASE_OPTIONS:
            # Anything that is not an option name may be part of a password with a question mark in
            # it.
            text = f"option {name}" if re.fullmatch(r"[a-z_]{1,40}", name) else "what follows ?"
            return f"{text} is not understood; write {_either(list(DATABASE_OPTIONS))}"
        words = DATABASE_OPTIONS[name]
        if words is not None and value not in words:
            return f"option {name}={value}: write {_either(list(words))}"
        if not value:
            return f"option {name}: the value is missing"
    return ""


def languages_of(folder: Path) -> list[tuple[str, str]]:
    """Return the languages that have a folder of catalogues, and English, with their own names."""
    found = [path.name.lower().replace("_", "-") for path in sorted(folder.iterdir())]
    return [(code, LANG_INFO.get(code, {}).get("name_local", code)) for code in (*found, "en")]
