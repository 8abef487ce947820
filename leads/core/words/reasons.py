"""Why somebody has a seat: recorded in these words, and read in the reader's language.

How much each had open when it was chosen is recorded and never read out: everybody who reads
the lead would read figures of single people.

The ledger keeps the line as it was written, so lines are always written in English; who
shows one finds its text and its values again. A line of routing about one person begins
with their name and a colon.
"""

import re
from collections.abc import Mapping
from functools import cache

from sla.core.saying import Say, gettext_noop

BY_TURNS = gettext_noop("by turns")
WEIGHTED = gettext_noop("by turns, weighted")
SHORTEST = gettext_noop("the shortest queue first")
NOBODY = gettext_noop("nobody can take it")
NO_MEMBERS = gettext_noop("the team has no members")
HOURS_ASIDE = gettext_noop("nobody is in hours: own hours set aside")
NO_STEWARD = gettext_noop("no steward is named")
POOL = gettext_noop("pool “%(name)s”")
NOT_TAKEN = gettext_noop("the rules do not take this lead for the team")
WILL_RECEIVE = gettext_noop("will receive “%(name)s”")
FIRST_TEAM = gettext_noop("the department's first team: no handoff is agreed yet")
GIVEN = gettext_noop("given by %(who)s")
GIVEN_TO_NURTURE = gettext_noop("given by %(who)s, to nurture")
ACCEPTED = gettext_noop("accepted by %(who)s")
RETURNED = gettext_noop("returned by %(who)s")
TAKEN_BACK = gettext_noop("taken back by %(who)s")
HAS_LEFT = gettext_noop("%(who)s has left")
HAS_MOVED = gettext_noop("%(who)s is in another team now")
GOES_ON = gettext_noop("goes on in %(team)s")
HOSTS = gettext_noop("%(host)s: hosts the meeting")
UNMERGED = gettext_noop("the seat before the merge that was taken back")

OWNS = gettext_noop("owns the company")
QUEUED = gettext_noop("%(open)s open, place %(n)s of %(of)s")
OWED = gettext_noop("turn %(n)s of %(of)s, owed from a lead given back")
TURN = gettext_noop("turn %(n)s of %(of)s")
AWAY = gettext_noop("away until %(weekday)s %(day)s %(month)s")
FULL = gettext_noop("at capacity, %(open)s of %(most)s")
NO_TURNS = gettext_noop("takes no turns")
NOT_NEEDED = gettext_noop("not needed")
OFF_HOURS = gettext_noop("outside own hours")
STEWARD = gettext_noop("steward, told")
IN_QUEUE = gettext_noop("in the queue")
IS_FULL = gettext_noop("at capacity")

LINES = (
    BY_TURNS, WEIGHTED, SHORTEST, NOBODY, NO_MEMBERS, HOURS_ASIDE, NO_STEWARD, POOL, NOT_TAKEN,
    WILL_RECEIVE, FIRST_TEAM, GIVEN_TO_NURTURE, GIVEN, ACCEPTED, RETURNED, TAKEN_BACK, HAS_LEFT,
    HAS_MOVED, GOES_ON, HOSTS, UNMERGED,
)  # fmt: skip
REMARKS = (
    OWNS, QUEUED, OWED, TURN, AWAY, FULL, NO_TURNS, NOT_NEEDED, OFF_HOURS, STEWARD, IN_QUEUE,
    IS_FULL,
)  # fmt: skip
_UNTOLD = {QUEUED: IN_QUEUE, FULL: IS_FULL}
_PLACE = re.compile(r"%\\\((\w+)\\\)s")


def quiet(line: str) -> str:
    """Return a recorded line without how much anybody had.

    >>> quiet("Anna: at capacity, 5 of 5")
    'Anna: at capacity'
    """
    name, colon, remark = line.rpartition(": ")
    for text, instead in _UNTOLD.items():
        if colon and _pattern(text).fullmatch(remark):
            return f"{name}: {instead}"
    return line


def retold(line: str, say: Say) -> str:
    """Return a recorded line as `say` words it, quietly; one that is none of ours as it stands.

    >>> retold("Anna: turn 1 of 3", lambda text, *_: text.replace("turn", "Runde"))
    'Anna: Runde 1 of 3'
    """
    line = quiet(line)
    whole = _said(line, LINES, say)
    if whole:
        return whole
    name, colon, remark = line.rpartition(": ")
    said = _said(remark, REMARKS, say) if colon else ""
    return f"{name}: {said}" if said else line


def _said(line: str, texts: tuple[str, ...], say: Say) -> str:
    for text in texts:
        found = _pattern(text).fullmatch(line)
        if found:
            return say(text) % _values(found.groupdict(), say)
    return ""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(text)), re.DOTALL)


def _values(found: Mapping[str, str], say: Say) -> dict[str, str]:
    """Names stay; those of days and months are looked up as catalogues have them."""
    said = dict(found)
    if "weekday" in said:
        said["weekday"] = say(said["weekday"])
        said["month"] = say(said["month"].lower()).capitalize()
    return said
