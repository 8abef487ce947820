"""Who changed what of a lead and its company, in sentences: from what, to what, when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.models import Company, Lead
from portal.look.words import quoted

PAGE = 40
READ = 120  # records of one history that a page looks at
FIELDS: dict[str, str | Promise] = {
    "name": gettext_lazy("the name"),
    "email": gettext_lazy("the mail address"),
    "phone": gettext_lazy("phone"),
    "job_title": gettext_lazy("the job title"),
    "country": gettext_lazy("the country"),
    "source": gettext_lazy("the source"),
    "campaign": gettext_lazy("the campaign"),
    "segment": gettext_lazy("the kind of lead"),
    "score": gettext_lazy("the score"),
    "consent": gettext_lazy("consent"),
    "company_id": gettext_lazy("the company"),
    "closed_as": gettext_lazy("how it ended"),
    "domain": gettext_lazy("the company’s domain"),
    "employees": gettext_lazy("the company’s size"),
    "industry": gettext_lazy("the industry"),
    "status": gettext_lazy("the company’s standing"),
}
OF_COMPANY = {
    "name": gettext_lazy("the company’s name"),
    "country": gettext_lazy("its country"),
}
LEAD_FIELDS = (
    "name", "email", "phone", "job_title", "country", "source", "campaign", "segment", "score",
    "consent", "company_id", "closed_as",
)  # fmt: skip
COMPANY_FIELDS = ("name", "domain", "country", "employees", "industry", "status")


@dataclass(frozen=True)
class Changed:
    """One change of one fact. `by` empty: the portal itself. `about`: lead or company."""

    at: datetime
    by: str
    field: str
    before: str
    after: str
    about: str = "lead"

    @property
    def text(self) -> str:
        """The change as a sentence, without its date."""
        words = {
            "who": self.by or _("The portal"),
            "field": self.field,
            "before": self.before,
            "after": self.after,
        }
        if not self.before:
            return _("%(who)s set %(field)s to %(after)s.") % words
        if not self.after:
            return _("%(who)s removed %(field)s, which was %(before)s.") % words
        return _("%(who)s changed %(field)s from %(before)s to %(after)s.") % words


def changes(
    lead: Lead, before: datetime | None = None
) -> tuple[list[Changed], datetime | None]:
    """The newest PAGE changes before an instant, newest first, and where the next page
    begins; changes of one instant stay on one page. Three queries."""
    rows, horizons = [], []
    for history, fields, about in _histories(lead):
        records = _records(history, before)
        rows += list(_between(records, fields, about))
        horizons += [records[-2].history_date] if len(records) == READ else []
    known = max(horizons, default=None)
    found = sorted(rows, key=lambda one: one.at, reverse=True)
    if len(found) > PAGE:
        known = max(found[PAGE - 1].at, known) if known else found[PAGE - 1].at
    shown = [one for one in found if known is None or one.at >= known]
    return _named(shown), known


def every_change(lead: Lead) -> Iterator[Changed]:
    """All of them, newest first, read page by page."""
    before: datetime | None = None
    while True:
        found, before = changes(lead, before)
        yield from found
        if before is None:
            return


def _histories(lead: Lead) -> Iterator[tuple[Any, Sequence[str], str]]:
    yield lead.history, LEAD_FIELDS, "lead"
    if lead.company is not None:
        yield lead.company.history, COMPANY_FIELDS, "company"


def _records(history: Any, before: datetime | None) -> list[Any]:
    """At most READ records before an instant, newest first."""
    rows = history.select_related("history_user")
    if before is not None:
        rows = rows.filter(history_date__lt=before)
    return list(rows.order_by("-history_date", "-history_id")[:READ])


def _between(records: Sequence[Any], fields: Sequence[str], about: str) -> Iterator[Changed]:
    """The changes between each record and the one before it."""
    for newer, older in pairwise(records):
        for name in fields:
            was, now = getattr(older, name), getattr(newer, name)
            if was != now:
                yield _change(newer, name, was, now, about)
        if about == "lead":
            yield from _attributes(newer, older)


def _attributes(newer: Any, older: Any) -> Iterator[Changed]:
    for key in sorted({*newer.attributes, *older.attributes}):
        was, now = older.attributes.get(key), newer.attributes.get(key)
        if was != now:
            words = quoted(key.replace("_", " "))
            yield Changed(newer.history_date, _who(newer), words, _said(was), _said(now))


def _change(record: Any, name: str, was: object, now: object, about: str) -> Changed:
    words = OF_COMPANY.get(name) if about == "company" else None
    field = str(words or FIELDS[name])
    said = (lambda value: f"#{value}" if value else "") if name == "company_id" else _said
    return Changed(record.history_date, _who(record), field, said(was), said(now), about)


def _who(record: Any) -> str:
    return str(record.history_user) if record.history_user is not None else ""


def _said(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value).replace("_", " ") if isinstance(value, str) else str(value)


def _named(found: Iterable[Changed]) -> list[Changed]:
    """The same with companies by their names instead of their numbers."""
    rows = list(found)
    numbers = {
        int(text[1:])
        for one in rows
        if one.field == str(FIELDS["company_id"])
        for text in (one.before, one.after)
        if text.startswith("#")
    }
    names = {f"#{pk}": name for pk, name in _companies(numbers)}
    return [
        Changed(
            one.at, one.by, one.field, names.get(one.before, one.before),
            names.get(one.after, one.after), one.about,
        )
        for one in rows
    ]  # fmt: skip


def _companies(numbers: set[int]) -> Iterable[tuple[int, str]]:
    return Company.objects.filter(pk__in=numbers).values_list("pk", "name") if numbers else ()
