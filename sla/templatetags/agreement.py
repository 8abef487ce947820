"""Prose of an agreement, written by people in Markdown. `{% load agreement %}`."""

from collections.abc import Mapping
from typing import Any

import nh3
from django import template
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from portal.reader.language import say
from sla.actions import requests
from sla.core.criteria import Evidence, sentence
from sla.core.saying import retold

register = template.Library()

TAGS = {"b", "strong", "i", "em", "br", "code", "a", "del"}
_markdown = MarkdownIt("commonmark", {"breaks": True, "html": False})


@register.filter
def prose(text: str) -> SafeString:
    """Markdown as inline HTML: emphasis, code, links and line breaks, nothing else.

    What Markdown makes is cleaned again by an allow-list, so that no attribute, script or
    address other than http(s) and mail passes. The one place where text becomes HTML.
    """
    cleaned = nh3.clean(
        _markdown.renderInline(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return SafeString(cleaned)


@register.filter
def slug_of(path: str) -> str:
    """The path of a clause as the id of its place on the page: `talk-obligations-accept`."""
    return f"talk-{slugify(path.replace('/', '-'))}"


@register.filter
def asked(seen: Evidence | Mapping[str, Any]) -> str:
    """What a criterion asks, in the reader's words; what was recorded comes as it is said."""
    return sentence(seen.leaf, say) if isinstance(seen, Evidence) else str(seen["sentence"])


@register.filter
def said(reason: str) -> str:
    """What is wrong with the terms, in the reader's words."""
    return str(retold(reason, say))


@register.filter
def ended(reason: str) -> str:
    """Why a version ended, in the reader's words where the portal wrote it."""
    return requests.retold(reason, say)


@register.filter
def seen(value: object) -> str:
    """A value that a criterion saw: `yes`, `1,200`, `webinar`."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return number_format(value, force_grouping=True) if isinstance(value, int) else str(value)
