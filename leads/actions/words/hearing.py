"""That an old label was asked for: counted, so that one sees who still needs it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from leads.core import text
from leads.models import WordHeard


def heard(*, word: str, place: str, who: str, at: datetime) -> None:
    """Count that `who`, a team or a token, asked for an old label in `place`.

    A count and no deed: it stands in no ledger, and it names no person.
    """
    named = {"word": text.line(word, 60).lower(), "place": place, "who": text.line(who, 120)}
    with transaction.atomic():
        row, _made = WordHeard.objects.get_or_create(
            **named, defaults={"first_at": at, "last_at": at}
        )
        WordHeard.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=at)
