"""A fresh proof of people who can prove nothing here, as they come by the provider alone.

Without a password, one-time codes or recovery codes django-allauth has nothing to ask them
for, and would let them through. They go to the provider instead, and sign in there anew.
"""

from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from allauth.socialaccount.models import SocialAccount
from django.http import HttpRequest

from portal import wallclock


def comes_by_company_alone(user: Any) -> bool:
    """Whether the provider is the only one that can say again that it is they."""
    if not user.is_authenticated or get_reauthentication_flows(user):
        return False
    return bool(SocialAccount.objects.filter(user=user).exists())


def is_owed(request: HttpRequest) -> bool:
    """Whether who sits here must first prove at the provider, within five minutes, that it
    is still they. Of people who have something to prove it by here: no, allauth asks them."""
    return comes_by_company_alone(request.user) and not _is_proved(request)


def ask_if_owed(request: HttpRequest) -> None:
    """Raises ReauthenticationRequired: allauth's middleware then leads to where one proves."""
    if is_owed(request):
        raise ReauthenticationRequired


def _is_proved(request: HttpRequest) -> bool:
    """By the host's own time: allauth notes the proofs by it."""
    records = get_authentication_records(request, request.user)
    proofs = [one["at"] for one in records if one.get("reauthenticated")]
    if not proofs:
        return False
    age = wallclock.hosts().timestamp() - float(proofs[-1])
    return age < float(app_settings.REAUTHENTICATION_TIMEOUT)
