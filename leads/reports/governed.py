"""What the agreements govern: a lead with its facts, and the handoffs under each version."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext

from leads.actions.journeys.facts import facts_of
from leads.actions.links import lead_link
from leads.models import Handoff, Lead
from portal.look.words import count
from sla.ports import Note, Subject


def subject(lead_id: int, at: datetime) -> Subject | None:
    """A lead that was not merged into another, with all that is known of it as of `at`."""
    lead = Lead.objects.filter(pk=lead_id, merged_into=None).select_related("company").first()
    if lead is None:
        return None
    return Subject(
        label=str(lead),
        link=lead_link(lead.pk),
        facts=facts_of(lead, at),
        agreement=lead.agreement_id,
        bound=lead.handoffs.open().exists(),
    )


def running() -> Mapping[int, Note]:
    """How many open handoffs each version governs, with the address of their leads."""
    grouped = Handoff.objects.open().values_list("version").annotate(n=Count("pk")).order_by()
    return {version: _note(version, number) for version, number in grouped}


def _note(version: int, number: int) -> Note:
    text = ngettext("%(n)s runs", "%(n)s run", number) % {"n": count(number)}
    return Note(text, f"{reverse('leads:lead-list')}?{urlencode({'version': version})}")
