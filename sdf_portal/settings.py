"""The one settings file. What differs per installation comes from the environment, or the start fails.

Without DATABASE_URL the embedded database of SDF_DATA_DIR is used, without REDIS_URL its broker; then missing
keys are made once and kept there. With a DATABASE_URL the keys must be given: a key that differs
between hosts would give one person two pseudonyms.
"""

import sys
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

from sdf_portal import embedded
from sdf_portal.logging import LOGGING as LOGGING

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
TESTING = "pytest" in sys.modules
SHORTEST_KEY = 32  # characters

SDF_DATA_DIR = Path(env("SDF_DATA_DIR", default=str(BASE_DIR / "var"))).absolute()
SDF_DATA_DIR.mkdir(parents=True, exist_ok=True)


def _port(told: str) -> int:
    if not told.isdecimal() or not 0 < int(told) < 65536:
        raise ImproperlyConfigured(f"SDF_PORT is {told}; kies een getal van 1 tot en met 65535.")
    return int(told)


SDF_PORT = _port(env("SDF_PORT", default="8000"))
EMBEDDED_DATABASE = "DATABASE_URL" not in env.ENVIRON
_servers = (
    embedded.ensure(SDF_DATA_DIR) if EMBEDDED_DATABASE or "REDIS_URL" not in env.ENVIRON else embedded.Servers("", "")
)


def _key(name: str) -> str:
    """A secret key from the environment; only beside an embedded database is one made."""
    given = str(env(name, default=""))
    if EMBEDDED_DATABASE:
        return given or embedded.secret(SDF_DATA_DIR, name.lower())
    if len(given) < SHORTEST_KEY:
        raise ImproperlyConfigured(
            f"Zet {name} in de omgeving, minstens {SHORTEST_KEY} tekens: met DATABASE_URL wordt er geen gemaakt."
        )
    return given


SECRET_KEY = _key("SECRET_KEY")
PSEUDONYM_KEY = _key("PSEUDONYM_KEY")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

DATABASES = {
    "default": {
        **env.db("DATABASE_URL", default=_servers.database_url),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = env("REDIS_URL", default=_servers.redis_url)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "sdf_portal",
    "accounts",
    "messaging",
    "providers",
    "kpi",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "sdf_portal.addresses.FilledFieldsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.NotKeptMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "kpi.middleware.ReferenceDateMiddleware",
]
ROOT_URLCONF = "sdf_portal.urls"
WSGI_APPLICATION = "sdf_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sdf_portal.navigation.around_the_page",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "accounts.passwords.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_VERBOSE = False

HTTPS = env.bool("HTTPS", default=not EMBEDDED_DATABASE)  # off only on one's own machine
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = SDF_DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "sdf_portal.assets.NodePackagesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_NUMBER_FILES = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # larger files go to disk at once
FILE_UPLOAD_TEMP_DIR = SDF_DATA_DIR

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True  # a killed worker's task is done again; every task may run twice
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "nightly figures": {"task": "kpi.tasks.refresh", "schedule": crontab(hour=3, minute=0)},
    "old exports": {"task": "kpi.export_tasks.remove_old", "schedule": crontab(hour=4, minute=0)},
}
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 6 * 60 * 60}
CELERY_BEAT_SCHEDULE |= {
    # Every morning, so that a day on which nothing ran is made up for; what is there already is left alone.
    "monthly edition": {"task": "kpi.tasks.publish_month", "schedule": crontab(hour=4, minute=30)},
    "looks": {"task": "accounts.tasks.forget_looks", "schedule": crontab(hour=2, minute=30)},
    "uploads": {"task": "messaging.tasks.take_up", "schedule": crontab(), "options": {"expires": 60}},
    "heartbeat": {"task": "kpi.tasks.heartbeat", "schedule": crontab(), "options": {"expires": 60}},
}

PUBLICATION_WORKDAY = env.int("PUBLICATION_WORKDAY", default=5)  # of the month, for the figures of the month before
LOOK_LOG_DAYS = env.int("LOOK_LOG_DAYS", default=5 * 365)  # who looked at single clients

ADMINS = [(address, address) for address in env.list("ADMINS", default=[])]  # are mailed when a job failed
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if env("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
SERVER_EMAIL = DEFAULT_FROM_EMAIL = env("MAIL_FROM", default="sdf-portaal@localhost")
