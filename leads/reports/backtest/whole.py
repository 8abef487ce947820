"""A text on every handoff of a long time, as a job: slice by slice, then kept as one answer.

The counts of a slice are of handoffs that no other slice has, so their sums are what one
reading of everything would have counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from leads.models import Handoff
from leads.models.handoff import HandoffQuerySet
from leads.reports.backtest.costing import clauses, stages
from leads.reports.backtest.reading import history
from leads.reports.backtest.trying import FIGURES, differs, outcomes
from portal.accounts.models import User
from portal.errors import DomainError
from portal.jobs import actions as jobs
from portal.jobs.kinds import Step
from portal.jobs.models import Job
from sla.core import terms as core
from sla.core.backtest import Backtest, Clause, Tried
from sla.models import Version

KIND = "backtest"
SLICE = 10_000
SUMMED = ("n", "late", "before", "newly", "spared", "unseen")


class TextChanged(DomainError):
    """The text is another one than when its backtest was asked for."""


@transaction.atomic(durable=True)
def ask(
    *, version: Version, base: Version | None, since: datetime, until: datetime, by: User,
    at: datetime, back: str,
) -> Job:  # fmt: skip
    """Read all handoffs first offered in [since, until); `back` is the page that asked."""
    arguments = {
        "version": version.pk, "base": base.pk if base else None,
        "digest": core.digest(version.terms), "since": since.isoformat(),
        "until": until.isoformat(), "at": at.isoformat(),
        "total": there(version, since, until).count(),
    }  # fmt: skip
    title = _("%(version)s on all handoffs of a time") % {"version": version}
    return jobs.ask(kind=KIND, title=title, arguments=arguments, by=by, at=at, back=back)


def step(job: Job, at: datetime) -> Step:
    """Add the next SLICE of handoffs; the last one makes the answer."""
    asked = job.arguments
    version = Version.objects.select_related("agreement").get(pk=asked["version"])
    if core.digest(version.terms) != asked["digest"]:
        raise TextChanged(_("The text changed since this was asked for. Ask again."))
    base = Version.objects.filter(pk=asked["base"]).first()
    since, until = (datetime.fromisoformat(asked[name]) for name in ("since", "until"))
    some = _next(there(version, since, until), job.result.get("after"))
    told, counts = _added(job.result.get("sums", {}), version, base, some, asked["at"])
    cursor = job.cursor + len(some)
    result: dict[str, Any] = {"sums": told}
    if some:
        result["after"] = [some[-1][1].isoformat(), some[-1][0]]
        result["slices"] = [*job.result.get("slices", ()), [*result["after"], counts]]
    if len(some) < SLICE:
        found = _answer(told, version, base, since, until, cursor)
        return Step(cursor, asked["total"], done=True, result=result | {"backtest": found})
    return Step(cursor, asked["total"], result=result)


def newest(version: Version, base: Version | None) -> Job | None:
    """The last one that was finished for the text as it is, beside the same version."""
    done = Job.objects.filter(
        kind=KIND, state=Job.State.DONE, arguments__digest=core.digest(version.terms),
        arguments__version=version.pk,
    )  # fmt: skip
    wanted = base.pk if base else None
    found = done.order_by("-ended_at", "-pk")[:10]
    return next((job for job in found if job.arguments["base"] == wanted), None)


def there(version: Version, since: datetime, until: datetime) -> HandoffQuerySet:
    """The handoffs that such a job reads."""
    return Handoff.objects.filter(
        version__agreement=version.agreement_id,
        first_offered_at__gte=since,
        first_offered_at__lt=until,
    )


def _next(found: HandoffQuerySet, after: list[Any] | None) -> list[tuple[int, datetime]]:
    if after is not None:
        found = found.filter(behind(after))
    rows = found.order_by("first_offered_at", "pk").values_list("pk", "first_offered_at")
    return list(rows[:SLICE])


def behind(key: Sequence[Any]) -> Q:
    """What comes after the handoff of a key, (instant, number), in the order of slices."""
    last, pk = datetime.fromisoformat(key[0]), key[1]
    return Q(first_offered_at__gt=last) | Q(first_offered_at=last, pk__gt=pk)


def _added(
    sums: Mapping[str, Any],
    version: Version,
    base: Version | None,
    some: list[tuple[int, datetime]],
    at: str,
) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """The sums with a slice more, as lists: a database may reorder the keys of an object.

    And what the slice counted by itself, so that its rows are looked for where there are any.
    """
    new, old = version.parsed, base.parsed if base else None
    handoffs = Handoff.objects.filter(pk__in=[pk for pk, _offered in some])
    past = history(version.agreement_id, handoffs, datetime.fromisoformat(at))
    rows = {row["obligation"]: row for row in sums.get("rows", ())}
    counts: dict[str, list[int]] = {}
    for owed, one in outcomes(new, old, past):
        rows[owed.key] = _plus(rows.get(owed.key), asdict(one))
        counts[owed.key] = [getattr(one, name) or 0 for name in FIGURES]
    costs = {path: numbers for path, *numbers in sums.get("clauses", ())}
    for cost in clauses(old, new, past):
        newly, spared = costs.get(cost.path, (0, 0))
        costs[cost.path] = [newly + cost.newly, spared + cost.spared]
    clauses_of = [[path, *numbers] for path, numbers in costs.items()]
    return {"rows": list(rows.values()), "clauses": clauses_of}, counts


def _plus(one: Mapping[str, Any] | None, other: dict[str, Any]) -> dict[str, Any]:
    if one is None:
        return other
    both = {name: _sum(one[name], other[name]) for name in SUMMED}
    return other | both


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _answer(
    sums: Mapping[str, Any],
    version: Version,
    base: Version | None,
    since: datetime,
    until: datetime,
    handoffs: int,
) -> dict[str, Any]:
    rows = [Tried(**row) for row in sums["rows"]]
    kept = tuple(_changed(rows, version, base))
    return Backtest(
        since=since,
        until=until,
        base=base.number if base else None,
        handoffs=handoffs,
        rows=kept,
        same=len(rows) - len(kept),
        clauses=tuple(Clause(*one) for one in sums["clauses"]),
        stages=stages(version, base, since, until),
    ).as_json()


def _changed(rows: Iterable[Tried], version: Version, base: Version | None) -> Iterable[Tried]:
    new, old = version.parsed, base.parsed if base else None
    for row in rows:
        if row.newly or row.spared or differs(new, old, new.obligation(row.obligation)):
            yield row
