"""Our answers to django-allauth's questions."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from portal.accounts.models import User
from portal.bulk.prepared import Prepared

_PERSON = Prepared(
    lambda pk: User.objects.select_related("team", "department").filter(pk=pk), int
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People get their account from an admin; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest | None) -> Any:
        return False


class PortalBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's; each request finds the person with their team and department at once."""

    def get_user(self, user_id: Any) -> User | None:
        user = _PERSON.first(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
