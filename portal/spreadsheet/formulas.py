"""A cell that a spreadsheet would take for a formula, made plain text."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")
_UNSEEN = " \u00a0\u200b\u200c\u200d\u2060\ufeff"


def guarded(text: str) -> str:
    """`text` as no spreadsheet takes it for a formula: with an apostrophe before it, if it
    begins with a sign that could be one, also behind blanks that nobody sees.

    >>> guarded("=1+1"), guarded("Acme")
    ("'=1+1", 'Acme')
    """
    begins = text.startswith(DANGEROUS) or text.lstrip(_UNSEEN).startswith(DANGEROUS)
    return f"'{text}" if begins else text
