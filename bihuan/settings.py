"""Django settings, read from the environment, with safe defaults.

A secret that is not in the environment is read from `var/keys/`, where the demo stores its own. The
web server and the worker refuse to start without them (see `bihuan.web.readiness`).
"""

import os
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import unquote, urlsplit
from zlib import crc32

import django_stubs_ext

from bihuan.core import local_pack, procedure, retention, second_factor
from bihuan.environment import Environment, languages_of

# Makes Django's generic classes subscriptable at run time, as they are for mypy.
django_stubs_ext.monkeypatch()

_given = Environment(os.environ)

BASE = Path(__file__).resolve().parent.parent
# An installed package has no folder of its own to write to.
_NAMELESS = "name the folder for everything that is written, such as /var/lib/bihuan"
VAR = _given.folder(
    "BIHUAN_VAR",
    BASE / "var",
    required="" if (BASE / "pyproject.toml").is_file() else _NAMELESS,
)
# For development: pages show errors in full, which is refused together with a production secret.
DEBUG = _given.switch("BIHUAN_DEBUG")
_given.never_with("BIHUAN_DEBUG", "BIHUAN_SECRET_KEY")

_given.keys_in(VAR / "keys")
SECRET_KEY = _given.secret("BIHUAN_SECRET_KEY")
# Earlier secrets: tracking codes derived from them are still found.
SECRET_KEY_FALLBACKS = _given.earlier_secrets("BIHUAN_OLD_SECRET_KEYS")
# Sixteen megabytes and about forty milliseconds for each guess of a tracking code. Every code is
# stored as such a hash, so changing the cost would make existing codes invalid.
CODE_HASH_COST = 2**14
SEAL_KEYS = _given.seal_keys("BIHUAN_SEAL_KEYS")
# How long after the end of a case the reporter's identity is kept.
NOTICES_KEPT_DAYS = _given.number("BIHUAN_NOTICES_KEPT_DAYS", 180, least=30, most=36_500)
SEAL_KEPT_DAYS = _given.number("BIHUAN_SEAL_KEPT_DAYS", 180, least=1, most=36_500)
# For tests: `tick --now` acts at another instant than the system time. Refused with a secret that
# was set for production; that of the demo is in `var/keys/`.
TEST_CLOCK = _given.switch("BIHUAN_TEST_CLOCK")
IS_PRODUCTION = _given.is_given("BIHUAN_SECRET_KEY")
# The jurisdiction whose procedure grievances follow (`bihuan/core/procedures`).
PROCEDURE = _given.choice("BIHUAN_PROCEDURE", "CN", procedure.names())
# The place whose own rules hold for hazards (`bihuan/core/packs`); by default only national ones.
LOCAL_PACK = _given.choice("BIHUAN_LOCAL_PACK", "CN", local_pack.names())
# The office's own retention list; by default that of its jurisdiction.
RETENTION = _given.file("BIHUAN_RETENTION", lambda path: retention.named(PROCEDURE, path))
# The hosts from which pictures of Open311 reports are fetched; none by default.
OPEN311_MEDIA_HOSTS = _given.hosts("BIHUAN_OPEN311_MEDIA_HOSTS")
ALLOWED_HOSTS = _given.hosts("BIHUAN_HOSTS", "127.0.0.1,localhost,[::1]")

INSTALLED_APPS = [
    "bihuan.orgs",
    "bihuan.journal",
    "bihuan.tallies",
    "bihuan.web",
    "bihuan.calendars",
    "bihuan.files",
    "bihuan.notices",
    "bihuan.maps",
    "bihuan.factors",
    "bihuan.sheets",
    "bihuan.clocks",
    "bihuan.figures",
    "bihuan.criteria",
    "bihuan.checklists",
    "bihuan.cases",
    "bihuan.desk",
    "bihuan.imports",
    "bihuan.receipts",
    "bihuan.sites",
    "bihuan.risks",
    "bihuan.transfers",
    "bihuan.duties",
    "bihuan.visits",
    "bihuan.mediations",
    "bihuan.breaches",
    "bihuan.hazards",
    "bihuan.grievances",
    "bihuan.ledgers",
    "bihuan.inspections",
    "bihuan.plans",
    "bihuan.retention",
    "bihuan.staffing",
    "bihuan.api",
    "bihuan.portal",
    "bihuan.backups",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "bihuan.web.middleware.NamedRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bihuan.web.middleware.ContentSecurityPolicy",
    "bihuan.web.middleware.KeptNowhere",
    "bihuan.web.middleware.HealthFirst",
    "bihuan.tallies.middleware.ProxyWatch",
    "bihuan.web.middleware.NoNulInAddresses",
    "bihuan.web.middleware.ChosenLook",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "bihuan.portal.middleware.SpokenLanguage",
    "django.middleware.common.CommonMiddleware",
    # Within the limit above, which counts the bytes.
    "bihuan.web.middleware.NoBlankPages",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bihuan.orgs.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bihuan.orgs.middleware.SignInGuard",
    "bihuan.factors.middleware.SecondStepGuard",
    "bihuan.orgs.middleware.OperatorGuard",
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
DATABASES = {
    "default": _given.database("BIHUAN_DATABASE_URL", f"sqlite:///{VAR / 'bihuan.sqlite3'}")
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY;"
            # Deleted data is overwritten, not only unlinked.
            "PRAGMA secure_delete=ON;"
        ),
    }
else:
    # Each thread keeps its connection, checks it before a request uses it, and reconnects if it is
    # closed (docs/decisions/0080-each-thread-keeps-its-connection.md).
    DATABASES["default"]["ENGINE"] = "bihuan.store.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # JIT compilation pays off after seconds, and a page takes milliseconds; on current disks random
    # reads by an index cost hardly more than sequential ones.
    costs = "-c jit=off -c random_page_cost=1.1"
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"].get("OPTIONS", {}),  # TLS options and the like, from the URL
        "connect_timeout": 5,
        "options": costs,
        "prepare_threshold": 2,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ------------------------------------------------------------------- sign-in
AUTH_USER_MODEL = "orgs.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["bihuan.orgs.passwords.Argon2", "bihuan.orgs.passwords.TemporaryHash"]
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
LOGIN_URL = "orgs:sign-in"
LOGIN_REDIRECT_URL = "desk:today"
SESSION_ENGINE = "bihuan.orgs.sessions"
SESSION_COOKIE_NAME = "bihuan_session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = _given.number("BIHUAN_IDLE_SECONDS", 30 * 60, least=60, most=12 * 60 * 60)
SESSION_COOKIE_SAMESITE = "Lax"
# Failures within 15 minutes: for one user name from one address (or one known device), from one
# address, and for one user name from all addresses.
SIGN_IN_ATTEMPTS = 5
SIGN_IN_ATTEMPTS_FROM_ADDRESS = 40
SIGN_IN_ATTEMPTS_AT_ACCOUNT = 50
# How long a temporary password is valid; its holder must change it at sign-in.
TEMPORARY_PASSWORD_HOURS = _given.number(
    "BIHUAN_TEMPORARY_PASSWORD_HOURS", 72, least=1, most=30 * 24
)
SIGN_IN_LOCK_SECONDS = 15 * 60
# Powers that require a second factor (`bihuan/core/second_factor.py`).
SECOND_FACTOR = _given.words("BIHUAN_SECOND_FACTOR", second_factor.NAMES)
# Sign-in through an identity provider (OpenID Connect), in addition to the password.
OIDC_ISSUER = _given.service("BIHUAN_OIDC_ISSUER")
OIDC_CLIENT_ID = _given.text("BIHUAN_OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = _given.text("BIHUAN_OIDC_CLIENT_SECRET")
_given.together("BIHUAN_OIDC_ISSUER", "BIHUAN_OIDC_CLIENT_ID", "BIHUAN_OIDC_CLIENT_SECRET")
SECURE_COOKIES = _given.switch("BIHUAN_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_NAME = "bihuan_csrf"
# The site is at the root of its host, whatever a header says.
FORCE_SCRIPT_NAME = ""
if SECURE_COOKIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
# Further checks of `check --deploy` are for the proxy and the owner of the domain to decide:
# whether its other names use TLS (W005, W021), and the redirect from plain HTTP (W008), which would
# loop for ever behind a proxy that does not report the scheme.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# -------------------------------------------------------------------- portal
# Reports of the public from one address within an hour; a quarter of them without scripts.
REPORTS_PER_HOUR = _given.number("BIHUAN_REPORTS_PER_HOUR", 80, least=1, most=1_000_000)
# The number of proxies in front that append the client's address.
PROXIES = _given.number("BIHUAN_PROXIES", 1 if SECURE_COOKIES else 0, least=0, most=10)

# The keys of the hourly tallies, in memory: no backup reads them, and all processes share them.
_MEMORY = Path("/dev/shm")  # noqa: S108
HOUR_KEYS = _given.folder(
    "BIHUAN_HOUR_KEYS",
    (_MEMORY if _MEMORY.is_dir() else Path(gettempdir()))
    / f"bihuan-{os.getuid()}-{crc32(str(VAR).encode()):08x}",
)
# Tables that backups omit: tallies of addresses, and session keys.
LEFT_OUT_OF_BACKUPS = ("tallies_tally", "orgs_signin")
# The file with the key that encrypts backups, if none is named.
BACKUP_KEY_FILE = _given.text("BIHUAN_BACKUP_KEY_FILE")

# ----------------------------------------------------------- language, time
# Each language that has catalogues, and English, in which the texts are written.
LANGUAGES = languages_of(Path(__file__).resolve().parent / "web" / "locale")
LANGUAGE_CODE = _given.choice("BIHUAN_LANGUAGE", "zh-hans", dict(LANGUAGES))
LANGUAGE_COOKIE_NAME = "bihuan_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = _given.zone("BIHUAN_TIME_ZONE", "Asia/Shanghai")

# --------------------------------------------------------------------- files
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = _given.folder("BIHUAN_MEDIA", VAR / "media")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
PHOTO_MAX_BYTES = 20 * 1024 * 1024
PHOTO_MAX_PIXELS = 50_000_000
DOCUMENT_MAX_BYTES = 30 * 1024 * 1024

# ---------------------------------------------------------------------- mail
# smtp[s]://user:password@host:port; without it no mail is sent or queued.
SMTP_URL = _given.address("BIHUAN_SMTP_URL", ("smtp", "smtps"), secret=True)
# The address to which the roots of the journal are mailed each day, to be kept outside.
ROOTS_TO = _given.sender("BIHUAN_ROOTS_TO")
# The public URL of the portal, for links in mails.
PUBLIC_URL = _given.address("BIHUAN_PUBLIC_URL", ("https", "http")).rstrip("/")
_MAIL = urlsplit(SMTP_URL)
EMAIL_HOST = _MAIL.hostname or "localhost"
EMAIL_PORT = _MAIL.port or (465 if _MAIL.scheme == "smtps" else 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
# Unencrypted only to a mail server on this machine.
EMAIL_USE_TLS = _MAIL.scheme == "smtp" and EMAIL_HOST not in ("localhost", "127.0.0.1", "::1")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _given.sender("BIHUAN_MAIL_FROM") or (
    EMAIL_HOST_USER if "@" in EMAIL_HOST_USER else f"bihuan@{EMAIL_HOST}"
)

# -------------------------------------------------------------------- faults
# Error reports show neither form input nor local variables.
DEFAULT_EXCEPTION_REPORTER_FILTER = "bihuan.web.faults.RedactingFilter"

LOG_LEVEL = _given.choice(
    "BIHUAN_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "bihuan.web.logs.Line", "zone": TIME_ZONE}},
    "filters": {
        "outages": {"()": "bihuan.web.outages.OncePerOutage"},
        "addresses": {"()": "bihuan.web.logs.NoAddresses"},
        "no fault": {"()": "bihuan.web.logs.NoFault"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["outages", "addresses", "no fault"],
        }
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # At debug level it logs the metadata of photos: who took them, and where.
    "loggers": {"PIL": {"level": "INFO"}, "fido2": {"level": "WARNING"}},
}

# All settings have been read; invalid values and unknown names are now refused.
_given.finish()
