"""Who is who: the forms in which two systems' names for one person are one name."""

import re
from typing import NamedTuple

from leads.core import text

LONGEST_MAIL = 254

_MAIL = re.compile(
    r"(?P<local>[^\s@\"(),:;<>\[\]\\]{1,64})@(?P<domain>[^\s@/?#\[\]]{1,190}\.[^\s@/?#\[\]]{1,63})"
)
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
_SALESFORCE = re.compile(r"[0-9A-Za-z]{15}(?:[A-Z0-5a-z]{3})?")
# Key prefixes of Salesforce: lead, contact, account, opportunity, campaign member.
_SALESFORCE_KINDS = ("00Q", "003", "001", "006", "00v")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_STUDENT = re.compile(r"(?:phd |doctoral |graduate |undergraduate )?student")

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


class Mail(NamedTuple):
    """An address as it was written, cleaned, and the key under which it is one person's."""

    address: str
    key: str

    @property
    def domain(self) -> str:
        return self.key.partition("@")[2]


NO_MAIL = Mail("", "")


def mail(written: str) -> Mail:
    """Return the address in `written`; NO_MAIL if it is none.

    The key is in small letters with the domain as DNS has it. Nothing is guessed: a.b@ and
    ab@, and what follows a plus, stay different people.

    >>> mail(" Ana.Lima@BÜCHER.example ").key
    'ana.lima@xn--bcher-kva.example'
    """
    address = text.line(written, LONGEST_MAIL + 1)
    match = _MAIL.fullmatch(address)
    if match is None or len(address) > LONGEST_MAIL:
        return NO_MAIL
    host = domain(match["domain"])
    key = f"{match['local'].lower()}@{host}"
    return Mail(address, key) if host and len(key) <= LONGEST_MAIL else NO_MAIL


def domain(written: str) -> str:
    """A host name in small letters as DNS has it, without scheme, path or "www."; "" if none.

    >>> domain("https://www.Acme.example/about")
    'acme.example'
    """
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


def external_id(source: str, written: str) -> str:
    """A system's own id for a record, so that one record has one.

    Salesforce writes 15 characters (where case matters) or 18 (the same with a check of the
    case): both become 18. An id of another system stays as it is, trimmed.

    >>> external_id("salesforce", "00Q5g00000ABcDe")
    '00Q5g00000ABcDeEAL'
    """
    written = text.line(written, 120)
    if _is_salesforce(source, written):
        return _eighteen(written)
    return written


def is_student(segment: str, job_title: str) -> bool:
    """Whether the person says to study; nobody sells to students here."""
    said = (segment.casefold(), job_title.casefold())
    return any(_STUDENT.fullmatch(word) for word in said)


def _is_salesforce(source: str, written: str) -> bool:
    named = source.casefold().startswith("salesforce") or written.startswith(_SALESFORCE_KINDS)
    return named and _SALESFORCE.fullmatch(written) is not None


def _eighteen(written: str) -> str:
    """The 18 characters; the last three say, bit by bit, which letters are capitals."""
    body = written[:15]
    if len(written) == 18:
        body = _with_case(body, written[15:].upper())
    return body + "".join(_check(body[start : start + 5]) for start in (0, 5, 10))


def _check(five: str) -> str:
    return _CHECK[sum(1 << place for place, sign in enumerate(five) if sign.isupper())]


def _with_case(body: str, check: str) -> str:
    """Put back the capitals that a system without case has lost."""
    capital = [bool(_CHECK.index(sign) >> place & 1) for sign in check for place in range(5)]
    return "".join(
        sign.upper() if is_capital else sign.lower()
        for sign, is_capital in zip(body, capital, strict=True)
    )
