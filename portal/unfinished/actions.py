"""Keeping what stands in a form, and letting it go. It decides nothing yet: no entry in the
ledger."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from portal.accounts.models import User
from portal.unfinished.models import Unfinished

LONGEST = 250_000  # letters, names of fields among them; longer ones are not kept
NO_FIELDS = frozenset({"csrfmiddlewaretoken", "do"})


@transaction.atomic
def keep(
    *, form: str, said: Iterable[tuple[str, list[str]]], by: User, at: datetime
) -> bool:  # fmt: skip
    """Keep the fields of a form in place of what was kept before.

    Whether they are kept: not if there are none, nor if they are longer than LONGEST.
    """
    fields = {
        name: [value.replace("\x00", "") for value in values]
        for name, values in said
        if name not in NO_FIELDS
    }
    letters = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if not fields or letters > LONGEST:
        return False
    Unfinished.objects.update_or_create(
        form=form, defaults={"fields": fields, "kept_at": at, "kept_by": by}
    )
    return True


def finish(form: str) -> None:
    """Nothing of this form waits any more."""
    Unfinished.objects.filter(form=form).delete()
