"""Django's settings, derived from the typed settings of the process (`zhen.runtime.settings`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from zhen.kernel.packs.discovery import discover
from zhen.runtime import settings as runtime


def database_settings(url: str) -> dict[str, Any]:
    """Django's database settings from a PostgreSQL address; unknown parts go to libpq as they are."""
    parts = dict(conninfo_to_dict(url))
    return {
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": parts,
    }


SOURCE = Path(__file__).resolve().parents[1]

PROCESS = runtime.load()

SECRET_KEY = runtime.secret_key(PROCESS)
DEBUG = PROCESS.debug
ALLOWED_HOSTS = [*PROCESS.allowed_hosts, "localhost", "127.0.0.1", "[::1]", PROCESS.host]
ZHEN_HOME = PROCESS.home
NATS_URL = PROCESS.known_nats_url

ZHEN_PACKS = discover()

INSTALLED_APPS = [
    "zhen.kernel.journal",
    "zhen.kernel.places",
    "zhen.kernel.identity",
    "zhen.kernel.parties",
    "zhen.kernel.notify",
    "zhen.kernel.plan",
    "zhen.kernel.packs",
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
    "zhen.web.middleware.ActorMiddleware",
    "zhen.web.middleware.LanguageMiddleware",
    "zhen.web.middleware.ProblemMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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
        **database_settings(PROCESS.known_database_url or "postgresql:///zhen"),
    }
}

AUTH_USER_MODEL = "identity.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

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
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [
    SOURCE / "kernel" / floor / "locale" for floor in ("lib", "access", "pages")
]  # those are no Django apps
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

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
