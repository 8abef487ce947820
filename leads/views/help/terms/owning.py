"""People, leads, and how both departments own them."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.terms.shape import JOURNEY, PROMISES, Term

OWNING = (
    Term("stage", _("Stage"), _(
        "Where a person stands on their own journey, from noticing a problem to "
        "recommending us. It never carries the name of a department. Moving back is normal."),
        _("funnel stage, lifecycle stage"), JOURNEY),
    Term("criterion", _("Criterion"), _(
        "What must be true to enter a stage. The portal keeps what it saw, who set it and "
        "when: the evidence. What nobody has said is missing, and missing is not met."),
        _("definition, qualification"), JOURNEY),
    Term("waiver", _("Waiver"), _(
        "The receiving side lets a lead pass although a criterion is not met, with a "
        "reason. Waived entries are shown apart everywhere."), _("exception"), JOURNEY),
    Term("seat", _("Seat"), _(
        "Both departments own every lead at every stage: one seat of Marketing, one of "
        "Sales. Who acts changes; the other still sees every clock."), _("owner"), 0),
    Term("acts", _("Acts now"), _(
        "The side that must do the next thing. A handoff moves it; ownership does not move."),
        _("assigned to"), JOURNEY),
    Term("steward", _("Steward"), _(
        "Gets what nobody owns, and is told. Nothing is ever silently with nobody."),
        _("queue"), 0),
    Term("deputy", _("Deputy"), _(
        "Stands in for somebody away: is told, and may act. The clock runs on."),
        _("cover"), 0),
    Term("pool", _("Pool"), _(
        "Members of a team who share certain leads by turns, by weight or by load. Who is "
        "away, off hours or full is left out; a returned lead gives the turn back."),
        _("routing, round robin"), 0),
    Term("department", _("Department"), _(
        "There are two, Marketing and Sales, and both own every lead. Each has a head, who "
        "hears once a week what stays late."), _("party, business unit"), 0),
    Term("team", _("Team"), _(
        "Part of one department, with a manager, a steward and a calendar. Inside sales "
        "answers first, outside sales meets; both are teams of Sales."),
        _("SDR, BDR, ISR, AE, field"), 0),
    Term("operations", _("Operations"), _(
        "Belongs to no department: drafts, imports, says who gets a lead, and reads all. Never "
        "signs, accepts or answers."), _("RevOps, marketing operations"), 0),
    Term("auditor", _("Auditor"), _(
        "Reads everything and changes nothing."), _("read only, internal audit"), 0),
    Term("administrator", _("Administrator"), _(
        "Lets people in and sets the portal up. Signs nothing, sees no lead without a "
        "department, and cannot change what happened."), _("admin, superuser"), 0),
    Term("lead", _("Lead"), _(
        "One person on their way under one agreement. The same person once more is no second "
        "lead: it is a touch, or a new offer."),
        _("prospect, contact, inquiry, MAL, MQL, SAL, SQL"), 0),
    Term("segment", _("Kind of lead"), _(
        "What raised the hand: a demo request, a trial, an event, content. A promise may have "
        "another target for each."), _("segment, lead type"), PROMISES),
    Term("not-offered", _("Not handed over"), _(
        "Customers and people of an open deal: their owner is told. Competitors, our own staff "
        "and students are closed on arrival. None of them counts for a volume."),
        _("exclusion, suppression, customer, opportunity"), 0),
    Term("duplicate", _("The same person twice"), _(
        "The same id or the same address is the same person; a likeness is only suspected, and "
        "somebody decides. Merged leads keep both histories, and count once."),
        _("duplicate, merge, dedupe"), 0),
    Term("capacity", _("Capacity"), _(
        "How many open handoffs somebody has at most. Who has so many gets no more until one "
        "ends."), _("workload, limit"), 0),
    Term("imported", _("Imported"), _(
        "What a file says of the past is kept as its claim. Imported leads have owners and "
        "wait: no clock runs and nobody is told before operations lets them go live."),
        _("history, backlog, held"), 0),
)  # fmt: skip
