"""Prose of an agreement, written by people in Markdown. `{% load agreement %}`."""

import nh3
from django import template
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt

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
