"""What is left to do before the first clock runs: read from what is there, never ticked."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.actions.setup.who import configures, furthest
from leads.models import Handoff, ImportRun, Lead
from portal.accounts.actions import inviting
from portal.accounts.models import Department, Role, Team, User
from portal.notifications.models import Endpoint
from portal.unfinished.models import Unfinished
from sla.models import Agreement, Office, Version
from sla.models.agreement import place_of

DONE, OPEN, WARNING, LATER = "done", "open", "warning", "later"


@dataclass(frozen=True)
class Step:
    """One step: its state, what is there in words, and where it is done ("" for nowhere).
    `beside`: address and name of a page that tells operations more of it.
    """

    key: str
    title: str
    state: str
    text: str
    url: str = ""
    label: str = ""
    beside: tuple[str, str] | None = None


@dataclass(frozen=True)
class _Facts:
    office: Office | None
    teams: int
    people: int
    sellers: int
    operations: int
    heads: set[str]
    signs: set[str]
    version: Version | None
    agreement: Agreement | None
    channel: Endpoint | None
    runs: int
    held: int
    offered: bool
    lives: bool
    waiting: int


def is_begun() -> bool:
    """Whether the first handoff was offered: then nobody is led to these steps any more."""
    return Handoff.objects.exists()


def steps(user: User, at: datetime) -> list[Step]:
    """The steps in order, for who sets the company up."""
    facts = _read(user, at)
    made = [
        _company(facts), _teams(facts), _people(facts), _parties(facts), _agreement(facts),
        _channel(facts), _import(facts), _signing(facts), _live(facts), _everybody(facts),
    ]  # fmt: skip
    left = Unfinished.objects.begun()
    return [_for(user, _begun(step, facts, left)) for step in made]


def _begun(step: Step, facts: _Facts, left: set[str]) -> Step:
    """The step says so where its form was left half way."""
    form = place_of(facts.agreement) if step.key == "agreement" else f"setup:{step.key}"
    if form not in left:
        return step
    kept = _("Begun and kept: go on where it was left.")
    return replace(step, text=f"{step.text} {kept}")


def _for(user: User, step: Step) -> Step:
    """The link of a step stays only with who may do it; the others read who does."""
    admin = step.key in {"company", "teams", "people", "parties", "channel"}
    if admin and not configures(user):
        return _without(step, _("An administrator does this."))
    if user.role == Role.OPERATIONS:
        return step
    if step.key in {"agreement", "import", "live"}:
        return _without(step, _("Operations does this."))
    return replace(step, beside=None)


def _without(step: Step, who: str) -> Step:
    return Step(step.key, step.title, step.state, f"{step.text} {who}".strip())


def _read(user: User, at: datetime) -> _Facts:
    people = User.objects.active().aggregate(
        people=Count("pk", filter=~Q(department=None)),
        sellers=Count("pk", filter=Q(team__department="sales")),
        operations=Count("pk", filter=Q(role=Role.OPERATIONS)),
    )
    agreement = Agreement.objects.in_order().last()
    version = furthest(agreement, at)
    signatories = User.objects.signatories().filter(department=OuterRef("pk"))
    sides = Department.objects.values_list("key", "head", Exists(signatories))
    return _Facts(
        office=Office.objects.first(),
        heads={key for key, head, _signs in sides if head is not None},
        signs={key for key, _head, signs in sides if signs},
        version=version,
        agreement=agreement,
        channel=Endpoint.objects.enabled().order_by(F("sent_at").desc(nulls_last=True)).first(),
        **_counted(user, at),
        **people,
    )


def _counted(user: User, at: datetime) -> dict[str, Any]:
    """How far the company is, in one question; that of who asks stands for it."""
    runs = ImportRun.objects.exclude(finished_at=None).filter(undone_at=None)
    numbers = {
        "teams": Team.objects.filter(archived_at=None),
        "runs": runs,
        "held": Lead.objects.open().filter(held=True),
        "waiting": inviting.waiting().exclude(invitation__expires_at__gt=at),
    }
    return User.objects.values(
        **{name: Coalesce(_number(rows), 0) for name, rows in numbers.items()},
        offered=Exists(Handoff.objects.all()),
        lives=Exists(Lead.objects.filter(imported=True, held=False)),
    ).get(pk=user.pk)


def _number(rows: "QuerySet[Any]") -> Subquery:
    """How many there are; NULL if there are none."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    return Subquery(counted.values("n"), output_field=IntegerField())


def _company(facts: _Facts) -> Step:
    office = facts.office
    text = _("What it is called, and when it works: holidays are drawn for two years.")
    if office:
        text = _("%(name)s, %(zone)s, %(days)d holidays until %(until)s.") % {
            "name": office.name, "zone": office.zone, "days": len(office.calendar["closed"]),
            "until": office.calendar["valid_through"],
        }  # fmt: skip
    return _step("company", _("The company"), bool(office), text, _("Name and hours"))


def _teams(facts: _Facts) -> Step:
    text = _("Five are proposed. Rename them, add some, take away what you do not have.")
    if facts.teams:
        text = ngettext("%(n)d team.", "%(n)d teams.", facts.teams) % {"n": facts.teams}
    return _step("teams", _("Teams"), bool(facts.teams), text, _("Name the teams"))


def _people(facts: _Facts) -> Step:
    text = _("Paste them from a sheet. Nobody is told, and nobody can sign in yet.")
    if facts.people:
        said = ngettext("%(n)d person.", "%(n)d people.", facts.people)
        text = said % {"n": facts.people}
        if not facts.sellers:
            text += " " + _("Nobody of Sales yet: offers would have nowhere to go.")
        elif not facts.operations:
            text += " " + _("Nobody of operations yet: they import leads and go live.")
    done = bool(facts.people and facts.sellers and facts.operations)
    return _step("people", _("People"), done, text, _("Paste people"))


def _parties(facts: _Facts) -> Step:
    missing = [
        str(label) for key, label in Department.Key.choices
        if key not in facts.heads or key not in facts.signs
    ]  # fmt: skip
    text = _("Marketing and Sales each have a head and somebody who signs.")
    if missing:
        text = _("Missing for %(sides)s.") % {"sides": " · ".join(missing)}
    return _step("parties", _("Heads and signatories"), not missing, text, _("Choose them"))


def _agreement(facts: _Facts) -> Step:
    version, title = facts.version, _("The agreement")
    if version is None:
        if facts.agreement is not None:
            url = reverse("sla:questions", args=[facts.agreement.key])
        else:
            url = reverse("sla:agreement-new")
        text = _("Five questions, and it writes itself, with your calendar and your teams.")
        return Step("agreement", title, OPEN, text, url, _("Answer five questions"))
    url = reverse("sla:version", args=[version.agreement.key, version.number])
    if version.state == Version.State.DRAFT:
        text = _("A draft is there. Read it together, then propose it for signature.")
        return Step("agreement", title, OPEN, text, url, _("Read and propose it"))
    text = _("%(version)s is %(state)s.") % {
        "version": version, "state": version.get_state_display(),
    }  # fmt: skip
    return Step("agreement", title, DONE, text, url, _("Read it"))


def _channel(facts: _Facts) -> Step:
    title, url = _("A channel"), reverse("admin:notifications_endpoint_changelist")
    if facts.channel and facts.channel.sent_at:
        return Step("channel", title, DONE, facts.channel.name, url, _("Channels"))
    if facts.channel:
        url = reverse("admin:notifications_endpoint_change", args=[facts.channel.pk])
        text = _("%(name)s: nothing went through it yet. Send a test message.")
        text %= {"name": facts.channel.name}
        return Step("channel", title, WARNING, text, url, _("Test it"))
    add = reverse("admin:notifications_endpoint_add")
    mail = inviting.mail_is_set()
    text = (
        _("In the portal and by mail only. Short promises want Slack or Teams.")
        if mail
        else _("In the portal only: no mail server is set. You can go on without.")
    )
    return Step("channel", title, WARNING, text, add, _("Add one and test it"))


def _import(facts: _Facts) -> Step:
    text = _("A file of your CRM. No clock starts and nobody is told.")
    if facts.runs:
        text = ngettext("%(n)d lead waits.", "%(n)d leads wait.", facts.held)
        text = text % {"n": facts.held} + " " + _("No clock runs on them.")
    url = reverse("leads:imports")
    state = DONE if facts.runs else OPEN
    label = _("Imports") if facts.runs else _("Bring a file")
    return Step("import", _("Leads you have"), state, text, url, label)


def _signing(facts: _Facts) -> Step:
    version, title = facts.version, _("Signatures")
    if version is None or version.state == Version.State.DRAFT:
        return Step("signing", title, LATER, _("Once a text is proposed."))
    page = [version.agreement.key, version.number]
    if version.state == Version.State.SIGNED:
        url = reverse("sla:version", args=page)
        return Step("signing", title, DONE, _("Both departments have signed."), url, _("See"))
    missing = [str(label) for key, label in Department.Key.choices if key in version.needs]
    text = _("Missing: %(sides)s. Who signs needs a link, which leads to the text.") % {
        "sides": " · ".join(missing)
    }
    text += " " + _("Meanwhile the text is observed: nothing is sent and nothing counts.")
    url, label = reverse("leads:setup-signing"), _("Links for who signs")
    observed = (reverse("sla:shadow", args=page), _("What would have been late"))
    return Step("signing", title, OPEN, text, url, label, observed)


def _live(facts: _Facts) -> Step:
    title, url = _("Go live"), reverse("leads:setup-live")
    if facts.offered:
        text = _("Clocks run. Say how many leads the CRM holds, so that no part looks whole.")
        beside = (reverse("leads:coverage"), _("What does the portal not see?"))
        return Step("live", title, DONE, text, url, _("See"), beside)
    if facts.lives:
        text = _("You are live. No lead met the criteria of an offer yet; the rest can follow.")
        return Step("live", title, WARNING, text, url, _("Let more go live"))
    if facts.version is None or facts.version.state != Version.State.SIGNED:
        text = _("Once both departments have signed. You see before what would happen.")
        return Step("live", title, LATER, text, url, _("What would happen"))
    text = _("Offers, clocks and invitations begin when you press the button.")
    return Step("live", title, OPEN, text, url, _("Go live"))


def _everybody(facts: _Facts) -> Step:
    title, url = _("Everybody comes in"), reverse("leads:setup-invitations")
    if not facts.people:
        return Step("everybody", title, LATER, _("Once there are people."))
    if not facts.waiting:
        return Step("everybody", title, DONE, _("Everybody has a way in."), url, _("See"))
    said = ngettext(
        "%(n)d person has no way in yet.", "%(n)d people have no way in yet.", facts.waiting
    )
    text, state = said % {"n": facts.waiting}, OPEN if facts.offered or facts.lives else LATER
    if state == LATER:
        text += " " + _("Invitations wait until you go live.")
    return Step("everybody", title, state, text, url, _("Invitations"))


def _step(key: str, title: str, done: bool, text: str, label: str) -> Step:
    url = reverse(f"leads:setup-{key}")
    return Step(key, title, DONE if done else OPEN, text, url, _("Change") if done else label)
