"""Django's settings, derived from the typed settings of the process (`zhen.runtime.settings`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    "zhen.kernel.jobs",
    "zhen.kernel.journal",
    "zhen.kernel.places",
    "zhen.kernel.identity",
    "zhen.kernel.parties",
    "zhen.kernel.notify",
    "zhen.kernel.plan",
    "zhen.kernel.packs",
    "zhen.web",
    "zhen.project",
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
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhen.web.middleware.ActorMiddleware",
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

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [
    SOURCE / "kernel" / floor / "locale" for floor in ("lib", "access", "pages")
]  # those are no Django apps
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ZHEN_HOME / "static"
