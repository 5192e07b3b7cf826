"""Django's settings. Everything that differs between installations comes from AFSPRAAK_* and the
data folder (docs/settings.md).
"""

import os
from typing import Any, Final

from afspraak.host.data import data_folder, secret
from afspraak.host.database import address
from afspraak.project.settings_sign_in import *  # noqa: F403  (Django reads them as its own)
from afspraak.project.settings_sign_in import SIGN_IN_APPS
from afspraak.web.catalogue import compiled

ROLE: Final = os.environ.get("AFSPRAAK_ROLE", "app")
"""The database role of this process: `app` (has a viewer), `system` (watch, workers, commands),
`owner` (migrations).
"""
HOSTS: Final = tuple(os.environ.get("AFSPRAAK_HOSTS", "localhost,127.0.0.1").split(","))

DEBUG = False
SECRET_KEY = secret("django").hex()
ALLOWED_HOSTS = list(HOSTS)
ROOT_URLCONF = "afspraak.project.urls"
WSGI_APPLICATION = "afspraak.project.wsgi.application"
AUTH_USER_MODEL = "parties.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "afspraak.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "afspraak.rights",
    "afspraak.ledger",
    "afspraak.parties",
    "afspraak.agreements",
    "afspraak.tickets",
    "afspraak.clocks",
    "afspraak.notices",
    "afspraak.intake",
    "afspraak.making",
    "afspraak.signing",
    "afspraak.offers",
    "afspraak.readiness",
    "afspraak.archive",
    "afspraak.amending",
    "afspraak.keeping",
    "procrastinate.contrib.django",
    *SIGN_IN_APPS,
]
MIDDLEWARE = [
    "afspraak.web.logs.numbered",
    "django.middleware.security.SecurityMiddleware",
    "afspraak.web.headers.private",
    "afspraak.web.headers.Policy",
    "afspraak.web.packed.packed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "afspraak.api.edge.edge",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "afspraak.web.viewing.Viewing",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]


def database() -> dict[str, Any]:
    """The database as this process' role sees it."""
    found = address(ROLE)
    name = os.environ.get("AFSPRAAK_DATABASE_NAME") or found.name
    return {
        "ENGINE": "afspraak.rights.postgresql",
        "HOST": found.host,
        "PORT": str(found.port),
        "NAME": name,
        "USER": found.user,
        "PASSWORD": found.password,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **dict(found.options),
            "application_name": f"afspraak-{ROLE}",
            "prepare_threshold": 0,  # of statements that say so (rights.planned)
            "options": "-c lock_timeout=5s -c statement_timeout=30s"
            " -c idle_in_transaction_session_timeout=60s -c timezone=UTC",
        },
    }


DATABASES = {"default": database()}

DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
"""Bytes of a body, whatever the door; each operation of the API takes less, unless it says so."""

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [compiled(data_folder())]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
"""Static files are few, and served from the packages that bring them: nothing to collect."""
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["afspraak.web.templatetags.addressing"],
            "libraries": {"i18n": "afspraak.web.templatetags.texts"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "afspraak.web.viewing.shown",
                "afspraak.web.menu.menu",
            ],
        },
    },
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "our_faults": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: record.exc_info is not None,
        },
    },
    "handlers": {"terminal": {"class": "logging.StreamHandler", "filters": ["our_faults"]}},
    "loggers": {"django.request": {"handlers": ["terminal"]}},
}
"""A fault of ours is written down with its traceback; Django alone does so by mail or not at all.
Everything else that is said goes where the program that we are in wants it.
"""
