"""Systems and what they told or were told, as columns of a file."""

from django.utils.translation import gettext_lazy as _

from leads.models import InboundItem, Outgoing
from leads.views.events.spoken import Outcome, spoken
from portal.ledger.kinds import Kind
from portal.spreadsheet import Column

SOURCES: list[Column] = [
    (_("Source"), lambda row: row[0].name),
    (_("Kind"), lambda row: row[0].get_kind_display()),
    (_("Key"), lambda row: row[0].key),
    (_("Switched on"), lambda row: row[0].is_active),
    (_("Last heard"), lambda row: row[0].heard_at),
    (_("In quarantine"), lambda row: row[1]),
    (_("Last refused"), lambda row: row[0].refused_at),
    (_("Why"), lambda row: row[0].refused_why),
    (_("Kept by"), lambda row: row[0].keeper),
]
SUBSCRIPTIONS: list[Column] = [
    (_("Subscription"), lambda row: row[0].name),
    (_("Goes to"), lambda row: row[1]),
    (_("Switched on"), lambda row: row[0].endpoint.is_enabled),
    (_("Last sent"), lambda row: row[0].endpoint.sent_at),
    (_("Left alone for a moment"), lambda row: row[2]),
    (_("Waits"), lambda row: row[3]),
    (_("Given up"), lambda row: row[4]),
    (_("Last error"), lambda row: row[0].endpoint.last_error),
]
TOLD: list[Column] = [
    (_("What happened"), lambda row: Kind(row.kind).label),
    (_("Entry"), lambda row: row.seq),
    (_("Lead number"), lambda row: row.lead_id),
    (_("State"), Outgoing.get_state_display),
    (_("Last error"), lambda row: row.last_error),
    (_("Tries"), lambda row: row.attempts),
    (_("Written out"), lambda row: row.created_at),
    (_("Sent"), lambda row: row.sent_at),
]


def _outcome(item: InboundItem) -> Outcome:
    """What came of it, in words; nothing of what has not been understood."""
    done = item.state == InboundItem.State.DONE
    return spoken(item.result.get("what", ""), item.result) if done else Outcome("")


HEARD: list[Column] = [
    (_("Event"), lambda item: item.pk),
    (_("What happened"), lambda item: item.rule),
    (_("Lead"), lambda item: item.lead and item.lead.name),
    (_("State"), InboundItem.get_state_display),
    (_("What became of it"), lambda item: _outcome(item).words),
    (_("Counts at"), lambda item: _outcome(item).counts_at),
    (_("Where"), lambda item: item.path),
    (_("Why it waits"), lambda item: item.reason),
    (_("Came"), lambda item: item.inbound.received_at),
    (_("Lead number"), lambda item: item.lead_id),
]
