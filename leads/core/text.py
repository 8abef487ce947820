"""Text as it may be stored: what every door does to what comes from outside."""

import re
import unicodedata

# NUL and other controls, halves of surrogate pairs, and what reorders or hides text.
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_HIDDEN = "\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
_DROPPED = re.compile(f"[{_CONTROL}{_HIDDEN}\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_BLANKS = re.compile(r"[^\S\n]+")


def line(text: str, limit: int = 200) -> str:
    """`text` as one clean line of at most `limit` characters, ready to compare exactly.

    Composed (NFC), without control characters, surrogates, and marks that hide or reorder
    text; each run of white space is one space, and none is at the ends.

    >>> line("  Ana\\x00\\u202e \\r\\n Lima ")
    'Ana Lima'
    """
    if text.isascii() and text.isprintable():
        short = text.strip() if "  " not in text else " ".join(text.split())
        return short if len(short) <= limit else short[:limit].rstrip()
    composed = unicodedata.normalize("NFC", _DROPPED.sub("", _SPACES.sub(" ", text)))
    return _SPACES.sub(" ", composed).strip()[:limit].rstrip()


def prose(text: str, limit: int = 5_000) -> str:
    """`text` cleaned as `line` does, but with its line breaks kept."""
    unbroken = text.replace("\r\n", "\n").replace("\r", "\n")
    composed = unicodedata.normalize("NFC", _DROPPED.sub("", unbroken))
    return _BLANKS.sub(" ", composed).strip()[:limit].rstrip()
