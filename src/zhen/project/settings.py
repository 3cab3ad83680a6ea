"""Django's settings, derived from the typed settings of the process (`zhen.runtime.settings`)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from zhen.kernel.identity.limits import Limits
from zhen.kernel.packs.discovery import discover
from zhen.runtime import settings as runtime


def database_settings(url: str, pool: int = 0) -> dict[str, Any]:
    """Django's database settings from a PostgreSQL address; unknown parts go to libpq as they are.

    `pool` is how many connections a process keeps for its requests. Each is looked at before it is used again, so that
    a database that was restarted is no fault.

    Values are bound by the client, so that every statement is planned for the values that it has: a plan for any value
    reads the whole journal where its newest event is looked for.
    """
    parts = dict(conninfo_to_dict(url))
    kept = {"pool": {"min_size": 1, "max_size": pool, "timeout": 10}} if pool else {}
    return {
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts | kept,
        "CONN_HEALTH_CHECKS": bool(pool),
    }


SOURCE = Path(__file__).resolve().parents[1]

PROCESS = runtime.load()

SECRET_KEY = runtime.secret_key(PROCESS)
DEBUG = PROCESS.debug
ALLOWED_HOSTS = [*PROCESS.allowed_hosts, "localhost", "127.0.0.1", "[::1]", PROCESS.host]
ZHEN_HOME = PROCESS.home
ZHEN_KEY_RING = PROCESS.key_ring or PROCESS.home / "keys" / "ring.json"
ZHEN_CIPHERS = PROCESS.ciphers
NATS_URL = PROCESS.known_nats_url
MQTT_URL = PROCESS.known_mqtt_url
ZHEN_NATS_SYSTEM_URL = PROCESS.known_nats_system_url
ZHEN_NATS_ISSUER = PROCESS.known_nats_issuer
ZHEN_NATS_REPLICAS = PROCESS.nats_replicas
ZHEN_INGEST_LANES = PROCESS.ingest_lanes

ZHEN_PACKS = discover()
ZHEN_GATEWAYS = ["zhen.gateways.gb26875"]  # those that declare something; each is an app below

INSTALLED_APPS = [
    "zhen.kernel.jobs",
    "zhen.kernel.journal",
    "zhen.kernel.oversight",
    "zhen.kernel.files",
    "zhen.kernel.places",
    "zhen.kernel.identity",
    "zhen.kernel.parties",
    "zhen.kernel.notify",
    "zhen.kernel.cases",
    "zhen.kernel.telemetry",
    "zhen.kernel.ledger",
    "zhen.kernel.rounds",
    "zhen.kernel.plan",
    "zhen.kernel.packs",
    *ZHEN_PACKS,
    "zhen.gateways.ogc",
    "zhen.gateways.hotline",
    "zhen.gateways.open311",
    "zhen.gateways.mqtt",
    *ZHEN_GATEWAYS,
    "zhen.web",
    "zhen.project",
    "django_cotton",
    "django_vite",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    # signing in
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "zhen.web.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhen.web.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhen.web.signing_in.middleware.SessionLimitMiddleware",
    "zhen.web.middleware.ActorMiddleware",
    "zhen.web.middleware.LanguageMiddleware",
    "zhen.web.middleware.ProblemMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zhen.web.signing_in.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "zhen.project.urls"
ASGI_APPLICATION = "zhen.project.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "zhen.web.context.face",
            ],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **database_settings(PROCESS.known_database_url or "postgresql:///zhen", PROCESS.database_pool),
    }
}

# A job whose time came while no worker ran is done when one starts, up to a day later.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 3600}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"zhen": {"level": "INFO"}},
}

# Signing in: accounts are made by the system administrator, rights come from posts alone.

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "zhen.kernel.identity.passwords.KindsOfCharacters"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ZHEN_DEMO = PROCESS.demo
ZHEN_SESSION_LIMITS = Limits(
    idle=timedelta(minutes=PROCESS.session_idle_minutes), absolute=timedelta(hours=PROCESS.session_hours)
)
ZHEN_ELEVATION = timedelta(minutes=PROCESS.elevation_minutes)
SESSION_COOKIE_AGE = PROCESS.session_hours * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = (PROCESS.public_url or "").startswith("https://")

ALLAUTH_TRUSTED_PROXY_COUNT = PROCESS.trusted_proxies
ACCOUNT_ADAPTER = "zhen.kernel.identity.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key"}
SOCIALACCOUNT_ADAPTER = "zhen.kernel.identity.adapters.SocialAccountAdapter"
MFA_ADAPTER = "zhen.kernel.identity.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"

SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
ZHEN_OIDC_NAME = PROCESS.oidc_name if PROCESS.oidc_issuer else ""
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if PROCESS.oidc_issuer:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "town",
                "name": PROCESS.oidc_name,
                "client_id": PROCESS.oidc_client_id,
                "secret": PROCESS.oidc_client_secret,
                "settings": {"server_url": PROCESS.oidc_issuer},
            }
        ],
    }

# Messages out: see the channels of `kernel/notify`. Without an address a channel says that it is off.

ZHEN_PUBLIC_URL = PROCESS.public_url or f"http://{PROCESS.host}:{PROCESS.port}"
ZHEN_OCID_PREFIX = PROCESS.ocid_prefix
ZHEN_SMS_URL = PROCESS.sms_url
ZHEN_SMS_SECRET = PROCESS.sms_secret
ZHEN_SMS_FILE = PROCESS.home / "text-messages.jsonl"
ZHEN_PRIVATE_WEBHOOKS = PROCESS.private_webhooks
ZHEN_SMTP_URL = PROCESS.smtp_url
DEFAULT_FROM_EMAIL = SERVER_EMAIL = PROCESS.mail_from

# The cache is shared by all processes: lock-outs and rate limits count in the database.

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "identity_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

CSRF_FAILURE_VIEW = "zhen.web.errors.forgery"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Nothing inline, nothing from elsewhere. `blob:` is for the map's images, `data:` for its one-pixel patterns.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        # browsers hold a form's redirects to this as well: signing in at the provider starts with a form
        "form-action": [SELF, *([PROCESS.oidc_issuer] if PROCESS.oidc_issuer else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [
    SOURCE / "kernel" / floor / "locale" for floor in ("lib", "access", "forms", "pages")
]  # those are no Django apps
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# What people send. Another storage for "files", such as an S3-compatible one, needs no other change.

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "files": {
        "BACKEND": "zhen.kernel.files.storage.ContentStorage",
        "OPTIONS": {"location": PROCESS.home / "files"},
    },
}

STATIC_URL = "/static/"
# Served where they lie in the packages: nothing is collected, and a wheel needs no step before it starts.
WHITENOISE_USE_FINDERS = True

# Vite names files by their content, so browsers may keep them; whitenoise finds the compressed ones beside them.
VITE_MANIFEST = SOURCE / "web" / "static" / "dist" / "manifest.json"
DJANGO_VITE = {
    "default": {
        # without built assets Vite serves them (`npm run dev`); else pages come unstyled, and `zhen check` says so
        "dev_mode": not VITE_MANIFEST.exists(),
        "manifest_path": VITE_MANIFEST,
        "static_url_prefix": "dist",
    }
}
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/assets/"
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Fonts for PDF documents, copied beside the built assets.
ZHEN_DOCUMENT_FONTS = SOURCE / "web" / "static" / "dist" / "documents"
