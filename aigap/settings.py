"""Every setting, from the environment. docs/reference/settings.md explains the variables."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from aigap import sqlite

BASE_DIR = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if value not in {"", "0", "1", "false", "true", "no", "yes", "off", "on"}:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to 1 or 0.")
    return value in {"1", "true", "yes", "on"} if value else default


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def kept_secret_key(path: Path) -> str:
    """The key in this file, made on first use: two processes that start together end with the same one."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def postgres(url: str) -> dict[str, Any]:
    config: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if config["ENGINE"] == "django.db.backends.postgresql":
        # Binding on the server and prepared statements save two fifths of the database's part.
        # On today's disks a random page costs little more than the next one: without saying so PostgreSQL reads
        # whole tables where an index would do.
        defaults = {
            "server_side_binding": True,
            "prepare_threshold": 1,
            "connect_timeout": 10,
            "options": "-c random_page_cost=1.1",
        }
        config["OPTIONS"] = defaults | config.get("OPTIONS", {})
    return config


def database(url: str) -> dict[str, Any]:
    if not url:
        return sqlite.database(DATA_DIR / "aigap.sqlite3")
    if url.startswith("sqlite:"):
        return sqlite.database(dj_database_url.parse(url)["NAME"])
    if url.startswith(("postgres:", "postgresql:")):
        return postgres(url)
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")


def cache(redis_url: str) -> dict[str, Any]:
    if redis_url:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "KEY_PREFIX": "aigap",
        }
    return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "aigap_cache"}


def presence(redis_url: str) -> dict[str, Any]:
    """Who is reading what, for some seconds: beside the database, which an open reader must not write to."""
    if redis_url:
        return cache(redis_url) | {"KEY_PREFIX": "aigap-here"}
    return {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "presence"),
        "OPTIONS": {"MAX_ENTRIES": 5_000},
    }


# Where things are

DATA_DIR = Path(text("AIGAP_DATA_DIR", str(BASE_DIR / "var"))).expanduser().absolute()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
PORT = int(text("PORT", "8000"))
PUBLIC_URL = text("AIGAP_PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
REAL_ARTICLES = Path(text("AIGAP_REAL_ARTICLES")).absolute() if text("AIGAP_REAL_ARTICLES") else None
DEMO = flag("AIGAP_DEMO", default=True)

_public = urlsplit(PUBLIC_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname:
    raise ImproperlyConfigured("AIGAP_PUBLIC_URL must be a whole address, such as https://facts.example.org")
HTTPS = _public.scheme == "https"

# Django

DEBUG = flag("AIGAP_DEBUG", default=False)
SECRET_KEY = text("AIGAP_SECRET_KEY") or kept_secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS = words("AIGAP_ALLOWED_HOSTS") or [_public.hostname, "localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "aigap.urls"
WSGI_APPLICATION = "aigap.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["aigap.formats"]
USE_I18N = True
USE_TZ = True
# Until Django 6 this has to be said: an address typed without a scheme is https.
FORMS_URLFIELD_ASSUME_HTTPS = True
TIME_ZONE = "UTC"

INSTALLED_APPS = [
    "annotations.apps.AnnotationsConfig",
    "annotations.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "annotations.middleware.BodilessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "aigap.compression.PageCompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Who may not come in, and what is too large, is told before the next one reads a form to find its token.
    "annotations.middleware.SignInMiddleware",
    "annotations.views.too_large.BoundedBodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "annotations.middleware.NoStoreMiddleware",
    "annotations.views.errors.FormsAddressMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# No ATOMIC_REQUESTS: on SQLite an IMMEDIATE transaction takes the write lock even to read.
DATABASES = {"default": database(text("DATABASE_URL"))}
CACHES = {"default": cache(text("REDIS_URL")), "presence": presence(text("REDIS_URL"))}

# Files

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "aigap.storage.BundledStaticFilesStorage"},
}
# An article has up to 2 million characters, of up to twelve bytes each where a form or JSON escapes them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
EXPORT_CACHE_BYTES = int(text("AIGAP_EXPORT_CACHE_MB", "1024")) * 1024 * 1024

# People

AUTH_USER_MODEL = "annotations.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
PASSWORD_RESET_TIMEOUT = int(timedelta(days=3).total_seconds())
OTP_TOTP_ISSUER = "aigap"
# A second factor is its owner's: administration takes one away, and never shows it.
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
ADMIN_REQUIRE_OTP = flag("AIGAP_ADMIN_REQUIRE_OTP", default=False)

# Counted in the database, which all nodes share; the cache cannot count without losing some.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_CLIENT_IP_CALLABLE = "aigap.proxies.client_address"
PROXIES = int(text("AIGAP_PROXIES", "0"))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "annotations.views.accounts.locked_out"
AXES_VERBOSE = False

# The browser

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [f"{_public.scheme}://{_public.netloc}"] if HTTPS else []
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# REST

KNOX_TOKEN_MODEL = "annotations.ApiToken"  # noqa: S105
# knox's migrations would make a table for its own token model too, though ours replaces it.
MIGRATION_MODULES = {"knox": None}
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "AUTO_REFRESH": False}
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "aigap",
    "DESCRIPTION": "Articles, the claims marked in them, what reviewers say of each, and the dataset.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [],
    "COMPONENT_SPLIT_PATCH": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/(collections/{slug}/)?",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# The log goes to stderr: no query strings, tokens or cookies.

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "aigap.logs.RedactingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "axes": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}
