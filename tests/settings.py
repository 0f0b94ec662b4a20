"""The settings of the tests: the real ones, with worthless secrets and cheap hashes."""

import atexit
import tempfile
from pathlib import Path

from bihuan.settings import *  # noqa: F403

SECRET_KEY = "for tests only " * 4
SEAL_KEYS = ["for-tests-only"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # nothing is collected for the tests, and that is no warning

# Stored files are written and renamed on a real disk, in a folder that goes when the tests end.
_media = tempfile.TemporaryDirectory(prefix="bihuan-media-")
atexit.register(_media.cleanup)
MEDIA_ROOT = Path(_media.name)
