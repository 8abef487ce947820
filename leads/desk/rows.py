"""From what is owed to the rows of the desk: what to do, for whom, with which one button."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.handing import rounds
from leads.desk.owed import Owed
from leads.models import Clock, Lead
from portal.accounts.models import User
from portal.look.parts import Act, Badge, Row, Seat

CALL = ("call", "phone", "c")


def row(owed: Owed, user: User) -> Row:
    """One row of the desk of `user`."""
    clock, lead = owed.first, owed.first.lead
    return Row(
        anchor=f"clock-{clock.pk}",
        state=owed.state,
        left=owed.left,
        due=_pause_end(clock) or clock.due_at,
        due_word=_("to") if clock.paused_at else "",
        used=owed.used,
        title=lead.name,
        url=reverse("leads:lead", args=[lead.pk]),
        what=what(owed),
        about=about(lead),
        detail=_detail(owed),
        badges=_badges(owed),
        seats=[_seat(seat) for seat in getattr(lead, "seats", ())],
        action=reverse("leads:clock-act", args=[clock.pk]),
        act=_act(clock, lead),
        more=_more(clock, lead),
    )


def managed(owed: Owed, user: User) -> Row:
    """A row of somebody of the team: whose it is, and the manager's own act."""
    plain, clock = row(owed, user), owed.first
    owner = clock.owner.name if clock.owner else _("nobody yet")
    more = [Act(_("Why this time?"), "clock", url=reverse("leads:clock", args=[clock.pk]))]
    act = Act(_("Open"), "arrow-right", url=plain.url, key="o", about=plain.title)
    if clock.handoff_id and clock.department_id == clock.team.department_id:
        url = _from_desk("leads:handoff-reassign", clock.handoff_id)
        more = [Act(_("Give to somebody else"), "arrows-exchange", url=url), *more]
    return replace(
        plain,
        anchor=f"team-{clock.pk}",
        detail=_("With %(owner)s, %(team)s.") % {"owner": owner, "team": clock.team.name},
        act=act,
        more=more,
    )


def what(owed: Owed) -> str:
    """The promises in words: "Accept and first attempt." """
    names = [promise(clock) for clock in owed.clocks]
    first = names[0]
    rest = [name[:1].lower() + name[1:] for name in names[1:] if name != first]
    return _(" and ").join([first, *dict.fromkeys(rest)]) + "."


def about(lead: Lead) -> str:
    company = lead.company.name if lead.company else ""
    return ", ".join(part for part in (lead.job_title, company) if part)


def promise(clock: Clock) -> str:
    """What a clock asks for, as its owner would say it."""
    if clock.kind == "cadence":
        number = min(clock.attempts_made + 1, clock.attempts_needed)
        values = {"number": number, "of": clock.attempts_needed}
        return _("Attempt %(number)s of %(of)s") % values
    words = {
        "accept": _("Accept"),
        "first_attempt": _("First attempt"),
        "disposition": _("Say the outcome"),
        "answer": _("Answer the return"),
        "complete_package": _("Complete the package"),
        "decide": _("Decide the dispute"),
        "contribution": _("Deliver the material"),
    }
    return words.get(clock.kind, clock.obligation)


def _detail(owed: Owed) -> str:
    clock, lead = owed.first, owed.first.lead
    if clock.kind == "answer" and clock.handoff and clock.handoff.return_note:
        return _("Returned: %(note)s") % {"note": clock.handoff.return_note}
    if clock.kind == "complete_package" and clock.handoff:
        return _("Missing: %(gaps)s.") % {"gaps": ", ".join(gaps(clock.handoff.gaps, lead))}
    if clock.contribution is not None:
        return str(clock.contribution)
    touches = getattr(lead, "last_touch", ())
    parts = [lead.segment.replace("_", " ").capitalize() if lead.segment else ""]
    if touches:
        last = touches[0]
        parts.append(
            _("Last: %(kind)s") % {"kind": last.subject or last.kind.replace("_", " ")}
        )
    return ". ".join(part for part in parts if part)


def gaps(names: Sequence[str], lead: Lead) -> list[str]:
    """What was missing at the offer and still is, in words."""
    return rounds.labels(tuple(name for name in names if not _known(lead, name)))


def _known(lead: Lead, name: str) -> bool:
    owner, _dot, field = name.partition(".")
    if owner == "attributes":
        return lead.attributes.get(field) not in (None, "")
    return getattr(lead if owner == "lead" else lead.company, field, None) not in (None, "")


def _badges(owed: Owed) -> list[Badge]:
    handoff = owed.first.handoff
    found = []
    if handoff is not None and handoff.round > 1:
        found.append(Badge("back", _("Round %(n)s") % {"n": handoff.round}, "refresh"))
    lacks = getattr(owed.first, "lacks", False)
    if lacks and owed.first.kind != "complete_package":
        found.append(Badge("risk", _("Package incomplete"), "file-text"))
    return found


def _seat(seat: object) -> Seat:
    member = getattr(seat, "member", None)
    name = member.name if member else getattr(seat, "team", "")
    return Seat(str(name), getattr(seat, "department_id", ""))


def _act(clock: Clock, lead: Lead) -> Act:
    """The one button of a row: what stops its clock."""
    name = lead.name
    if clock.paused_at is not None:
        return Act(_("Resume"), "player-play", value="resume", key="p", about=name)
    if clock.kind == "accept":
        return Act(_("Accept"), "check", value="accept", key="a", kind="1", about=name)
    if clock.kind in {"first_attempt", "cadence"}:
        return Act(_("Log a call"), "phone", value="call", key="c", kind="1", about=name)
    links = {
        "disposition": (_("Say outcome"), "flag", "leads:handoff-outcome", "d"),
        "answer": (_("Answer"), "arrow-back-up", "leads:handoff-answer", "o"),
        "decide": (_("Decide"), "scale", "leads:handoff-decide", "o"),
        "complete_package": (_("Complete"), "file-text", "leads:handoff-package", "o"),
    }
    if clock.kind in links and clock.handoff_id:
        label, icon, view, key = links[clock.kind]
        return Act(
            label,
            icon,
            url=_from_desk(view, clock.handoff_id),
            key=key,
            kind="1",
            about=name,
        )
    if clock.contribution_id:
        url = reverse("leads:contribution-deliver", args=[clock.contribution_id])
        return Act(_("Deliver"), "send", url=url, key="o", about=name)
    url = reverse("leads:lead", args=[lead.pk])
    return Act(_("Open"), "arrow-right", url=url, key="o", about=name)


def _more(clock: Clock, lead: Lead) -> list[Act]:
    why = Act(_("Why this time?"), "clock", url=reverse("leads:clock", args=[clock.pk]))
    if clock.kind not in {"accept", "first_attempt", "cadence", "disposition"}:
        return [why]
    acts = [
        Act(_("Called"), "phone", value="call", key="c"),
        Act(_("Voicemail left"), "record-mail", value="voicemail", key="v"),
        Act(_("Meeting booked"), "calendar-plus", value="meeting", key="m"),
    ]
    if clock.handoff_id:
        back = _from_desk("leads:handoff-return", clock.handoff_id)
        acts.append(Act(_("Return with a reason"), "arrow-back-up", url=back, key="r"))
    return [*acts, why]


def _from_desk(view: str, key: int) -> str:
    """A dialog that comes back to the desk."""
    return f"{reverse(view, args=[key])}?from=desk"


def _pause_end(clock: Clock) -> datetime | None:
    if clock.paused_at is None:
        return None
    pause = clock.pauses.filter(resumed_at=None).first()
    return pause.ends_by if pause else None
