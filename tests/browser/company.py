"""The company whose pages are looked at: the demo, small, with a draft and a proposal."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.urls import reverse

from leads.actions.sweeping import sweep
from leads.demo import company as demo
from leads.models import Clock, Content, Contribution, Handoff, Lead
from portal.accounts.models import User
from sla.actions import drafting
from sla.models import Version
from tests.factories import make_department

SUNDAY = datetime(2026, 3, 1, 11, tzinfo=UTC)
LEADS = 60


@dataclass(frozen=True)
class Company:
    """The people by their first names, and the addresses of what they look at."""

    now: datetime
    people: dict[str, User]
    paths: dict[str, str]


def build() -> Company:
    """Seed the demo and write a draft; nothing is due a step that nobody has taken."""
    for key in ("marketing", "sales"):
        make_department(key)
    now = demo.seed(host_now=SUNDAY, leads=LEADS).now
    people = {user.name.split()[0]: user for user in User.objects.active()}
    proposed = Version.objects.get(state=Version.State.PROPOSED)
    draft = drafting.draft(
        agreement_id=proposed.agreement_id, terms=proposed.terms, by=people["Lena"], at=now
    )
    sweep.raise_all(at=now)
    return Company(now + timedelta(seconds=5), people, _leads() | _agreement(proposed, draft))


def _leads() -> dict[str, str]:
    offered, returned = _handoff("Ines Moreau"), _handoff("Marek Dvořák")
    material = Contribution.objects.get(lead__name="Ellen Fitch")
    late = Clock.objects.get(handoff=offered, kind="first_attempt")
    paused = Clock.objects.exclude(paused_at=None).latest("pk")
    return {
        "lead": reverse("leads:lead", args=[offered.lead_id]),
        "lead returned": reverse("leads:lead", args=[returned.lead_id]),
        "lead closed": reverse("leads:lead", args=[_closed()]),
        "lead company": reverse("leads:lead-company", args=[offered.lead_id]),
        "lead changes": reverse("leads:lead-changes", args=[returned.lead_id]),
        "lead privacy": reverse("leads:lead-privacy", args=[returned.lead_id]),
        "duplicates": _beside(offered.lead_id, returned.lead_id),
        "move": reverse("leads:lead-move", args=[offered.lead_id]) + "?to=deciding",
        "ask": reverse("leads:contribution-ask", args=[material.lead_id]),
        "material": reverse("leads:content", args=[Content.objects.ready(SUNDAY.date())[0].pk]),
        "return": reverse("leads:handoff-return", args=[offered.pk]),
        "handoff returned": reverse("leads:handoff", args=[returned.pk]),
        "offer": reverse("leads:handoff-offer", args=[returned.lead_id]),
        "seats": reverse("leads:seats", args=[offered.lead_id]),
        "meetings": reverse("leads:meetings", args=[offered.lead_id]),
        "leaving": reverse("leads:person-leaving", args=[offered.receiver_id]),
        "changes teams": reverse("leads:person-team", args=[offered.receiver_id]),
        "reassign": reverse("leads:handoff-reassign", args=[offered.pk]),
        "outcome": reverse("leads:handoff-outcome", args=[_handoff("Hanna Virtanen").pk]),
        "answer": reverse("leads:handoff-answer", args=[returned.pk]),
        "decide": reverse("leads:handoff-decide", args=[_handoff("Bettina Krause").pk]),
        "package": reverse("leads:handoff-package", args=[_handoff("Nils Berg").pk]),
        "deliver": reverse("leads:contribution-deliver", args=[material.pk]),
        "clock late": reverse("leads:clock", args=[late.pk]),
        "clock paused": reverse("leads:clock", args=[paused.pk]),
    }


def _beside(lead_id: int, other_id: int) -> str:
    return f"{reverse('leads:lead-duplicates', args=[lead_id])}?with={other_id}"


def _handoff(name: str) -> Handoff:
    return Handoff.objects.open().filter(lead__name=name).latest("pk")


def _closed() -> int:
    return Lead.objects.exclude(closed_at=None).exclude(handoffs=None).latest("pk").pk


def _agreement(proposed: Version, draft: Version) -> dict[str, str]:
    key = proposed.agreement.key
    found = {
        name: reverse(f"sla:version-{name}", args=[key, proposed.number])
        for name in ("sign", "decline", "withdraw", "diff")
    }
    return found | {
        "agreement": reverse("sla:agreement", args=[key]),
        "next year": reverse("sla:next-year", args=[key]),
        "version": reverse("sla:version", args=[key, proposed.number]),
        "observation": reverse("sla:shadow", args=[key, proposed.number]),
        "edit": reverse("sla:draft-edit", args=[key, draft.number]),
        "propose": reverse("sla:version-propose", args=[key, draft.number]),
    }
