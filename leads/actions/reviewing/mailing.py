"""The week is told to both heads on Monday morning, in the same words, once."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.actions.links import review_link
from leads.reports.period import Filters
from leads.reports.review import Review, review
from leads.reports.rollups import sums_of_review
from portal.accounts.models import User
from portal.look.words import count, percent
from portal.notifications import outbox
from portal.notifications.models import Delivery
from portal.notifications.schedule import leaves_at, zone_of
from portal.reader import language
from sla.models import Agreement, Version

BEGINS = time(7, 30)  # before the week's other messages leave, so that they leave together
SOON = timedelta(hours=12)  # a head west of the agreement's zone has eight o'clock later
LATEST = timedelta(days=2)  # a portal that was down till later leaves the week out
CHANNELS = (Delivery.Channel.IN_APP, Delivery.Channel.MAIL)


def weekly(at: datetime) -> None:
    """Tell the heads of the week that ended, from Monday at half past seven on; again and
    again nothing, as each is told of a week once. The mail leaves at eight with what else
    is gathered for the week; how they are told is their own choice."""
    if (version := _in_force(at)) is None:
        return
    zone = zone_of(version.parsed.governance.zone)
    this = Filters.from_query({"period": "week"}, at, zone)
    begins = datetime.combine(this.period.first, BEGINS, zone)
    told = Delivery.objects.filter(about=_about(this))
    if begins <= at < begins + LATEST and not told.exists():
        _tell(version, this, at)


@transaction.atomic(durable=True)
def _tell(version: Version, this: Filters, at: datetime) -> None:
    heads = list(User.objects.active().filter(heads__isnull=False).distinct())
    before = this.during(this.period.before)
    seen = review(version, before, at, sums_of_review(version, before))
    for head in heads:
        with language.spoken_to(head):
            title, text = _title(seen), _text(seen)
        outbox.tell(
            about=_about(this),
            to=[head],
            channels=CHANNELS,
            title=title,
            text=text,
            link=review_link(before.period.first),
            at=at,
            digest=_gathered(head, at),
        )


def _gathered(head: User, at: datetime) -> str:
    """With the week's other messages if those leave this morning, else by itself."""
    weekly = Delivery.Digest.WEEKLY.value
    return weekly if leaves_at(weekly, head.zone, at) - at < SOON else ""


def _in_force(at: datetime) -> Version | None:
    agreement = Agreement.objects.in_order().last()
    return Version.objects.in_force(agreement.pk, at) if agreement else None


def _about(this: Filters) -> str:
    return f"review:{this.period.first.isoformat()}"


def _title(seen: Review) -> str:
    period = seen.filters.period
    return _("The week from %(first)s to %(last)s in questions") % {
        "first": date_format(period.first, "j M"),
        "last": date_format(period.last, "j M Y"),
    }


def _text(seen: Review) -> str:
    """A few lines that both heads read alike; the page has the rows."""
    names = {"marketing": _("Marketing"), "sales": _("Sales")}
    lines = [
        _("%(who)s kept %(share)s of %(n)s due.")
        % {"who": names[side], "share": percent(met / due), "n": count(due)}
        for side, (met, due) in seen.kept.items()
        if due
    ]
    if seen.broken:
        most = seen.broken[0].tally
        lines.append(
            _("Most was late of: %(name)s, %(n)s.")
            % {"name": _name(seen, most.obligation), "n": count(most.late)}
        )
    if seen.returned:
        first = seen.returned[0]
        reasons = seen.version.parsed.return_reasons if seen.version else ()
        named = {one.key: one.name for one in reasons}
        lines.append(
            _("Most came back for: %(reason)s, %(n)s.")
            % {"reason": named.get(first.key, first.key), "n": count(first.number)}
        )
    if waits := len(seen.open.disputes):
        lines.append(_("Disputes that wait for a decision: %(n)s.") % {"n": count(waits)})
    return "\n".join(lines) or _("Nothing was due.")


def _name(seen: Review, key: str) -> str:
    obligations = seen.version.parsed.obligations if seen.version else ()
    return next((one.name for one in obligations if one.key == key), key)
