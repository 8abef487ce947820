"""From what is owed to the rows of the desk: what to do, for whom, with which one button."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from leads.actions.handing import rounds
from leads.desk.owed import Owed
from leads.models import Clock, Lead
from portal.look.parts import Act, Badge, Row, Seat
from portal.look.words import instant, quoted

RECEIVED = frozenset({"accept", "first_attempt", "cadence", "disposition"})
"""What the receiving side owes: here an attempt counts, and a return is possible."""


def row(owed: Owed, query: str = "") -> Row:
    """One row of a desk. `query` is that of the page, so that an act comes back to it."""
    clock, lead = owed.first, owed.first.lead
    act, beside = _act(clock, lead), quick(clock, lead)
    return Row(
        anchor=f"clock-{clock.pk}",
        state=owed.state,
        left=owed.left,
        due=getattr(clock, "pause_ends", None) or clock.due_at,
        due_word=_("to") if clock.paused_at else "",
        used=owed.used,
        title=lead.name,
        url=reverse("leads:lead", args=[lead.pk]),
        what=what(owed),
        about=about(lead),
        detail=_detail(owed),
        badges=_badges(owed),
        seats=_seats(clock),
        action=reverse("leads:clock-act", args=[clock.pk]) + query,
        act=act,
        quick=[one for one in beside if one.key != act.key],
        more=[*beside, *_on_the_way(clock), _why(clock)],
        pick=str(clock.pk),
    )


def managed(owed: Owed) -> Row:
    """A row of somebody of the team: whose it is, and the manager's own act."""
    plain, clock = row(owed), owed.first
    owner = clock.owner.name if clock.owner else _("nobody yet")
    more = [_why(clock)]
    act = Act(_("Open"), "arrow-right", url=plain.url, key="o", about=plain.title)
    if clock.handoff_id and clock.department_id == clock.team.department_id:
        url = f"{reverse('leads:desk-bulk')}?do=reassign&row={clock.pk}"
        more = [Act(_("Open"), "arrow-right", url=plain.url, key="o"), *more]
        act = Act(_("Give to another"), "arrows-exchange", url=url, key="g", about=plain.title)
    return replace(
        plain,
        anchor=f"team-{clock.pk}",
        detail=_("With %(owner)s, %(team)s.") % {"owner": owner, "team": clock.team.name},
        act=act,
        quick=(),
        more=more,
    )


def what(owed: Owed) -> str:
    """The promises in words: "Accept, first attempt and attempt 1 of 6." """
    names = list(dict.fromkeys(promise(clock) for clock in owed.clocks))
    names[1:] = [name[:1].lower() + name[1:] for name in names[1:]]
    if len(names) == 1:
        return f"{names[0]}."
    values = {"some": ", ".join(names[:-1]), "last": names[-1]}
    return _("%(some)s and %(last)s.") % values


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
    if clock.kind == "decide" and clock.handoff:
        return _disputed(clock, clock.handoff.dispute_note)
    if clock.kind == "complete_package" and clock.handoff:
        return _("Missing: %(gaps)s.") % {"gaps": ", ".join(gaps(clock.handoff.gaps, lead))}
    if clock.contribution is not None:
        return str(clock.contribution)
    parts = [lead.segment.replace("_", " ").capitalize() if lead.segment else ""]
    return ". ".join(part for part in (*parts, _last(owed)) if part)


def _disputed(clock: Clock, note: str) -> str:
    """Who disputes the return, and with which words."""
    who = getattr(clock, "disputed_by", None) or _("the portal")
    values = {"who": who, "note": quoted(note)}
    said = _("Disputed by %(who)s: %(note)s") if note else _("Disputed by %(who)s.")
    return said % values


def _last(owed: Owed) -> str:
    """The last touch in words: "Last: voicemail, Mon 15:40"; "" where there was none."""
    clock: Any = owed.first
    kind = getattr(clock, "last_kind", None)
    if not kind:
        return ""
    values = {
        "kind": clock.last_subject or kind.replace("_", " "),
        "at": instant(localtime(clock.last_at), localtime(owed.at)),
    }
    return _("Last: %(kind)s, %(at)s") % values


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


def _seats(clock: Clock) -> list[Seat]:
    names = {side: getattr(clock, f"{side}_seat", None) for side in ("marketing", "sales")}
    return [Seat(name, side) for side, name in names.items() if name]


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
        url = from_desk(view, clock.handoff_id)
        return Act(label, icon, url=url, key=key, kind="1", about=name)
    if clock.contribution_id:
        url = from_desk("leads:contribution-deliver", clock.contribution_id)
        return Act(_("Deliver"), "send", url=url, key="o", kind="1", about=name)
    url = reverse("leads:lead", args=[lead.pk])
    return Act(_("Open"), "arrow-right", url=url, key="o", about=name)


def quick(clock: Clock, lead: Lead) -> list[Act]:
    """What is done with two keys whatever the row asks for; only on the receiver's rows."""
    if clock.kind not in RECEIVED:
        return []
    acts = [
        Act(_("Called"), "phone", value="call", key="c", about=lead.name),
        Act(_("Voicemail left"), "record-mail", value="voicemail", key="v", about=lead.name),
        Act(_("Meeting booked"), "calendar-plus", value="meeting", key="m", about=lead.name),
    ]
    if clock.handoff_id:
        back = from_desk("leads:handoff-return", clock.handoff_id)
        label = _("Return with a reason")
        acts.append(Act(label, "arrow-back-up", url=back, key="r", about=lead.name))
    return acts


def _on_the_way(clock: Clock) -> list[Act]:
    """The page of the handoff that a thumb can use; only on the receiver's rows."""
    if clock.kind not in RECEIVED or not clock.handoff_id:
        return []
    url = reverse("leads:brief", args=[clock.handoff_id])
    return [Act(_("Short page for the phone"), "device-desktop", url=url)]


def _why(clock: Clock) -> Act:
    return Act(_("Why this time?"), "clock", url=reverse("leads:clock", args=[clock.pk]))


def from_desk(view: str, key: int) -> str:
    """A dialog that comes back to the desk."""
    return f"{reverse(view, args=[key])}?from=desk"
