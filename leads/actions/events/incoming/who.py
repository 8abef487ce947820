"""Whom a message means: the lead by its id or address, and people by their address here."""

from leads.core import identity
from leads.core.events import Event, Unclear
from leads.core.handoff import State
from leads.models import EventSource, Handoff, Lead, LeadSource
from portal.accounts.models import User


def lead_of(event: Event, source: EventSource) -> Lead:
    """The lead that a message is about: by the system's id, else by an address.

    A merged one is followed to where it went; of several with one address the open one
    counts, else the latest. Raises Unclear if none is known, or nothing names it.
    """
    written, mail = event.said("lead.id"), event.said("lead.email") or event.said("email")
    found = _by_id(source.system, written) or _by_mail(mail)
    if found is not None:
        return _survivor(found)
    place = event.place("lead.id" if written else "lead.email")
    if not (written or mail):
        raise Unclear(place, "nothing says which lead it is about")
    named = f"{source.system} {written}" if written else mail
    raise Unclear(place, f"no lead is known as {named}")


def _by_id(system: str, written: str) -> Lead | None:
    if not written:
        return None
    key = identity.external_id(system, written)
    name = LeadSource.objects.filter(source=system, external_id=key).select_related("lead")
    known = name.first()
    return known.lead if known else None


def _by_mail(written: str) -> Lead | None:
    key = identity.mail(written).key
    if not key:
        return None
    same = Lead.objects.filter(email_key=key, merged_into=None)
    return same.filter(closed_at=None).order_by("-pk").first() or same.order_by("-pk").first()


def _survivor(lead: Lead) -> Lead:
    seen = {lead.pk}
    while lead.merged_into is not None and lead.merged_into.pk not in seen:
        lead = lead.merged_into
        seen.add(lead.pk)
    return lead


def member(event: Event, name: str) -> User:
    """The active person whose address a field holds. Raises Unclear."""
    written = event.said(name)
    found = User.objects.active().filter(email__iexact=written) if "@" in written else None
    person = found.select_related("team__department").first() if found is not None else None
    if person is None:
        advice = "" if "@" in written else "; name their address under people in the mapping"
        raise Unclear(event.place(name), f"nobody here is “{written}”{advice}")
    return person


def speaker(
    event: Event, source: EventSource, lead: Lead, *, department: str = "sales"
) -> User:
    """Who did it: whom the message names; else, where the source speaks for the seat, who
    has the open handoff, or the department's seat. Raises Unclear."""
    if event.said("by"):
        return member(event, "by")
    place = event.place("by")
    if not source.speaks_for_seat:
        raise Unclear(place, "it does not say who did this")
    handoff = open_handoff(lead, department)
    seat = lead.assignments.filter(until=None, department=department).select_related("member")
    current = seat.first()
    found = (handoff.receiver if handoff else None) or (current.member if current else None)
    if found is None:
        raise Unclear(place, "it does not say who did this, and nobody has the seat")
    return found


def open_handoff(lead: Lead, department: str = "") -> Handoff | None:
    """The latest handoff that waits for a team of the department, or is with it."""
    waits = lead.handoffs.filter(state__in=(State.OFFERED, State.ACCEPTED))
    if department:
        waits = waits.filter(receiver_team__department=department)
    found = waits.select_related("receiver", "receiver_team", "version")
    return found.order_by("-offered_at", "-pk").first()
