"""Where a person is found by more than a key: leads and companies themselves, messages about
them, files that name them, pages that wait to tell of them."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext as _

from leads.actions.privacy.person import GONE, Person
from leads.actions.privacy.place import Rows
from leads.errors import PrivacyRefused
from leads.models import (
    Alert,
    Company,
    Contribution,
    Handoff,
    HandoffMove,
    ImportRun,
    ImportSlice,
    InboundItem,
    Lead,
    Merge,
    Outgoing,
    Touch,
    Upload,
)
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery

_MESSAGES = "_messages"
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")
_NOTES = ("return_note", "dispute_note", "outcome_reason")


def leads(person: Person) -> int:
    """The rows of the leads stay, and count; who it was is gone from them, and from what
    simple-history kept of them."""
    gone = {
        "name": GONE, "email": "", "email_key": person.key, "phone": "", "phone_key": "",
        "job_title": "", "attributes": {}, "provenance": {}, "closed_reason": "",
    }  # fmt: skip
    rows = Lead.objects.filter(pk__in=person.leads)
    rows.update(**gone)
    Lead.history.filter(id__in=person.leads).delete()
    return len(person.leads)


def companies(person: Person) -> int:
    """A company that nobody else is known of says who the person was."""
    rows = Company.objects.filter(pk__in=person.companies)
    rows.update(name=GONE, domain="", provenance={})
    Company.history.filter(id__in=person.companies).delete()
    return len(person.companies)


def own_companies(person: Person) -> Rows:
    return Company.objects.filter(pk__in=person.companies)


def merges(person: Person) -> Rows:
    return Merge.objects.filter(Q(gone__in=person.leads) | Q(kept__in=person.leads))


def runs(person: Person) -> Rows:
    """The imports that brought or changed the person, as the ledger tells."""
    entries = LedgerEntry.objects.filter(lead_id__in=person.leads)
    told = (entry.clear.get("run") for entry in entries.iterator(chunk_size=500))
    claimed = ImportRun.objects.filter(claims__lead__in=person.leads)
    ids = {pk for pk in told if isinstance(pk, int)} | set(claimed.values_list("pk", flat=True))
    return ImportRun.objects.filter(pk__in=ids)


def deliveries(person: Person) -> Rows:
    """Messages whose cause is one of the leads or what hangs on it."""
    about = Q(pk=None)
    for start in _causes(person):
        about |= Q(about=start) | Q(about__startswith=f"{start}:")
    return Delivery.objects.filter(about)


def forget_deliveries(person: Person) -> int:
    """They stay as rows; what waits to leave does not leave any more."""
    rows = Delivery.objects.filter(pk__in=list(deliveries(person).values_list("pk", flat=True)))
    rows.filter(state=Delivery.State.PENDING).update(
        state=Delivery.State.CANCELLED, next_at=None, lease_until=None
    )
    return rows.update(title=GONE, text="", last_error="")


def _causes(person: Person) -> Iterator[str]:
    yield from (f"lead:{pk}" for pk in person.leads)
    for kind, rows in (
        ("handoff", Handoff.objects.filter(lead__in=person.leads)),
        ("contribution", Contribution.objects.filter(lead__in=person.leads)),
        ("alert", Alert.objects.filter(clock__lead__in=person.leads)),
    ):
        yield from (f"{kind}:{pk}" for pk in rows.values_list("pk", flat=True))


def moves(person: Person) -> int:
    """What a move remembers, so that it can be taken back, without what was written."""
    rows = HandoffMove.objects.filter(handoff__lead__in=person.leads).exclude(undo={})
    for row in rows.iterator(chunk_size=500):
        handoff, lead = row.undo.get("handoff", {}), row.undo.get("lead", {})
        handoff |= {name: "" for name in _NOTES if handoff.get(name)}
        handoff |= {name: [] for name in ("evidence", "why") if name in handoff}
        lead |= {"closed_reason": ""} if "closed_reason" in lead else {}
        HandoffMove.objects.filter(pk=row.pk).update(undo=row.undo)
    return len(rows)


def touches(person: Person) -> int:
    """What was written of a touch, of the person's own whatever it says."""
    return Touch.objects.filter(lead__in=person.leads).update(subject="")


def heard(person: Person) -> int:
    """What another system told; a message that still waits is heard without the words."""
    rows = InboundItem.objects.filter(lead__in=person.leads)
    return rows.exclude(state=InboundItem.State.WAITING).update(
        payload=None, reason="", result={}
    )


def told_others(person: Person) -> int:
    """What was told to other systems; what is on its way does not leave any more."""
    rows = Outgoing.objects.filter(lead__in=person.leads)
    waiting = rows.filter(state=Outgoing.State.PENDING)
    waiting.update(state=Outgoing.State.DEAD, next_at=None, lease_until=None)
    gone: dict[str, Any] = {"payload": None, "answers": [], "last_error": "erased"}
    return rows.update(**gone)


def slices(person: Person) -> int:
    """What a lead was before an import changed it."""
    keys = {str(pk) for pk in person.leads}
    count = 0
    for row in ImportSlice.objects.exclude(before={}).iterator(chunk_size=50):
        kept = {key: one for key, one in row.before.items() if key not in keys}
        if kept != row.before:
            ImportSlice.objects.filter(pk=row.pk).update(before=kept)
            count += 1
    return count


def uploads(person: Person) -> list[Upload]:
    """Files that are still kept and name the person. Raises PrivacyRefused if one of them is
    being read at this moment."""
    found = []
    for upload in Upload.objects.there().select_related("job"):
        quoted = json.dumps([upload.name, upload.found, upload.rehearsal], ensure_ascii=False)
        if not (person.is_named_in(quoted) or _names(upload, person)):
            continue
        running = upload.runs.filter(job__state="open").exists()
        if running or (upload.job is not None and upload.job.is_open):
            raise PrivacyRefused(
                _("A file that names this person is being read: %(file)s. Stop that first.")
                % {"file": upload.name}
            )
        found.append(upload)
    return found


def _names(upload: Upload, person: Person) -> bool:
    if not upload.path.exists():
        return False
    whole = upload.path.read_bytes()
    return any(person.is_named_in(whole.decode(way, errors="ignore")) for way in _ENCODINGS)


def sessions(person: Person) -> int:
    """Messages that wait for somebody's next page and name the person."""
    count = 0
    for row in Session.objects.all().iterator(chunk_size=200):
        said: dict[str, Any] = row.get_decoded()
        waiting = str(said.get(_MESSAGES, ""))
        if waiting and person.is_named_in(waiting):
            del said[_MESSAGES]
            kept = SessionStore().encode(said)
            Session.objects.filter(pk=row.pk).update(session_data=kept)
            count += 1
    return count
