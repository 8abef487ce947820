"""What stands beside the figures of a week: what was decided, and who was away."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, DateTimeField, Value
from django.db.models.functions import Cast

from leads.models import ReviewNote
from leads.reports.period import Filters
from leads.reports.review.late import Away
from portal.accounts.models import Absence
from sla.core.workingtime import microseconds


class Note(NamedTuple):
    """What was decided `about` a question of the week, and the department and the name of who
    wrote it down."""

    pk: int
    about: str
    text: str
    department: str
    by: str
    at: datetime


def notes_and_absences(filters: Filters) -> tuple[Mapping[str, Sequence[Note]], list[Away]]:
    """The notes of the week by the question, in their order, and everybody's absences that
    touch the period; one question."""
    period = filters.period
    word = Value("", output_field=CharField())
    never = Cast(Value(None), DateTimeField())
    said: Any = ReviewNote.objects.filter(week=period.first).order_by()
    away: Any = Absence.objects.filter(starts_at__lt=period.end, ends_at__gt=period.start)
    rows = said.values_list(
        Value("note", output_field=CharField()), "pk", "about", "text", "department_id",
        "by__name", "at", never,
    ).union(
        away.order_by().values_list(
            Value("away", output_field=CharField()), "user", word, word, word, word,
            "starts_at", "ends_at",
        ),
        all=True,
    )  # fmt: skip
    notes: dict[str, list[Note]] = defaultdict(list)
    absences = []
    for what, pk, about, text, department, name, at, until in rows:
        if what == "away":
            absences.append(Away(pk, microseconds(at), microseconds(until)))
        else:
            notes[about].append(Note(pk, about, text, department, name, at))
    for some in notes.values():
        some.sort(key=lambda note: (note.at, note.pk))
    return dict(notes), absences
