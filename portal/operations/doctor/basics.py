"""What the environment says: settings, keys, names, mail."""

import smtplib
from datetime import datetime
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

from portal.accounts.sso.saml.metadata import company_of
from portal.operations.doctor.finding import Finding, check, ok, warning, wrong

LEAST_KEY = 50  # characters
SMTP = "django.core.mail.backends.smtp.EmailBackend"
PATIENCE = 3.0  # seconds


@check("settings")
def stand(at: datetime) -> Finding:
    """Production's settings, and nothing that Django's own checks call an error."""
    if settings.DEBUG:
        return wrong("DEBUG is on: errors show code and settings", "turn it off")
    found = [one for one in run_checks(include_deployment_checks=True) if one.level >= ERROR]
    if found:
        return wrong(f"{found[0].id}: {found[0].msg}", str(found[0].hint or "see the message"))
    if settings.SIMULATION_ALLOWED:
        return warning(
            "these are the settings of one machine, for trying it out",
            "for a company set DJANGO_SETTINGS_MODULE=portal.settings.production",
        )
    return ok("those of production")


@check("secret key")
def secret_key(at: datetime) -> Finding:
    key = settings.SECRET_KEY
    if len(key) < LEAST_KEY or len(set(key)) < 10:
        return wrong(
            "SECRET_KEY is short: sessions and links can be forged",
            'make one: python3 -c "import secrets; print(secrets.token_urlsafe(64))"',
        )
    older = len(settings.SECRET_KEY_FALLBACKS)
    if older:
        return warning(
            f"{older} older keys are still good",
            "take them out of SECRET_KEY_FALLBACKS a day after the change",
        )
    return ok("long enough, and the only one")


@check("addresses")
def addresses(at: datetime) -> Finding:
    """The address in links is https and one that the portal answers to."""
    parts = urlsplit(settings.BASE_URL)
    if "*" in settings.ALLOWED_HOSTS or not settings.ALLOWED_HOSTS:
        return wrong("every host name is answered", "name yours in ALLOWED_HOSTS")
    if parts.hostname not in settings.ALLOWED_HOSTS:
        return wrong(f"links say {parts.hostname}, which is refused", "add it to ALLOWED_HOSTS")
    if parts.scheme != "https":
        return warning(f"links say {settings.BASE_URL}", "let BASE_URL begin with https://")
    return ok(settings.BASE_URL)


@check("company's sign-in")
def company(at: datetime) -> Finding:
    """What the environment says of the identity provider can be used."""
    if not settings.SSO_SAML_METADATA:
        return ok(settings.SSO_ISSUER or "none: people sign in by password and code")
    try:
        found = company_of(settings.SSO_SAML_METADATA)
    except ImproperlyConfigured as error:
        return wrong(str(error), "save the provider's metadata there again")
    return ok(f"{found.entity}, with {len(found.certificates)} certificates")


@check("redis")
def broker(at: datetime) -> Finding:
    """It answers, and throws nothing away by itself."""
    if not settings.REDIS_URL:
        return warning(
            "there is none: only a sweeper checks clocks", "set REDIS_URL, or run the launcher"
        )
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
    )
    try:
        version = client.info("server")["redis_version"]
        waiting = client.llen("celery")
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "noeviction")
    except redis.RedisError as error:
        return wrong(f"no answer: {error}", "start it; until then the sweeper goes on alone")
    finally:
        client.close()
    if policy != "noeviction":
        return warning(
            f"its policy is {policy}: nudges may vanish", "set maxmemory-policy noeviction"
        )
    return ok(f"version {version}, {waiting} nudges wait")


@check("mail")
def mail(at: datetime) -> Finding:
    """The mail server lets us in; nothing is sent."""
    if settings.EMAIL_BACKEND != SMTP:
        return warning(
            f"mails do not leave: {settings.EMAIL_BACKEND.rsplit('.', 2)[-2]}",
            "for a company use portal.settings.production and EMAIL_HOST",
        )
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    connection = get_connection(timeout=PATIENCE)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        return wrong(f"{where} does not let us in: {error}", "see EMAIL_HOST and the others")
    finally:
        connection.close()
    return ok(f"{where} lets us in, as {settings.DEFAULT_FROM_EMAIL}")
