"""How long people are kept: rules that operations set, leads that are due, and the work of
erasing them."""

from calendar import monthrange
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.privacy.erasing import erase_by_rule, require_operations
from leads.errors import PrivacyRefused
from leads.models import Clock, Handoff, Lead, RetentionRule, StageEntry, Touch
from leads.models.lead import ERASED
from portal import ledger
from portal.accounts.models import User
from portal.jobs import actions as jobs
from portal.jobs.kinds import Step
from portal.jobs.models import Job

KIND = "retention"
BATCH = 5  # people in one step: each is searched for everywhere
AGAIN = timedelta(hours=20)  # automatic rules are looked at about once a day
MOST_MONTHS = 240


@ledger.recorded
def keep_rule(
    *, kind: str, months: int, automatic: bool, is_active: bool, by: User, at: datetime
) -> RetentionRule:
    """Set the rule of a kind. Nothing is erased by setting one that is not automatic.

    Raises NotYours for who is not of operations, PrivacyRefused for a wrong kind or length.
    """
    require_operations(by)
    if kind not in RetentionRule.Kind.values or not 1 <= months <= MOST_MONTHS:
        raise PrivacyRefused(_("A rule is about a known kind of leads, and 1 to 240 months."))
    said = {"months": months, "automatic": automatic, "is_active": is_active}
    rule, _made = RetentionRule.objects.update_or_create(
        kind=kind, defaults={**said, "changed_at": at, "changed_by": by}
    )
    ledger.append(
        "configured", at=at, by=by, subject=("retention_rule", rule.pk),
        clear={"kind": kind, **said},
    )  # fmt: skip
    return rule


def due(rule: RetentionRule, at: datetime) -> QuerySet[Lead]:
    """Leads that the rule would erase as of `at`, the oldest first.

    Never one whose clock runs, nor of a person of whom there is anything newer.
    """
    edge = edge_of(rule, at)
    found = Lead.objects.filter(merged_into=None).exclude(email_key__startswith=ERASED)
    mine = {"lead": OuterRef("pk")}
    found = found.exclude(Exists(Clock.objects.filter(**mine, stopped_at=None)))
    newer = Q(received_at__gt=edge) | Q(closed_at__gt=edge)
    if rule.kind == RetentionRule.Kind.CLOSED:
        found = found.filter(closed_at__lte=edge)
        newer |= Q(closed_at=None, merged_into=None)
    else:
        found = found.filter(closed_at=None, received_at__lte=edge).exclude(
            Exists(Touch.objects.filter(**mine, recorded_at__gt=edge))
            | Exists(StageEntry.objects.filter(**mine, entered_at__gt=edge))
            | Exists(Handoff.objects.open().filter(**mine))
        )
    same = Lead.objects.filter(newer, email_key=OuterRef("email_key"), email_key__gt="")
    return found.exclude(Exists(same.exclude(pk=OuterRef("pk")))).order_by("pk")


def edge_of(rule: RetentionRule, at: datetime) -> datetime:
    """What happened up to then is older than the rule allows."""
    year, month = divmod(at.year * 12 + at.month - 1 - rule.months, 12)
    day = min(at.day, monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


def ask(*, rule_id: int, expected: int, by: User, at: datetime) -> Job:
    """Erase what is due, as a piece of long work. `expected` is how many were on the page.

    Raises NotYours, and PrivacyRefused if another number is due by now, none is, or the
    work is under way already.
    """
    require_operations(by)
    rule = RetentionRule.objects.get(pk=rule_id)
    number = due(rule, at).count()
    if number == 0 or number != expected:
        raise PrivacyRefused(
            _("By now %(n)d leads are due. Look at them first.") % {"n": number}
        )
    with transaction.atomic():
        return _ask(rule, by=by, at=at)


def ask_automatic(at: datetime) -> int:
    """Housekeeping: start the work of rules that need no asking, once a day; how many."""
    recently = Job.objects.filter(kind=KIND, asked_at__gt=at - AGAIN)
    rules = RetentionRule.objects.filter(is_active=True, automatic=True)
    if not rules.exists() or recently.exists():
        return 0
    asked = 0
    for rule in rules:
        if due(rule, at).exists():
            with transaction.atomic():
                _ask(rule, by=None, at=at)
            asked += 1
    return asked


def step(job: Job, at: datetime) -> Step:
    """Erase the next few people; who is not due any more is left alone."""
    rule = RetentionRule.objects.get(pk=job.arguments["rule"])
    erased = job.counts.get("erased", 0)
    waiting = due(rule, at).filter(pk__gt=job.cursor, pk__lte=job.arguments["last"])
    some = list(waiting[:BATCH])
    for lead in some:
        if due(rule, at).filter(pk=lead.pk).exists():
            done = erase_by_rule(lead_id=lead.pk, rule=rule, by=job.by, at=at)
            erased += len(done.leads)
    total = job.arguments["last"]
    cursor = some[-1].pk if some else total
    return Step(cursor, total, done=not some, counts={"erased": erased})


def _ask(rule: RetentionRule, *, by: User | None, at: datetime) -> Job:
    if Job.objects.open().filter(kind=KIND).exists():
        raise PrivacyRefused(_("Leads are being erased already."))
    last = due(rule, at).values_list("pk", flat=True).last() or 0
    return jobs.ask(
        kind=KIND,
        title=_("Erasing leads that were kept long enough"),
        arguments={"rule": rule.pk, "last": last},
        by=by,
        at=at,
        back=reverse("leads:privacy"),
    )
