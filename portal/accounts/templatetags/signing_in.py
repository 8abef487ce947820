"""What the page of signing in knows of the company's own way in."""

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def signing_company() -> str:
    """The same, if one signs there too: strangers check what a login leaves behind, and their
    verifier reads tokens of OpenID Connect alone."""
    tokens: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return company_name() if tokens else ""


@register.simple_tag
def company_name() -> str:
    """The name of the identity provider, as its button says it; empty without one."""
    ways: Any = settings.SOCIALACCOUNT_PROVIDERS.values()
    return next((str(app["name"]) for way in ways for app in way["APPS"]), "")
