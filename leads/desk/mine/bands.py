"""The rows of a desk in bands: late, at risk, today, later; and the sentence above them."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.desk import rows
from leads.desk.day import Span
from leads.desk.owed import Owed
from portal.accounts.models import User
from portal.look.parts import Band


def bands(due: Sequence[Owed], hours: Sequence[Span], at: datetime, query: str) -> list[Band]:
    """What is owed in bands, the soonest due first in each; empty ones are left out."""
    ends = hours[-1][1] if hours else at
    groups: dict[str, list[Owed]] = {"late": [], "risk": [], "today": [], "later": []}
    for one in due:
        quiet = "today" if one.first.due_at <= ends else "later"
        groups[one.state if one.state in {"late", "risk"} else quiet].append(one)
    return [
        Band(key, state, title, [rows.row(one, query) for one in groups[key]], note)
        for key, (state, title, note) in _titles().items()
        if groups[key]
    ]


def _titles() -> dict[str, tuple[str, str, str]]:
    late = _("The time ran out. You and those the agreement names know.")
    return {
        "late": ("late", _("Late"), late),
        "risk": ("risk", _("At risk"), _("Most of the time is used.")),
        "today": ("ok", _("Today"), _("Due before your day ends.")),
        "later": ("ok", _("Later"), _("Tomorrow and after.")),
    }


def team_band(team: Sequence[Owed]) -> list[Band]:
    """What is late or at risk with the manager's people; they act, the manager helps."""
    if not team:
        return []
    note = _("Late or at risk with your people. They act; you can help or give it to another.")
    return [Band("team", "ok", _("Your team"), [rows.managed(one) for one in team], note)]


def counted(late: int, risk: int, rest: int, asked: int) -> str:
    """How much is owed, in a sentence; the worst first."""
    parts = []
    if late:
        parts.append(ngettext("%(n)s late", "%(n)s late", late) % {"n": late})
    if risk:
        parts.append(ngettext("%(n)s at risk", "%(n)s at risk", risk) % {"n": risk})
    if rest:
        parts.append(_("%(n)s on time") % {"n": rest})
    if asked:
        parts.append(
            ngettext("%(n)s more asked of you", "%(n)s more asked of you", asked) % {"n": asked}
        )
    return ", ".join(parts) + "." if parts else _("Nothing is owed by you now.")


def day_ends(user: User, hours: Sequence[Span]) -> str:
    """When the reader's day ends; "" on a day without hours."""
    if not hours:
        return ""
    city = user.zone.rsplit("/", 1)[-1].replace("_", " ")
    return _("Your day ends %(time)s, %(city)s.") % {
        "time": f"{hours[-1][1]:%H:%M}", "city": city,
    }  # fmt: skip
