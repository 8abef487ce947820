"""What a person asks of their data is noted, with the day by which it is answered."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.handing.transitions import lock_lead
from leads.actions.privacy.erasing import require_operations
from leads.core import text
from leads.errors import PrivacyRefused
from leads.models import PrivacyRequest
from portal import ledger
from portal.accounts.models import User


@ledger.recorded
def note(
    *,
    lead_id: int,
    kind: str,
    by: User,
    at: datetime,
    asked_at: datetime | None = None,
    reason: str = "",
) -> PrivacyRequest:
    """Note that the person of a lead asked to be told, or to be erased, on a day.

    Raises NotYours for who is not of operations; PrivacyRefused for an unknown kind, a day
    to come and what is noted already; PersonErased.
    """
    require_operations(by)
    if kind not in PrivacyRequest.Kind.values:
        raise PrivacyRefused(_("A person asks for an export or for erasure."))
    if asked_at is not None and asked_at > at:
        raise PrivacyRefused(_("This day lies in the future."))
    lead = lock_lead(lead_id)
    if PrivacyRequest.objects.open().filter(lead=lead, kind=kind).exists():
        raise PrivacyRefused(_("This is noted already, and waits."))
    noted = PrivacyRequest.objects.create(
        lead=lead, leads=[lead.pk], kind=kind, asked_at=asked_at or at, noted_by=by,
        reason=text.line(reason, 300),
    )  # fmt: skip
    ledger.append(
        "privacy_asked", at=at, by=by, subject=("lead", lead.pk),
        clear={"request": noted.pk, "kind": kind, "asked_at": noted.asked_at},
    )  # fmt: skip
    return noted
