"""Late-stage material: Sales asks, Marketing delivers by a clock, Sales says if it helped."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions import clocks
from leads.actions.handing.transitions import lock_lead
from leads.actions.journeys import journey, touches
from leads.actions.library import keeping
from leads.actions.links import lead_link
from leads.actions.owning import routing
from leads.core import text
from leads.errors import (
    ContentRefused,
    ContributionSettled,
    LeadIsClosed,
    NotYours,
    NoVersionInForce,
)
from leads.models import Assignment, Clock, Content, Contribution, Lead
from portal import ledger
from portal.accounts.models import User
from portal.accounts.permissions import may_act_for
from portal.notifications import outbox
from portal.reader.language import Phrase
from sla.core.terms.parts import Obligation

CHANNELS = ("in_app", "mail")
TOUCH_KINDS = {"case_study": "case_study", "comparison": "comparison", "reference": "reference"}


@ledger.recorded
def ask(
    *, lead_id: int, kind: str, subject: str, by: User, at: datetime, competitor: str = ""
) -> Contribution:
    """Ask Marketing for material for a lead: by who has the Sales seat, or stands in.

    The version in force now governs it; Marketing's seat owns it, and its clock starts where
    the terms promise such material at this stage. A comparison may name the `competitor`.
    Raises LeadIsClosed for a merged lead, NotYours, NoVersionInForce.
    """
    lead = lock_lead(lead_id)
    _require(lead, "sales", by, at)
    if lead.merged_into_id is not None:
        raise LeadIsClosed(_("This lead is part of another one."))
    version = routing.version_for(lead, at)
    if version is None:
        raise NoVersionInForce(_("No version is in force, so nothing can be promised."))
    seat = routing.seat_of(lead, "marketing")
    contribution = Contribution.objects.create(
        lead=lead, version=version, kind=kind, subject=text.line(subject),
        asked_by=by, asked_at=at, owner=seat.member, competitor=text.line(competitor, 120),
    )  # fmt: skip
    _record(ledger.Kind.CONTRIBUTION_ASKED, contribution, by, at, {"kind": kind})
    for owed in _promised(contribution):
        clocks.start(
            obligation=owed, contribution=contribution, event_at=at, at=at,
            owner=seat.member, team=seat.team,
        )  # fmt: skip
    _tell(contribution, "asked", seat.member, Phrase("%(who)s asks for: %(what)s"), by, at)
    return contribution


@ledger.recorded
def deliver(
    *,
    contribution_id: int,
    by: User,
    at: datetime,
    link: str = "",
    content_id: int | None = None,
) -> Contribution:
    """Deliver what was asked, which stops its clock: by its owner, or who stands in.

    From the library (`content_id`), else by a link. Raises NotYours, ContributionSettled if
    it was delivered or cancelled before, ContentRefused for material that is not ready.
    """
    contribution = _locked(contribution_id)
    if contribution.owner_id != by.pk:
        _require(contribution.lead, "marketing", by, at)
    if contribution.delivered_at is not None:
        raise ContributionSettled(_("This was delivered already. Nothing of yours was lost."))
    contribution.delivered_at, contribution.delivered_by = at, by
    contribution.content = _ready(content_id, by, at) if content_id is not None else None
    contribution.link = contribution.content.link if contribution.content else link
    contribution.save(update_fields=["delivered_at", "delivered_by", "link", "content"])
    clocks.stop(contribution.clocks.all(), at=at)
    found = contribution.content_id
    said: dict[str, object] = {"content": found} if found is not None else {}
    _record(ledger.Kind.CONTRIBUTION_DELIVERED, contribution, by, at, said)
    asker = contribution.asked_by
    _tell(contribution, "delivered", asker, Phrase("%(who)s delivered: %(what)s"), by, at)
    return contribution


@ledger.recorded
def mark_used(*, contribution_id: int, by: User, at: datetime, used: bool) -> Contribution:
    """Say once whether it was used; if so, it is a touch of Marketing's with the lead.

    By who asked, or has the Sales seat or stands in. Raises NotYours, and
    ContributionSettled if it was not delivered, was cancelled, or this was said before.
    """
    contribution = _locked(contribution_id)
    if contribution.asked_by_id != by.pk:
        _require(contribution.lead, "sales", by, at)
    if contribution.delivered_at is None:
        raise ContributionSettled(_("This is not delivered yet."))
    if contribution.used is not None:
        raise ContributionSettled(_("Somebody has said so already."))
    contribution.used, contribution.answered_at = used, at
    contribution.save(update_fields=["used", "answered_at"])
    _record(ledger.Kind.CONTRIBUTION_USED, contribution, by, at, {"used": used})
    if used:
        kind = TOUCH_KINDS.get(contribution.kind, "content")
        touches.material(contribution.lead, kind, _title(contribution), by=by, at=at)
        journey.advance(contribution.lead, at)
    return contribution


@ledger.recorded
def cancel(*, contribution_id: int, by: User, at: datetime) -> Contribution:
    """Take back what was asked: its clock is cancelled, or late if it was late already.

    By who asked, or has the Sales seat or stands in. Raises NotYours, ContributionSettled.
    """
    contribution = _locked(contribution_id)
    if contribution.asked_by_id != by.pk:
        _require(contribution.lead, "sales", by, at)
    if contribution.delivered_at is not None:
        raise ContributionSettled(_("This was delivered already."))
    contribution.cancelled_at = at
    contribution.save(update_fields=["cancelled_at"])
    clocks.stop(contribution.clocks.all(), at=at, outcome=Clock.Outcome.CANCELLED)
    _record(ledger.Kind.CONTRIBUTION_CANCELLED, contribution, by, at, {})
    return contribution


def _ready(content_id: int, by: User, at: datetime) -> Content:
    content = Content.objects.ready(keeping.day_of(by, at)).filter(pk=content_id).first()
    if content is None:
        raise ContentRefused(_("This is not in the library, or it is valid no more."))
    return content


def _title(contribution: Contribution) -> str:
    content = contribution.content
    return content.title if content is not None else contribution.subject


def _locked(contribution_id: int) -> Contribution:
    """The request, locked after its lead. Raises ContributionSettled if it was cancelled."""
    asked = Contribution.objects.select_related("asked_by", "owner", "version", "content")
    lead = lock_lead(asked.values_list("lead_id", flat=True).get(pk=contribution_id))
    contribution = asked.select_for_update(no_key=True, of=("self",)).get(pk=contribution_id)
    contribution.lead = lead
    if contribution.cancelled_at is not None:
        raise ContributionSettled(_("This is not asked for any more."))
    return contribution


def _require(lead: Lead, department: str, by: User, at: datetime) -> Assignment:
    """The department's seat, which `by` has or stands in for."""
    if lead.merged_into_id is not None:
        raise LeadIsClosed(_("This lead became part of another one."))
    seat = routing.seat_of(lead, department)
    if not may_act_for(by, seat.member_id, seat.team, at):
        raise NotYours(
            _("Only who has the seat of %(department)s may do this, or stands in.")
            % {"department": seat.team.department}
        )
    return seat


def _promised(contribution: Contribution) -> list[Obligation]:
    """What the terms promise for such material, from the stage on that they name."""
    terms, stage = contribution.version.parsed, contribution.lead.stage
    known = any(one.key == stage for one in terms.journey)
    return [
        owed
        for owed in terms.contributions_for(contribution.kind)
        if owed.from_stage is None or (known and terms.at_or_after(stage, owed.from_stage))
    ]


def _tell(
    contribution: Contribution,
    what: str,
    to: User | None,
    title: Phrase,
    by: User,
    at: datetime,
) -> None:
    """Nobody is told of what they did themselves."""
    if to is None or to == by:
        return
    outbox.tell(
        about=f"contribution:{contribution.pk}:{what}",
        to=[to],
        channels=CHANNELS,
        title=title % {"who": by, "what": contribution.subject},
        text=str(contribution.lead),
        link=lead_link(contribution.lead_id),
        at=at,
    )


def _record(
    kind: str, contribution: Contribution, by: User, at: datetime, clear: dict[str, object]
) -> None:
    ledger.append(
        kind,
        subject=("contribution", contribution.pk),
        lead=contribution.lead_id,
        at=at,
        by=by,
        department=by.department_id,
        clear=clear,
    )
