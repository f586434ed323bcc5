"""Django's settings, all from the environment (see ``smpclinic.environment`` for the variables)."""

import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from smpclinic.database.addresses import database_from_url
from smpclinic.environment import BASE_DIR, BadValue, read


def _value(name):
    try:
        return read(name, os.environ)
    except BadValue as error:
        raise ImproperlyConfigured(str(error)) from error


def _key(path: Path) -> str:
    """The secret in ``path``, made on first use and readable by this user alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"SMPCLINIC_DATA={path.parent} cannot be written ({error.strerror}). Choose a folder you may write to."
        ) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


MODE = _value("SMPCLINIC_MODE")
DATA_ROOT = Path(_value("SMPCLINIC_DATA") or BASE_DIR / "var" / MODE).resolve()
PRIVATE_ROOT = DATA_ROOT / "files"
BACKUPS = Path(_value("SMPCLINIC_BACKUPS") or DATA_ROOT.parent / f"{DATA_ROOT.name}-backups").resolve()
BACKUPS_OFFSITE = Path(_value("SMPCLINIC_BACKUPS_OFFSITE")).resolve() if _value("SMPCLINIC_BACKUPS_OFFSITE") else None
PUBLIC_URL = _value("SMPCLINIC_PUBLIC_URL")
PORT = _value("SMPCLINIC_PORT")
# Pages of patients without an account: their addresses must not travel on in a Referer.
PRIVATE_PREFIXES = ("/i/", "/my-intake/")
DEBUG = _value("SMPCLINIC_DEBUG")

SECRET_KEY = _key(DATA_ROOT / "secret_key")
# Signs the chain of sealed records. Apart from SECRET_KEY, so that one can be changed without the other, and
# outside the database, so that whoever can rewrite the rows cannot rewrite the chain.
CHAIN_KEY = _key(DATA_ROOT / "chain_key")

ALLOWED_HOSTS = _value("SMPCLINIC_HOSTS")
TRUSTED_PROXY_COUNT = _value("SMPCLINIC_PROXIES")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

DATABASES = {"default": database_from_url(_value("DATABASE_URL") or f"sqlite:///{DATA_ROOT / 'clinic.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "smpclinic",
    "intake",
    "planning",
    "sessions.apps.SessionsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "django_htmx",
]
MIDDLEWARE = [
    "smpclinic.headers.StrictHeaders",
    "smpclinic.kept.OneRequest",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "smpclinic.staff_language.StaffLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "smpclinic.session_end.AbsoluteEnd",
    "smpclinic.turned.TurnedToPatient",
    "intake.kiosk.KioskLock",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "smpclinic.clinic_time.ClinicTime",
    "intake.merged_away.LeadToWinner",
]
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
                "smpclinic.pages.navigation.navigation",
            ],
            "builtins": ["smpclinic.templatetags.local_dates"],
        },
    }
]
ROOT_URLCONF = "smpclinic.urls"
WSGI_APPLICATION = "smpclinic.wsgi.application"
FORM_RENDERER = "smpclinic.form_rendering.ClinicForms"

AUTH_USER_MODEL = "smpclinic.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "smpclinic.signin.ClinicAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # or any visitor could have us write to strangers
# Tries are counted by smpclinic.limits, exactly and across processes.
ACCOUNT_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
ACCOUNT_FORMS = {"change_password": "smpclinic.signin.ChangePasswordForm"}
# Codes are tried through our own forms, which count the tries: allauth's limits are off.
MFA_FORMS = {
    "authenticate": "smpclinic.signin.AuthenticateForm",
    "reauthenticate": "smpclinic.signin.ReauthenticateForm",
}
MFA_TOTP_ISSUER = "smpclinic"
MFA_PASSKEY_LOGIN_ENABLED = False

SESSION_COOKIE_AGE = 12 * 60 * 60  # trust.md: 12 hours, absolute
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "smpclinic.pages.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _value("SMPCLINIC_HTTPS")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SESSION_COOKIE_SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SESSION_COOKIE_SECURE
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = "UTC"  # stored; shown in the clinic's own zone by smpclinic.clinic_time
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]  # of the patient's pages and papers
STAFF_LANGUAGES = ["en", "es"]  # of the whole interface
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_ROOT / "static"
STORAGES = {
    "default": {"BACKEND": "smpclinic.storage.PrivateStorage"},
    "staticfiles": {
        "BACKEND": "smpclinic.static_files.HashedStaticFiles"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

CRISPY_ALLOWED_TEMPLATE_PACKS = ["smp"]
CRISPY_TEMPLATE_PACK = "smp"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

DEFAULT_FROM_EMAIL = SERVER_EMAIL = _value("SMPCLINIC_MAIL_FROM")
if _value("SMPCLINIC_MAIL_URL"):
    vars().update(environ.Env.email_url_config(_value("SMPCLINIC_MAIL_URL")))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_ROOT / "mail"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"tokens": {"()": "smpclinic.masking.MaskTokens"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "smpclinic": {"level": "INFO"},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # X-Frame-Options comes from StrictHeaders
if not SESSION_COOKIE_SECURE:
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]
