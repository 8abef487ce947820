"""What was decided in a weekly review stays with its week, and in the ledger."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from leads.core import text as texts
from leads.errors import NotYours
from leads.models import ReviewNote
from portal import ledger
from portal.accounts.models import Role, User


def may_note(user: User) -> bool:
    """Managers and heads of both departments hold the review."""
    return bool(user.is_active and user.department_id and user.role == Role.MANAGER)


@ledger.recorded
def note(*, week: date, about: str, text: str, by: User, at: datetime) -> ReviewNote:
    """Keep what was decided about one question of the week that begins on `week`.

    A note is never changed; what turned out otherwise is another note. Raises NotYours for
    who is no manager, ValueError for a day that is no Monday, a question that there is not,
    or an empty text.
    """
    if by.department_id is None or not may_note(by):
        raise NotYours(_("The managers of both departments keep the notes of the review."))
    said = texts.line(text, 1000)
    if week.weekday() != 0 or about not in ReviewNote.About.values or not said:
        raise ValueError("a note is about a question of a week, and says something")
    kept = ReviewNote.objects.create(
        week=week, about=about, text=said, by=by, department_id=by.department_id, at=at
    )
    ledger.append(
        ledger.Kind.REVIEW_NOTED,
        subject=("review_note", kept.pk),
        at=at,
        by=by,
        department=by.department_id,
        clear={"week": week.isoformat(), "about": about},
        committed={"text": said},
    )
    return kept
