"""Every kind of rows that may hold something about a person of a lead. Whoever adds a model
with a text in it says here what becomes of it, or why nobody can be named in it."""

from django.utils.translation import gettext_lazy as _

from leads.actions.privacy import elsewhere
from leads.actions.privacy.place import Place

_KEY = "a key of the agreement, of a team or of ours"
_COUNTED = "counted in figures; it says nothing of who it was"
_LINK = "an address inside the portal, with numbers only"

PLACES: tuple[Place, ...] = (
    Place(
        model="leads.Lead", what=_("Leads"), lead="pk",
        tells=(
            "name", "email", "phone", "phone_key", "job_title", "country", "company__name",
            "source", "campaign", "segment", "score", "consent", "attributes", "provenance",
            "stage", "received_at", "arrived_at", "closed_at", "closed_as", "closed_reason",
            "imported", "merged_into",
        ),
        by_hand=elsewhere.leads,
        handles=(
            "name", "email", "email_key", "phone", "phone_key", "job_title", "attributes",
            "provenance", "closed_reason",
        ),
        stays={
            "country": _COUNTED, "source": _COUNTED, "campaign": _COUNTED,
            "segment": _COUNTED, "stage": _KEY, "closed_as": _KEY,
        },
    ),
    Place(
        model="leads.HistoricalLead", what=_("Earlier states of the lead"), lead="id",
        tells=(
            "name", "email", "phone", "job_title", "country", "source", "campaign", "segment",
            "score", "consent", "attributes", "stage", "closed_as", "closed_reason",
            "history_date", "history_type",
        ),
        removes=True,
    ),
    Place(
        model="leads.LeadSource", what=_("Their ids in other systems"), lead="lead",
        tells=("source", "external_id", "seen_at"), removes=True,
    ),
    Place(
        model="leads.Company", what=_("A company that nobody else is known of"),
        found=elsewhere.own_companies, tells=("name", "domain", "country", "industry"),
        by_hand=elsewhere.companies, handles=("name", "domain", "provenance"),
        stays={"country": _COUNTED, "industry": _COUNTED, "status": _KEY},
    ),
    Place(
        model="leads.HistoricalCompany", what=_("Earlier states of that company"),
        handles=("name", "domain", "provenance"),
        stays={
            "country": _COUNTED, "industry": _COUNTED, "status": _KEY,
            "history_change_reason": "never written", "history_type": _KEY,
        },
    ),
    Place(
        model="leads.Consent", what=_("Consents"), lead="lead",
        tells=("purpose", "given", "source", "said_at", "recorded_at", "note"), removes=True,
    ),
    Place(
        model="leads.Touch", what=_("Touches"), lead="lead",
        tells=(
            "kind", "direction", "department", "subject", "seconds", "source", "external_id",
            "occurred_at", "recorded_at", "claimed_at",
        ),
        empties=("external_id",), searched=("subject",), by_hand=elsewhere.touches,
        stays={"kind": _KEY, "direction": _KEY, "source": _COUNTED},
    ),
    Place(
        model="leads.Attestation", what=_("Facts somebody vouched for"), lead="lead",
        tells=("fact", "note", "at", "withdrawn_at"), empties=("note",), stays={"fact": _KEY},
    ),
    Place(
        model="leads.StageEntry", what=_("Stages, with the evidence seen"), lead="lead",
        tells=("stage", "from_stage", "entered_at", "evidence", "waiver_reason", "imported"),
        evidence=("evidence",), marks=("waiver_reason",),
        stays={"stage": _KEY, "from_stage": _KEY},
    ),
    Place(
        model="leads.Handoff", what=_("Handoffs"), lead="lead",
        tells=(
            "kind", "state", "round", "first_offered_at", "offered_at", "accepted_at",
            "returned_at", "ended_at", "return_reason", "return_note", "dispute_note",
            "outcome", "outcome_reason", "evidence", "gaps", "waiver_reason", "why",
        ),
        empties=("return_note", "dispute_note", "outcome_reason", "why"),
        marks=("waiver_reason",), evidence=("evidence",),
        stays={
            "kind": _KEY, "state": _KEY, "segment": _COUNTED, "return_reason": _KEY,
            "decided_as": _KEY, "outcome": _KEY, "gaps": "names of fields, not their values",
        },
    ),
    Place(
        model="leads.HandoffMove", what=_("Steps of handoffs"), lead="handoff__lead",
        tells=("move", "from_state", "to_state", "round", "at", "reason", "note"),
        empties=("note",), by_hand=elsewhere.moves, handles=("undo",),
        stays={"move": _KEY, "from_state": _KEY, "to_state": _KEY, "reason": _KEY},
    ),
    Place(
        model="leads.WaiverRequest", what=_("Waivers asked for"), lead="lead",
        tells=("handoff_kind", "unmet", "why", "answer", "note", "asked_at"),
        empties=("note",), marks=("why",),
        stays={"handoff_kind": _KEY, "unmet": "sentences of the agreement", "answer": _KEY},
    ),
    Place(
        model="leads.Assignment", what=_("Seats, and why"), lead="lead",
        tells=("department", "team__name", "since", "until", "why"), empties=("why",),
    ),
    Place(
        model="leads.Contribution", what=_("Material asked for"), lead="lead",
        tells=("kind", "subject", "competitor", "asked_at", "delivered_at", "used", "link"),
        marks=("subject",), empties=("link",),
        stays={"kind": _KEY, "competitor": "the name of a company we compare with"},
    ),
    Place(
        model="leads.Claim", what=_("What imported files say happened"), lead="lead",
        tells=("kind", "at"), stays={"kind": _KEY},
    ),
    Place(
        model="leads.Merge", what=_("Merges"), found=elsewhere.merges,
        tells=("gone", "kept", "at", "before", "undone_at"), empties=("before",),
        stays={"seats": "numbers of seats"},
    ),
    Place(
        model="leads.Timer", what=_("Timed events"), lead="lead",
        tells=("kind", "at", "done_at"), empties=("note", "error"), stays={"kind": _KEY},
    ),
    Place(
        model="leads.Clock", what=_("Clocks"), lead="lead",
        tells=("obligation", "kind", "started_at", "due_at", "stopped_at", "outcome"),
        empties=("sweep_error",),
        stays={
            "obligation": _KEY, "kind": _KEY, "segment": _COUNTED, "calendar": _KEY,
            "steps": "instants of the ladder", "outcome": _KEY,
        },
    ),
    Place(
        model="leads.ImportRun", what=_("Imports they came by"), found=elsewhere.runs,
        tells=("name", "started_at"), searched=("name", "found", "mapping"),
        stays={"sha256": "a digest of the whole file", "undone": "numbers of leads"},
    ),
    Place(
        model="leads.ImportSlice", what=_("What became of records of files"),
        searched=("outcomes",), by_hand=elsewhere.slices, handles=("before",),
    ),
    Place(
        model="leads.Upload", what=_("Files that name them"),
        searched=("name", "mapping"), handles=("found", "rehearsal"),
        stays={"key": "a random name", "sha256": "a digest of the whole file"},
    ),
    Place(
        model="leads.SavedMapping", what=_("Saved mappings that name them"),
        searched=("mapping", "name"),
    ),
    Place(
        model="leads.InboundItem", what=_("What other systems told of them"), lead="lead",
        tells=("event", "payload", "state", "settled_at"),
        searched=("payload", "reason", "result", "key"), by_hand=elsewhere.heard,
        stays={"event": _KEY, "rule": _KEY, "state": _KEY, "path": "the name of a field"},
    ),
    Place(
        model="leads.Inbound", what=_("Messages of other systems that name them"),
        searched=("raw",),
        stays={"message_id": "the sender's number", "proof": _KEY, "digest": "a digest"},
    ),
    Place(
        model="leads.Outgoing", what=_("What other systems were told of them"), lead="lead",
        tells=("kind", "payload", "sent_at"), searched=("payload", "answers", "last_error"),
        by_hand=elsewhere.told_others, stays={"kind": _KEY, "state": _KEY},
    ),
    Place(
        model="accounts.KeptAnswer", what=_("Answers to programs, kept for their repeats"),
        lead="lead_id", empties=("body",),
        stays={"key": "a digest", "asked": "a digest", "location": _LINK},
    ),
    Place(
        model="leads.PrivacyRequest", what=_("What they asked of their data"), lead="lead",
        tells=("kind", "basis", "reason", "asked_at", "done_at"), empties=("reason",),
        stays={"kind": _KEY, "basis": _KEY, "leads": "numbers", "counts": "numbers"},
    ),
    Place(
        model="leads.ReviewNote", what=_("Notes of reviews that name them"),
        searched=("text",), stays={"about": _KEY},
    ),
    Place(
        model="leads.BreachCause", what=_("Causes of late clocks that name them"),
        searched=("text",), stays={"cause": _KEY},
    ),
    Place(
        model="leads.IntegrityAnswer", what=_("Answers to checks that name them"),
        searched=("text",), stays={"check_key": _KEY, "length": _KEY},
    ),
    Place(
        model="leads.AuditPass", what=_("Findings of the audit that name them"),
        searched=("found",), stays={"digest": "a digest"},
    ),
    Place(
        model="notifications.Delivery", what=_("Messages about them"),
        found=elsewhere.deliveries, tells=("channel", "title", "text", "created_at", "sent_at"),
        searched=("title", "text", "last_error"), by_hand=elsewhere.forget_deliveries,
        stays={
            "about": "kind and number of the cause", "channel": _KEY, "digest": _KEY,
            "level": _KEY, "link": _LINK, "state": _KEY,
        },
    ),
    Place(
        model="jobs.Job", what=_("Long work that names them"),
        searched=("title", "arguments", "counts", "result", "error"),
        stays={"kind": _KEY, "state": _KEY, "back": _LINK, "lease": "random"},
    ),
    Place(
        model="unfinished.Unfinished", what=_("Forms left half way that name them"),
        searched=("fields",), stays={"form": _KEY},
    ),
    Place(
        model="look.SavedView", what=_("Saved views that search for them"),
        searched=("name", "query"), stays={"page": _KEY},
    ),
    Place(
        model="sessions.Session", what=_("Notices that wait for somebody’s next page"),
        by_hand=elsewhere.sessions, handles=("session_data",),
        stays={"session_key": "random"},
    ),
)  # fmt: skip
