"""Our answers to django-allauth's questions."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People get their account from an admin; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest | None) -> Any:
        return False
