"""Mail addresses: the form in which two ways of writing one mailbox are one."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from leads.core import text
from leads.core.identity.domains import domain

LONGEST_MAIL = 254

_MAIL = re.compile(
    r"(?P<local>[^\s@\"(),:;<>\[\]\\]{1,64})@(?P<domain>[^\s@/?#\[\]]{1,190}\.[^\s@/?#\[\]]{1,63})"
)
# What most addresses look like, which need no cleaning; and a column of them, or of blanks.
_AS_KEPT = r"[a-z0-9._+-]{1,64}@([a-z0-9.-]{1,190}\.[a-z]{2,63})"
_PLAIN = re.compile(_AS_KEPT)
_PLAIN_LINE = re.compile(rf"^(?:{_AS_KEPT})?$", re.MULTILINE)

PLUS = frozenset(
    """fastmail.com gmail.com hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr
    hotmail.it icloud.com live.com live.de live.fr live.nl mac.com mailbox.org me.com msn.com
    outlook.com outlook.com.br outlook.de outlook.fr posteo.de proton.me zoho.com""".split()  # noqa: SIM905 - as FREE_MAIL
)
"""Providers that ignore what follows a plus."""
DOTS = frozenset({"gmail.com", "proton.me"})
"""Providers that ignore dots."""
_SAME_HOST = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
}


class Mail(NamedTuple):
    """An address as it was written, cleaned, and the key under which it is one person's."""

    address: str
    key: str

    @property
    def domain(self) -> str:
        return self.key.partition("@")[2]


NO_MAIL = Mail("", "")
# What `Mail._make` does, without a call of Python for each of a million.
_made: Callable[[Iterable[str]], Mail] = partial(tuple.__new__, Mail)


@lru_cache(maxsize=4_096)  # a record's is asked for several times, and soon forgotten
def mail(written: str) -> Mail:
    """Return the address in `written`; NO_MAIL if it is none.

    The key is in small letters with the domain as DNS has it. Where a provider is known to
    deliver several ways of writing to one mailbox, they have one key. Elsewhere nothing is
    guessed: a.b@ and ab@, and what follows a plus, stay different people.

    >>> mail(" Ana.Lima@BÜCHER.example ").key
    'ana.lima@xn--bcher-kva.example'
    >>> mail("Ana.Lima+demo@googlemail.com").key
    'analima@gmail.com'
    """
    plain = _PLAIN.fullmatch(written)
    if plain is not None and len(written) <= LONGEST_MAIL and _is_as_written(plain[1]):
        return _made((written, written))
    address = text.line(written, LONGEST_MAIL + 1)
    match = _MAIL.fullmatch(address)
    if match is None or len(address) > LONGEST_MAIL:
        return NO_MAIL
    local, host = _mailbox(match["local"].lower(), domain(match["domain"]))
    key = f"{local}@{host}"
    return Mail(address, key) if host and len(key) <= LONGEST_MAIL else NO_MAIL


class Mails(NamedTuple):
    """What `mail` says of many, in columns; `domains` are those of the keys."""

    addresses: Sequence[str]
    keys: Sequence[str]
    domains: Sequence[str]


def mails(written: Sequence[str]) -> Mails:
    """`mail` of each of many, in a third of the time where they are plain."""
    hosts = _plain_hosts(written)
    if hosts is None:
        found = list(map(mail, written))
        columns = ([one[0] for one in found], [one[1] for one in found])
        return Mails(*columns, [one.domain for one in found])
    addresses = keys = written
    if odd := {host for host in set(hosts) if host and not _is_as_written(host)}:
        addresses, keys = list(written), list(written)
        for place in [place for place, host in enumerate(hosts) if host in odd]:
            one = mail(written[place])
            addresses[place], keys[place], hosts[place] = one.address, one.key, one.domain
    return Mails(addresses, keys, hosts)


def _plain_hosts(written: Sequence[str]) -> list[str] | None:
    """The host of each, "" of a blank; None if one is not as plain as that."""
    rows = "\n".join(written)
    if rows.count("\n") != len(written) - 1 or max(map(len, written)) > LONGEST_MAIL:
        return None
    hosts = _PLAIN_LINE.findall(rows)
    return hosts if len(hosts) == len(written) else None


@lru_cache(maxsize=4_096)
def _is_as_written(host: str) -> bool:
    """Whether a host in small letters is its own name, and its provider takes every
    mailbox as it is written."""
    known = host in PLUS or host in DOTS or host in _SAME_HOST
    return not known and domain(host) == host


def _mailbox(local: str, host: str) -> tuple[str, str]:
    """The mailbox to which the provider of `host` delivers what is sent to `local`."""
    host = _SAME_HOST.get(host, host)
    box = local.partition("+")[0] if host in PLUS else local
    if host in DOTS:
        box = box.replace(".", "")
    return box or local, host
