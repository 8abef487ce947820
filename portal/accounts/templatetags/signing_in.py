"""What the page of signing in knows of the company's own way in."""

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def company_name() -> str:
    """The name of the identity provider, as its button says it; empty without one."""
    found: Any = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    return str(found[0]["name"]) if found else ""
