"""Somebody known through every door, and where a word of theirs is still to be found."""

import json
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from leads.actions.answering import correcting
from leads.actions.handing.transitions import lock_lead
from leads.actions.intake import Arrival, receive
from leads.actions.journeys import attestations, merging, touches
from leads.actions.privacy import asking, consents
from leads.models import (
    EventSource,
    Inbound,
    InboundItem,
    Lead,
    Outgoing,
    Subscription,
)
from portal import ledger
from portal.jobs import actions as jobs
from portal.look.models import SavedView
from portal.notifications.models import Endpoint
from portal.unfinished import actions as unfinished
from tests.factories import MONDAY_NINE, make_user
from tests.leads.imports import bringing

WORD = "zq7canary"
NAME, MAIL = f"Quirina {WORD}", f"Quirina.{WORD}@{WORD}.example"
PHONE, KEY = "+49 30 90187777", "+493090187777"
LATER = MONDAY_NINE + timedelta(hours=1)
MAPPED = bringing.MAPPING | {
    "columns": bringing.MAPPING["columns"] | {"Hobby": "attributes.hobby", "Tel": "phone"}
}


def known_everywhere(olga):
    """Bring Quirina in by file and form, work on her, and return her lead that stays."""
    _by_file(olga)
    arrival = Arrival(
        name=NAME, email=MAIL, phone=PHONE, job_title=f"Head of {WORD}", source="website",
        company_name=f"{WORD} Ltd", consent=True, consent_source=f"{WORD} form",
        attributes={"hobby": f"{WORD} fishing"}, system="forms", external_id=f"{WORD}-77",
        touch="demo_request", segment="demo_request",
    )  # fmt: skip
    lead = receive(arrival=arrival, at=MONDAY_NINE).lead
    _work_on(lead, olga)
    _leave_traces(lead, olga)
    _told_by_systems(lead, olga)
    return Lead.objects.get(pk=lead.pk)


def _by_file(olga):
    header = [*bringing.HEADER, "Hobby", "Tel"]
    rows = [
        {"Id": f"{WORD}-1", "Name": NAME, "Email": MAIL, "Company": f"{WORD} Ltd",
         "Hobby": f"{WORD} rowing", "Tel": PHONE},
        {"Id": f"{WORD}-2", "Name": NAME, "Email": MAIL, "Score": f"{WORD} high"},
        {"Id": "other-1", "Name": "Otto Other", "Email": "otto@other.example"},
    ]  # fmt: skip
    upload = bringing.bring(bringing.table(*rows, header=header), olga, name=f"{MAIL}.csv")
    bringing.rehearse(upload, olga, mapping=MAPPED)
    bringing.take(upload, olga)


def _work_on(lead, olga):
    seller = make_user("Sven Seller", team="inside-sales")
    touches.log(
        lead_id=lead.pk, kind="call", by=seller, at=LATER, subject=f"{WORD} was away",
        source="dialler", external_id=f"{WORD}-call",
    )  # fmt: skip
    attestations.attest(
        lead_id=lead.pk, fact="budget_confirmed", by=seller, at=LATER, note=f"{WORD} said so"
    )
    consents.state(
        lead_id=lead.pk, given=True, purpose="newsletter", by=seller, at=LATER,
        source=f"{WORD} card", note=f"from {WORD}",
    )  # fmt: skip
    _correct(lead, olga)
    double = receive(
        arrival=Arrival(name=NAME, email=f"{WORD}@private.example", source="event"), at=LATER
    ).lead
    merging.merge(lead_id=double.pk, into_id=lead.pk, by=olga, at=LATER)
    asking.note(
        lead_id=lead.pk, kind="erasure", by=olga, at=LATER, reason=f"{WORD} wrote to us"
    )


@ledger.recorded
def _correct(lead, olga):
    locked = lock_lead(lead.pk)
    correcting.correct(locked, {"lead.job_title": f"Chief {WORD}"}, by=olga, at=LATER)


@ledger.recorded
def _leave_traces(lead, olga):
    jobs.ask(
        kind="import", title=f"Import for {MAIL}", arguments={"who": NAME}, by=olga, at=LATER
    )
    jobs.Job.objects.update(state="done", ended_at=LATER)
    SavedView.objects.create(
        owner=olga, page="leads", name=f"about {NAME}", query=f"q={MAIL}", saved_at=LATER
    )
    unfinished.keep(
        form="setup:people", said=[("text", [f"{NAME}\t{MAIL}"])], by=olga, at=LATER
    )
    waiting = SessionStore().encode({"_messages": json.dumps([f"{NAME} is yours now"])})
    Session.objects.create(
        session_key="a" * 32, session_data=waiting, expire_date=LATER + timedelta(days=1)
    )


def _told_by_systems(lead, olga):
    """What a CRM told of her, done, in quarantine and whole, and what a system is told."""
    source = EventSource.objects.create(
        key="crm", name="CRM", system="crm", mapping={}, keeper=olga, made_at=LATER,
        changed_at=LATER, changed_by=olga,
    )  # fmt: skip
    said = {"name": NAME, "email": MAIL, "phone": PHONE}
    message = Inbound.objects.create(
        source=source, message_id="1", received_at=LATER, proof="token", size=1, digest="0",
        raw=json.dumps(said),
    )  # fmt: skip
    InboundItem.objects.create(
        inbound=message, source=source, number=1, lead=lead, state="done",
        payload=said | {"note": f"{WORD} again"}, result={"lead": NAME},
    )  # fmt: skip
    InboundItem.objects.create(
        inbound=message, source=source, number=2, state="quarantined", payload=said,
        reason=f"two leads have {MAIL}",
    )  # fmt: skip
    endpoint = Endpoint(kind="webhook", name="CRM")
    endpoint.keep(address="https://crm.example/")
    endpoint.save()
    told = Subscription.objects.create(
        name="CRM", endpoint=endpoint, personal=True, made_at=LATER, made_by=olga
    )
    for seq, state in enumerate(("sent", "pending"), 1):
        Outgoing.objects.create(
            subscription=told, seq=seq, kind="lead_arrived", lead=lead, state=state,
            payload=said | {"title": f"Chief {WORD}"}, created_at=LATER, next_at=LATER,
            answers=[f"200 {NAME}"],
        )  # fmt: skip


def hits(*words):
    """(table, column) of every value in the database in which one of the words stands."""
    found, words = set(), words or (WORD,)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                told = zip(names, row, strict=True)
                found |= {(table, name) for name, value in told if _holds(value, words)}
    for row in Session.objects.all():
        if _holds(str(row.get_decoded()), words):
            found.add(("django_session", "decoded"))
    return found


def _holds(value, words):
    if isinstance(value, bytes | memoryview):
        value = bytes(value).decode("utf-8", errors="replace")
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value).lower()
    return any(word.lower() in text for word in words)
