"""The settings of the tests: the real ones, with worthless secrets and cheap hashes."""

from bihuan.settings import *  # noqa: F403

SECRET_KEY = "for tests only " * 4
SEAL_KEYS = [  # for tests only
    "bmV3ZXN0LWtleS1mb3ItdGVzdHMtb25seS0wMDAwMDE=",
    "b2xkZXIta2V5LWZvci10ZXN0cy1vbmx5LS0wMDAwMDI=",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "bihuan.orgs.passwords.TemporaryHash",
]
CODE_HASH_COST = 2
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # nothing is collected for the tests, and that is no warning
TEST_CLOCK, IS_PRODUCTION = True, False
if "init_command" in DATABASES["default"]["OPTIONS"]:  # noqa: F405
    # No machine fails in the middle of a test; what drives an installation has the real settings.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
