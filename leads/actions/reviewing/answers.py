"""An answer to a question about the figures stays beside it, whoever reads it later."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.core import text as texts
from leads.errors import NotYours
from leads.models import IntegrityAnswer
from leads.reports.integrity.checks import BY_KEY
from leads.reports.integrity.scope import Scope
from leads.reports.period import Period
from portal import ledger
from portal.accounts.models import User
from sla.models import Version


def may_answer(user: User) -> bool:
    """Whoever belongs to one of the departments; both are asked alike."""
    return bool(user.is_active and user.department_id)


@ledger.recorded
def answer(
    *,
    check: str,
    period: Period,
    text: str,
    version: Version | None,
    by: User,
    at: datetime,
) -> IntegrityAnswer:
    """Keep what `by` says to the question of a check about a period, with what it showed.

    Raises NotYours for who belongs to neither department, LookupError for a check that
    there is not, ValueError for an empty text.
    """
    if by.department_id is None or not may_answer(by):
        raise NotYours(_("Who belongs to one of the two departments answers."))
    asked, said = BY_KEY[check], texts.line(text, 1000)
    if not said:
        raise ValueError("an answer says something")
    scope = Scope.of(period, at, version)
    kept = IntegrityAnswer.objects.create(
        check_key=check, first=period.first, length=period.length, text=said,
        number=asked.rows(scope).count(), of=asked.whole(scope).count(),
        by=by, department_id=by.department_id, at=at,
    )  # fmt: skip
    ledger.append(
        ledger.Kind.INTEGRITY_ANSWERED,
        subject=("integrity_answer", kept.pk),
        at=at,
        by=by,
        department=by.department_id,
        clear={
            "check": check, "first": period.first.isoformat(), "length": period.length,
            "number": kept.number, "of": kept.of,
        },
        committed={"text": said},
    )  # fmt: skip
    return kept
