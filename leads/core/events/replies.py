"""What another system answered, as it may be kept and shown: a short text without secrets."""

import re
from collections.abc import Iterable

from leads.core.text import prose

MOST = 2_048  # characters that are kept of one answer
READ = 4 * MOST  # bytes that are looked at, so that what is hidden is hidden before the cut
HIDDEN = "[…]"
_TEXT = re.compile(
    r"text/|application/(?:[\w.+-]{0,60}\+)?(?:json|xml|x-www-form-urlencoded)\b"
)
_NAMED = re.compile(
    r"""((?:token|secret|passw(?:or)?d|api[_-]?key|authorization|cookie|session|signature)
        [\w-]{0,20}"?\s{0,3}[:=]\s{0,3})(?:"(?:[^"\\]|\\.)*"?|[^\s,&;}<]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_BARE = re.compile(r"(?:whsec_|\b(?:bearer|basic)\s{1,3})[\w.~+/=-]+", re.IGNORECASE)


def kept(body: bytes, content_type: str, hidden: Iterable[str] = ()) -> str:
    """Up to 2,048 characters of an answer; empty if it has no body, or one that is no text.

    `hidden` are words that must not be shown, such as our secrets and the address; what is
    named or looks like a secret is left out, too. A body without a type counts as text.

    >>> kept(b'{"ok": true, "access_token": "abc"}', "application/json")
    '{"ok": true, "access_token": […]}'
    """
    if content_type and not _TEXT.match(content_type.strip().lower()):
        return ""
    text = prose(body[:READ].decode("utf-8", "replace"), READ)
    for word in sorted(filter(None, hidden), key=len, reverse=True):
        text = text.replace(word, HIDDEN)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    return _BARE.sub(HIDDEN, text)[:MOST]
