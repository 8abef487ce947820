"""Host names as DNS has them, and which of them belong to a company."""

import re
from functools import lru_cache

from leads.core import text

_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")

FREE_MAIL = frozenset(
    """126.com 163.com aol.com bk.ru bol.com.br comcast.net fastmail.com free.fr freenet.de
    gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk
    hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it icloud.com ig.com.br inbox.ru
    laposte.net libero.it list.ru live.co.uk live.com live.de live.fr live.nl mac.com mail.com
    mail.de mail.ru me.com msn.com naver.com orange.fr outlook.com outlook.com.br outlook.de
    outlook.fr pm.me posteo.de proton.me protonmail.com qq.com rediffmail.com rocketmail.com
    sbcglobal.net sfr.fr sina.com t-online.de terra.com.br tuta.com tutanota.com uol.com.br
    verizon.net virgilio.it wanadoo.fr web.de wp.pl yahoo.ca yahoo.co.in yahoo.co.jp
    yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com
    yandex.ru ymail.com zoho.com""".split()  # noqa: SIM905 - a list of names is read more easily so
)
"""Domains that anybody can have an address at: they say nothing about a company."""


@lru_cache(maxsize=4_096)  # colleagues in a file share theirs
def domain(written: str) -> str:
    """A host name in small letters as DNS has it, without scheme, path or "www."; "" if none.

    >>> domain("https://www.Acme.example/about")
    'acme.example'
    """
    if not written:
        return ""
    host = text.line(written, 300).lower().rpartition("//")[2].partition("/")[0]
    host = host.partition(":")[0].removeprefix("www.").strip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return host if len(host) <= 253 and _HOST.fullmatch(host) else ""


def company_domain(host: str) -> str:
    """`host` if it belongs to a company; "" for free mail, which belongs to everybody."""
    return "" if host in FREE_MAIL else host
