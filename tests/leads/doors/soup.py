"""Names that nobody should have, and how each is kept: clean, and never cut to pieces."""

import re
import unicodedata

SOUP = {
    "nul": ("Ana\x00 Lima", "Ana Lima"),
    "surrogate": ("Ana\ud800 Lima", "Ana Lima"),
    "override": ("Ana\u202e Lima", "Ana Lima"),
    "zero-width": ("A\u200bna \ufeffLima", "Ana Lima"),
    "decomposed": ("Zoe\u0308 Lima", "Zo\u00eb Lima"),
    "storm": ("Ana L" + "\u0301\u0327" * 40, None),
    "emoji": ("Ana \U0001f9d1\u200d\U0001f680 Lima", "Ana \U0001f9d1\u200d\U0001f680 Lima"),
    "long": ("Ana " + "\ufdfa" * 4_000, None),
    "header": ("Ana\r\nBcc: all@acme.example", "Ana Bcc: all@acme.example"),
    "formula": ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    "homoglyph": ("\u0410na Lima", "\u0410na Lima"),
    "braces": ("{{7*7}}<b>' OR 1=1--", "{{7*7}}<b>' OR 1=1--"),
}
"""A name -> (as it is sent, as it is kept). None: it may be shortened, or refused."""

_UNCLEAN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]| {2}"
)


def is_clean(text: str) -> bool:
    """Whether a database, a mail and a reader can all do with it."""
    composed = unicodedata.is_normalized("NFC", text)
    return composed and _UNCLEAN.search(text) is None and text == text.strip()
