"""Where the apps meet: each reads what another knows only through what is bound here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from leads.actions import commitments
from leads.actions.setup.who import sets_up
from leads.actions.sweeping import holding
from leads.demo import cards, people
from leads.models import Handoff, SweepHold, SweepPass
from leads.reports import expected
from leads.reports.audience import audience
from leads.reports.backtest import backtest, shadow
from leads.reports.governed import running, subject
from leads.reports.people.smallest import require_group
from leads.reports.practice import practice
from leads.reports.spoken import legacy_words
from leads.views.help import changes, places
from portal import celery, ledger, wallclock
from portal.accounts.models import Department, Role, User
from portal.bulk.prepared import Prepared
from portal.demo.personas import personas
from portal.ledger.models import Head, LedgerEntry
from portal.look.shell import Persona, Place, Strip, Trust, bind
from portal.notifications.models import Delivery, Level
from sla import ports
from sla.core.observed import Question, Shadow
from sla.models import Agreement, Version

UNCHECKED = timedelta(seconds=60)

PLACES = (
    Place("desk", _("My desk"), "inbox", "leads:desk", of_leads=True),
    Place("leads", _("Leads"), "users", "leads:lead-list", of_leads=True),
    Place("agreement", _("Agreement"), "writing-sign", "sla:agreement-list"),
    Place("scorecard", _("Scorecard"), "chart-histogram", "leads:scorecard", of_leads=True),
    Place("library", _("Library"), "books", "leads:library", of_leads=True),
)


@dataclass(frozen=True)
class Around:
    """What every page reads besides its own: the bell, the ledger's end, the last check,
    and of the default agreement what is in force."""

    unread: int
    dead: int
    is_head: bool
    seq: int | None
    head: str | None
    published_at: datetime | None
    swept_at: datetime | None
    differences: int | None
    key: str | None
    name: str | None
    number: int | None
    since: datetime | None
    genesis: Any
    begun: bool


def around(user: Any, at: datetime) -> Around:
    """All of it in one question, asked once for the person of one request."""
    if not hasattr(user, "_around"):
        user._around = Around(*_AROUND(user.pk, at)[0])
    return user._around  # type: ignore[no-any-return]  # set above


def _asked_around(user_id: int, at: datetime) -> QuerySet[User, tuple[Any, ...]]:
    told = Delivery.objects.to(user_id).unread()
    dead = Delivery.objects.dead().filter(level=Level.LATE)
    end, head, swept = (
        LedgerEntry.objects.order_by("-seq"), Head.objects.order_by("-seq"),
        SweepPass.objects.order_by("pk"),
    )  # fmt: skip
    first = LedgerEntry.objects.filter(seq=1, kind=ledger.Kind.GENESIS)
    governing = Version.objects.effective(at).filter(
        agreement=Subquery(Agreement.objects.in_order().reverse().values("pk")[:1])
    )
    firsts = [
        (end, "seq"), (end, "hash"), (head, "at"), (swept, "swept_at"), (swept, "differences"),
        *((governing, f"agreement__{name}") for name in ("key", "name")),
        (governing, "number"), (governing, "effective_from"), (first, "body"),
    ]  # fmt: skip
    return User.objects.filter(pk=user_id).values_list(
        Coalesce(_counted(told), 0),
        Coalesce(_counted(dead), 0),
        Exists(Department.objects.filter(head=OuterRef("pk"))),
        *(Subquery(rows.values(name)[:1]) for rows, name in firsts),
        Exists(Handoff.objects.all()),
    )


def _counted(rows: QuerySet[Delivery]) -> Subquery:
    """How many rows there are, as a value of another question; NULL if there are none."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    return Subquery(counted.values("n"), output_field=IntegerField())


_AROUND = Prepared(_asked_around, int, datetime)


def unread(user: Any) -> int:
    """Alerts that this person has not seen."""
    return around(user, wallclock.now()).unread


def trust(user: Any, at: datetime) -> Trust:
    """The footer: what is in force, how long the ledger is, when clocks were checked."""
    read = around(user, at)
    return Trust(
        agreement=f"{read.name}, {_('version')} {read.number}" if read.key else None,
        agreement_url=reverse("sla:agreement", args=[read.key]) if read.key else None,
        in_force_since=read.since,
        entries=read.seq or 0,
        head=read.head,
        published_at=read.published_at,
        ledger_url=reverse("ledger") if user.reads_leads else None,
        checked_at=read.swept_at,
    )


def beginning(user: Any, at: datetime) -> str:
    """Where the company is set up, for who does that, until its first handoff is offered."""
    return reverse("leads:setup") if sets_up(user) and not around(user, at).begun else ""


def strip(user: Any, at: datetime) -> Strip | None:
    """One line above the header; clocks that nobody checks are worse than demo time."""
    return (_warning(user, at) if user is not None else None) or _demo(user, at)


def _warning(user: Any, at: datetime) -> Strip | None:
    """What is wrong with the portal itself, for who is signed in; the worst alone."""
    read = around(user, at)
    if read.swept_at is not None:
        if doubt := holding.in_doubt(read.swept_at, at):
            return _held(doubt)
        if at - read.swept_at > UNCHECKED:
            text = _(
                "Clocks were not checked for over a minute. Alerts come late, none is lost."
            )
            return Strip(label=_("Clocks"), text=text, grave=True)
    if read.differences:
        return _differs(read.differences)
    if read.dead and read.is_head and user.role == Role.MANAGER:
        return _lost(read.dead)
    return None


def _demo(user: Any, at: datetime) -> Strip | None:
    if not _is_simulated(user, at):
        return None
    here = localtime(at) if user is not None else at.astimezone(ZoneInfo(people.BERLIN))
    text = _(
        "Demo company. Time is simulated: it is %(now)s. People, leads and figures are made up."
    )
    return Strip(label=_("Demo"), text=text % {"now": date_format(here, "l j F Y, H:i")})


def _is_simulated(user: Any, at: datetime) -> bool:
    if user is None:
        return ledger.is_simulated()
    body = around(user, at).genesis
    return bool(body and LedgerEntry(body=body).clear["simulated"])


def _held(doubt: SweepHold) -> Strip:
    text = _("Clocks are not checked: %(why)s. Operations must confirm the time; none is lost.")
    return Strip(label=_("Clocks"), text=text % {"why": doubt}, grave=True)


def _differs(count: int) -> Strip:
    text = ngettext(
        "The audit found %(count)d row that is not as the ledger says. Operations looks at it.",
        "The audit found %(count)d rows that are not as the ledger says. Operations looks at"
        " them.",
        count,
    )
    return Strip(label=_("Audit"), text=text % {"count": count}, grave=True)


def _lost(count: int) -> Strip:
    text = ngettext(
        "%(count)d escalation could not be delivered. It stands under Undelivered messages.",
        "%(count)d escalations could not be delivered. They stand under Undelivered messages.",
        count,
    )
    return Strip(label=_("Messages"), text=text % {"count": count}, grave=True)


def observed(version: Version, question: Question) -> Shadow:
    """A version observed: beside real clocks, or before the first signatures alone.

    Raises GroupTooSmall for a team of which no figures are shown apart."""
    require_group(question.team)
    look = expected.shadow if question.alone else shadow
    return look(version, question)


def demo_logins() -> list[Persona]:
    """The people of the demo company; of another simulated one, somebody of each kind."""
    return cards.personas() or personas()


def bind_all() -> None:
    # Else a thread of the web process has no application: what it sends would look for a
    # broker that nobody runs, for six seconds.
    celery.app.set_default()
    ports.bind(
        practice=practice,
        backtest=backtest,
        shadow=observed,
        legacy_words=legacy_words,
        audience=audience,
        subject=subject,
        running=running,
        concluded=commitments.begin,
    )
    bind(
        unread=unread,
        trust=trust,
        strip=strip,
        beginning=beginning,
        simulated=_is_simulated,
        places=PLACES,
        alerts="leads:alerts",
        search="leads:lead-list",
        help="leads:help",
        explained=places.address,
        newest_changes=changes.NEWEST,
        demo_logins=demo_logins,
        demo_password=people.PASSWORD,
    )
