"""What is the same everywhere. `local`, `production` and `test` add what differs."""

import zoneinfo
from pathlib import Path

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from portal.settings.bindings import *  # noqa: F403
from portal.settings.queue import *  # noqa: F403

# ModelAdmin[...], Form fields and views take their type argument while running, too.
django_stubs_ext.monkeypatch()
# The locked package's rules of time zones, which agreements name when they are signed: on
# every host the same ones, however old the system's are.
zoneinfo.reset_tzpath(to=[])

ROOT = Path(__file__).parents[2]

DEBUG = False
STYLE_GUIDE = True  # the page of all components, for administrators
# Only a database that says it is simulated may move its clock, and never in production.
SIMULATION_ALLOWED = False
# Each published head of the ledger is a line of this file; None: they are only remembered.
LEDGER_HEADS_FILE: Path | None = None

INSTALLED_APPS = [
    "portal.accounts",
    "portal.ledger",
    "portal.notifications",
    "portal.demo",
    "portal.look",
    "portal.cache",
    "portal.jobs",
    "portal.unfinished",
    "portal.operations",
    "sla",
    "leads",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "django_htmx",
    "simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The first two see every response, static files and errors included.
MIDDLEWARE = [
    "portal.middleware.RequestIds",
    "portal.middleware.SecurityHeaders",
    "portal.middleware.SweepWhenOverdue",
    "portal.middleware.ProgramsByHttps",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.SameSiteWrites",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.SessionLimits",
    "portal.accounts.sessions.pace.Pace",
    "portal.reader.zone.ReadersZone",
    "portal.reader.language.ReadersLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.middleware.LoginRequired",
    "portal.accounts.sessions.demanded.SecondFactor",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "portal.middleware.Refusals",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.look.context.shell",
            ],
        },
    },
]

# One for all processes: who counts tried passwords and used codes must count them together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- who is there
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.adapter.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name, "OPTIONS": options}
    for name, options in [
        (
            "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
            {"user_attributes": ["name", "email"]},
        ),
        # Long, of any signs, and not what many have: no rule of which kinds of signs.
        (
            "django.contrib.auth.password_validation.MinimumLengthValidator",
            {"min_length": 12},
        ),
        ("portal.accounts.sessions.leaked.Leaked", {}),
        ("portal.accounts.sessions.guessable.OurWords", {}),
    ]
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "portal.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by an admin, never by signing up
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds; signing asks for a fresh proof
ACCOUNT_SESSION_REMEMBER = False
# The provider itself is named by the environment: see `watch`.
SOCIALACCOUNT_ADAPTER = "portal.accounts.sso.views.adapter.CompanyAdapter"
SOCIALACCOUNT_STORE_TOKENS = False  # what the provider gave is read once and forgotten
ACCOUNT_RATE_LIMITS = {
    # Wrong passwords: from one address; and for one account from that address alone, the
    # longer they come the slower, so that nobody elsewhere is kept out.
    "login_failed": "20/m/ip,200/h/ip,5/5m/key,20/h/key,50/d/key",
    # And from all browsers together in which this person never was.
    "login_strange": "100/h/key",
}
MFA_SUPPORTED_TYPES = ["totp"]  # recovery codes are ours: portal/accounts/codes
MFA_TOTP_ISSUER = "Concord"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "portal.accounts.codes.forms.SignInForm",
    "reauthenticate": "portal.accounts.codes.forms.ProveForm",
    "activate_totp": "portal.accounts.codes.forms.TurnOnForm",
}
# An admin makes the account and its address, so nobody can hold another's by signing up first.
MFA_ALLOW_UNVERIFIED_EMAIL = True

SESSION_COOKIE_AGE = 8 * 3600  # seconds without a request
SESSION_LONGEST = 24 * 3600  # seconds in all
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
COOKIE_PREFIX = ""  # of what a browser remembers besides: theme, keys, what was read
MESSAGE_STORAGE = "portal.operations.refusing.Told"

# --- what the browser may do
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb",
    )
)  # fmt: skip
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "portal.spreadsheet.quota.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- words, zones
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = "portal.formats"

# --- files
STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_MIMETYPES = {".svg": "image/svg+xml; charset=utf-8"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
