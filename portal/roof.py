"""Where the apps meet: each reads what another knows only through what is bound here."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from leads.actions.sweeping import holding, sweep
from leads.demo import cards, people
from leads.models import SweepHold
from leads.reports.audience import audience
from leads.reports.backtest import backtest, shadow
from leads.reports.governed import running, subject
from leads.reports.practice import practice
from leads.reports.spoken import legacy_words
from portal import ledger
from portal.demo.personas import personas
from portal.ledger.models import Head
from portal.look.shell import Persona, Place, Strip, Trust, bind
from portal.notifications.actions import undelivered
from portal.notifications.models import Delivery
from sla import ports
from sla.models import Agreement, Version

UNCHECKED = timedelta(seconds=60)

PLACES = (
    Place("desk", _("My desk"), "inbox", "leads:desk"),
    Place("leads", _("Leads"), "users", "leads:lead-list"),
    Place("agreement", _("Agreement"), "writing-sign", "sla:agreement-list"),
    Place("scorecard", _("Scorecard"), "chart-histogram", "leads:scorecard"),
)


def unread(user: Any) -> int:
    """Alerts that this person has not seen."""
    return Delivery.objects.to(user.pk).unread().count()


def trust(user: Any, at: datetime) -> Trust:
    """The footer: what is in force, how long the ledger is, when clocks were checked."""
    agreement = Agreement.objects.in_order().last()
    version = Version.objects.in_force(agreement.pk, at) if agreement else None
    in_force = agreement if version else None
    entries, head = ledger.tip()
    published = Head.objects.order_by("-seq").first()
    checked = sweep.last_pass()
    return Trust(
        agreement=f"{in_force}, {_('version')} {version.number}" if version else None,
        agreement_url=reverse("sla:agreement", args=[in_force.key]) if in_force else None,
        in_force_since=version.effective_from if version else None,
        entries=entries,
        head=head if entries else None,
        published_at=published.at if published else None,
        checked_at=checked.swept_at if checked else None,
    )


def strip(user: Any, at: datetime) -> Strip | None:
    """One line above the header; clocks that nobody checks are worse than demo time."""
    checked = sweep.last_pass()
    if user is not None and checked and (doubt := holding.in_doubt(checked.swept_at, at)):
        return _held(doubt)
    if user is not None and checked is not None and at - checked.swept_at > UNCHECKED:
        return Strip(
            label=_("Clocks"),
            text=_(
                "Clocks were not checked for over a minute. Alerts come late, none is lost."
            ),
            grave=True,
        )
    if user is not None and checked is not None and checked.differences:
        return _differs(checked.differences)
    if user is not None and (lost := undelivered.lost_escalations(user)):
        return _lost(lost)
    if ledger.is_simulated():
        here = localtime(at) if user is not None else at.astimezone(ZoneInfo(people.BERLIN))
        return Strip(
            label=_("Demo"),
            text=_(
                "Demo company. Time is simulated: it is %(now)s. People, leads and figures"
                " are made up."
            )
            % {"now": date_format(here, "l j F Y, H:i")},
        )
    return None


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


def demo_logins() -> list[Persona]:
    """The people of the demo company; of another simulated one, somebody of each kind."""
    return cards.personas() or personas()


def bind_all() -> None:
    ports.bind(
        practice=practice,
        backtest=backtest,
        shadow=shadow,
        legacy_words=legacy_words,
        audience=audience,
        subject=subject,
        running=running,
    )
    bind(
        unread=unread,
        trust=trust,
        strip=strip,
        places=PLACES,
        alerts="leads:alerts",
        search="leads:lead-list",
        demo_logins=demo_logins,
        demo_password=people.PASSWORD,
    )
