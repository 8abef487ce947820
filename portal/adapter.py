"""Our answers to django-allauth's questions."""

import base64
import logging
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal.accounts.codes import onetime
from portal.accounts.models import User
from portal.accounts.sessions import actions as sessions
from portal.accounts.sso import fresh
from portal.accounts.templatetags.signing_in import company_name
from portal.bulk.prepared import Prepared
from portal.notifications.models.sealing import Unreadable, is_sealed, seal, unseal

_PERSON = Prepared(
    lambda pk: User.objects.select_related("team", "department").filter(pk=pk), int
)
KNOWN = "concord_known"
KNOWN_FOR = 90 * 24 * 3600  # seconds
APP = "allauth.account"
logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People get their account from an admin; nobody signs up.

    Wrong passwords are counted for an account and an address together, so that a stranger
    keeps nobody out. A browser in which somebody was signed in before is theirs: guesses
    from everywhere else, which have a limit too, do not count against it.
    """

    def is_open_for_signup(self, request: HttpRequest | None) -> Any:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{self.get_client_ip(request)}:{_login_of(credentials)}"

    def validation_error(self, code: str, *args: Any) -> Any:
        if code == "too_many_login_attempts":
            logger.warning("sign-in refused", extra={"why": "too many attempts"})
        return super().validation_error(code, *args)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Said without what was typed: it is a person's address, or their password."""
        logger.warning("sign-in refused", extra={"why": "wrong password or no such account"})

    def reauthenticate(self, user: Any, password: str) -> bool:
        proved = bool(super().reauthenticate(user, password))
        if not proved:
            logger.info("proof refused", extra={"person": user.pk, "way": "password"})
        return proved

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> Any:
        """Asked at each door that wants a fresh proof. allauth would let through whom it has
        nothing to ask for; of them the provider must say it. Raises ReauthenticationRequired.
        """
        fresh.ask_if_owed(context.request)
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if found or not fresh.comes_by_company_alone(user):
            return found
        where = reverse("company-prove")
        said = _("Confirm at %(company)s") % {"company": company_name()}
        return [{"id": "company", "description": said, "url": where}]

    def logout(self, request: HttpRequest) -> None:
        logger.info("signed out", extra={"person": request.user.pk})
        super().logout(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        if settings.SSO_ONLY:
            logger.warning("sign-in refused", extra={"why": "passwords are closed"})
            raise ValidationError(_("Passwords open nothing here. Use your company's sign-in."))
        super().pre_authenticate(request, **credentials)
        self._strange = None
        if _is_known(request, _login_of(credentials)):
            return
        self._strange = ratelimit.consume(
            request, app=APP, action="login_strange", key=_login_of(credentials)
        )
        if not self._strange:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        super()._rollback_login_failed_rl_usage()
        strange = getattr(self, "_strange", None)
        if strange is not None:
            strange.rollback()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Behind a `#`, which no browser sends: see portal.accounts.inviting.forgotten."""
        return f"{settings.BASE_URL}{reverse('forgotten')}#{key}"

    def set_password(self, user: Any, password: str) -> None:
        """Whoever knew the old one is out, but for the browser in which it is changed."""
        super().set_password(user, password)
        sessions.end_others(by=user, key=context.request.session.session_key or "")

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        logger.info("signed in", extra={"person": user.pk, "way": _ways_of(request)})
        response.set_cookie(
            known_as(), signing.dumps(_digest(user.email.lower()), salt=KNOWN),
            max_age=KNOWN_FOR, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
            samesite="Lax",
        )  # fmt: skip
        return response


def _ways_of(request: HttpRequest) -> str:
    """By what they proved who they are: "password", "password mfa", "socialaccount"."""
    return " ".join(one["method"] for one in get_authentication_records(request, request.user))


def _login_of(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "").lower()


def _is_known(request: HttpRequest, login: str) -> bool:
    """Whether this browser says, with our signature, that this person was signed in here."""
    try:
        said = signing.loads(request.COOKIES.get(known_as(), ""), salt=KNOWN, max_age=KNOWN_FOR)
    except signing.BadSignature:
        return False
    return bool(said == _digest(login))


def known_as() -> str:
    """What the cookie is called in the browser."""
    return f"{settings.COOKIE_PREFIX}{KNOWN}"


def _digest(login: str) -> str:
    """Who has the cookie cannot try addresses on it: it takes the portal's key."""
    return str(salted_hmac(KNOWN, login, algorithm="sha256").hexdigest())


class CodesAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """allauth's; a one-time code that was refused is said in the log, never the code. Seeds
    of codes are sealed; one of before is read as it is until it is sealed, too."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        if not is_sealed(encrypted_text):
            return encrypted_text
        try:
            return unseal(encrypted_text)
        except Unreadable:  # no code fits, and an administrator takes the factor away
            logger.error("a seed of codes was sealed under another SECRET_KEY")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def build_totp_url(self, user: Any, secret: str) -> str:
        url: str = super().build_totp_url(user, secret)
        if settings.CODES_DIGEST == onetime.DIGEST:
            url += f"&algorithm={onetime.DIGEST.upper()}"
        return url

    def validation_error(self, code: str, *args: Any) -> Any:
        if code == "incorrect_code":
            logger.warning("sign-in refused", extra={"why": "wrong one-time code"})
        return super().validation_error(code, *args)


class PortalBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's; each request finds the person with their team and department at once."""

    def get_user(self, user_id: Any) -> User | None:
        user = _PERSON.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
