"""Every setting, read from the environment, safe when nothing is set.

A secret that is not in the environment is looked for under `var/keys/`, where the demo puts
its own. The web server and the worker refuse to start without them (see `bihuan.web.readiness`).
"""

import os
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import unquote, urlsplit
from zlib import crc32

import dj_database_url
import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from bihuan.core.numerals import whole

# Lets Django's generic classes take their type at run time as they do for mypy.
django_stubs_ext.monkeypatch()

BASE = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("BIHUAN_VAR", BASE / "var"))
DEBUG = False


def _secret(name: str) -> str:
    kept = VAR / "keys" / name.lower()
    return os.environ.get(name) or (kept.read_text().strip() if kept.is_file() else "")


def _number(name: str, default: int) -> int:
    said = os.environ.get(name) or str(default)
    number = whole(said)
    if number is None:
        raise ImproperlyConfigured(f"{name}={said}: not a whole number")
    return number


SECRET_KEY = _secret("BIHUAN_SECRET_KEY")
# Earlier secrets: tracking codes that were given out under them are still found.
SECRET_KEY_FALLBACKS = [key for key in _secret("BIHUAN_OLD_SECRET_KEYS").split(",") if key]
SEAL_KEYS = [key for key in _secret("BIHUAN_SEAL_KEYS").split(",") if key]
# How long after the end of a case it is still known who reported it.
SEAL_KEPT_DAYS = _number("BIHUAN_SEAL_KEPT_DAYS", 180)
# For tests: `tick --now` acts at another instant than the machine's, never beside a secret that
# was set for production; that of the demo lies under `var/keys/`.
TEST_CLOCK = os.environ.get("BIHUAN_TEST_CLOCK") == "1"
IS_PRODUCTION = bool(os.environ.get("BIHUAN_SECRET_KEY"))
# Whose procedure grievances follow (`bihuan/core/procedures`).
PROCEDURE = os.environ.get("BIHUAN_PROCEDURE", "CN")
# From which hosts pictures of Open311 reports are fetched; from none unless they are named.
OPEN311_MEDIA_HOSTS = [
    host.strip().lower()
    for host in os.environ.get("BIHUAN_OPEN311_MEDIA_HOSTS", "").split(",")
    if host.strip()
]
ALLOWED_HOSTS = os.environ.get("BIHUAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "bihuan.orgs",
    "bihuan.journal",
    "bihuan.web",
    "bihuan.calendars",
    "bihuan.files",
    "bihuan.notices",
    "bihuan.sheets",
    "bihuan.cases",
    "bihuan.mediations",
    "bihuan.hazards",
    "bihuan.grievances",
    "bihuan.ledgers",
    "bihuan.api",
    "bihuan.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bihuan.web.middleware.NoNulInAddresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "bihuan.portal.middleware.SpokenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bihuan.web.middleware.ContentSecurityPolicy",
    "bihuan.orgs.middleware.SignInGuard",
]

ROOT_URLCONF = "bihuan.urls"
WSGI_APPLICATION = "bihuan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bihuan.web.context.chrome",
            ],
            "builtins": ["django.templatetags.i18n", "bihuan.web.templatetags.bihuan"],
        },
    }
]

# ------------------------------------------------------------------ database
DATABASE_URL = os.environ.get("BIHUAN_DATABASE_URL", f"sqlite:///{VAR / 'bihuan.sqlite3'}")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    # Each thread keeps its connection, tries it before a request uses it, and opens another where
    # it is dead (docs/decisions/0080-each-thread-keeps-its-connection.md).
    DATABASES["default"]["ENGINE"] = "bihuan.store.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a query pays off after seconds, and a page has milliseconds; on today's disks
    # what an index finds costs hardly more than what is read in passing.
    costs = "-c jit=off -c random_page_cost=1.1"
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "options": costs,
        "prepare_threshold": 2,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ------------------------------------------------------------------- sign-in
AUTH_USER_MODEL = "orgs.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "bihuan.orgs.passwords.TwoKindsOfCharacter"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "today"
SESSION_ENGINE = "bihuan.orgs.sessions"
SESSION_COOKIE_NAME = "bihuan_session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = _number("BIHUAN_IDLE_SECONDS", 30 * 60)
SESSION_COOKIE_SAMESITE = "Lax"
SIGN_IN_ATTEMPTS = 5
SIGN_IN_LOCK_SECONDS = 15 * 60
SECURE_COOKIES = os.environ.get("BIHUAN_HTTPS", "") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_NAME = "bihuan_csrf"
if SECURE_COOKIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# -------------------------------------------------------------------- portal
# Reports of the public from one address within an hour; a quarter of them without a script.
REPORTS_PER_HOUR = _number("BIHUAN_REPORTS_PER_HOUR", 80)
# How many proxies stand in front and name the address that they were asked from.
PROXIES = _number("BIHUAN_PROXIES", 1 if SECURE_COOKIES else 0)

# The keys of the hourly tallies, in memory: no backup reads them, and all processes share them.
_MEMORY = Path("/dev/shm")  # noqa: S108
HOUR_KEYS = Path(
    os.environ.get("BIHUAN_HOUR_KEYS")
    or (_MEMORY if _MEMORY.is_dir() else Path(gettempdir()))
    / f"bihuan-{os.getuid()}-{crc32(str(VAR).encode()):08x}"
)
# Tables whose rows no backup holds.
LEFT_OUT_OF_BACKUPS = ("portal_tally",)

# ----------------------------------------------------------- language, time
LANGUAGE_CODE = os.environ.get("BIHUAN_LANGUAGE", "zh-hans")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "bihuan_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("BIHUAN_TIME_ZONE", "Asia/Shanghai")

# --------------------------------------------------------------------- files
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = Path(os.environ.get("BIHUAN_MEDIA", VAR / "media"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
PHOTO_MAX_BYTES = 20 * 1024 * 1024
PHOTO_MAX_PIXELS = 50_000_000
DOCUMENT_MAX_BYTES = 30 * 1024 * 1024

# ---------------------------------------------------------------------- mail
# smtp[s]://user:password@host:port; without it no mail is sent and none waits to be.
SMTP_URL = os.environ.get("BIHUAN_SMTP_URL", "")
# Where the public reaches the portal, for the link in a mail.
PUBLIC_URL = os.environ.get("BIHUAN_PUBLIC_URL", "").rstrip("/")
_MAIL = urlsplit(SMTP_URL)
EMAIL_HOST = _MAIL.hostname or "localhost"
EMAIL_PORT = _MAIL.port or (465 if _MAIL.scheme == "smtps" else 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
# In clear only to a mail server on this very machine.
EMAIL_USE_TLS = _MAIL.scheme == "smtp" and EMAIL_HOST not in ("localhost", "127.0.0.1", "::1")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("BIHUAN_MAIL_FROM") or (
    EMAIL_HOST_USER if "@" in EMAIL_HOST_USER else f"bihuan@{EMAIL_HOST}"
)

# -------------------------------------------------------------------- faults
# A report of a fault shows neither what was typed nor what the program held in its hands.
DEFAULT_EXCEPTION_REPORTER_FILTER = "bihuan.web.faults.Discreet"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("BIHUAN_LOG_LEVEL", "INFO")},
    # Asked for every detail, it writes down what photos say of whoever took them, and where.
    "loggers": {"PIL": {"level": "INFO"}},
}
