"""Who is told what when a version moves. Inner steps: they write in their caller's
transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from portal.accounts.models import Role, User
from portal.notifications import outbox
from portal.reader.language import Phrase
from sla.models import Version

CHANNELS = ("in_app", "mail")


def signatories(version: Version) -> Iterable[User]:
    """Those whose signature over the current revision is still possible and missing."""
    return User.objects.signatories().filter(department_id__in=version.needs)


def everybody_concerned(version: Version) -> Iterable[User]:
    """Signatories, heads and managers of both departments, operations, and the author."""
    concerned = (
        Q(is_signatory=True)
        | Q(role__in=[Role.MANAGER, Role.OPERATIONS])
        | Q(heads__isnull=False)
        | Q(pk=version.proposed_by_id)
        | Q(pk=version.created_by_id)
    )
    return User.objects.active().filter(concerned).distinct()


def tell(
    version: Version,
    what: str,
    to: Iterable[User],
    *,
    title: str | Phrase,
    text: str | Phrase,
    at: datetime,
    sign: bool = False,
) -> None:
    """Write one notice about a version; the same one is never written twice to a person.

    It links to the text, or with `sign` to the page on which it is signed.
    """
    page = "sla:version-sign" if sign else "sla:version"
    outbox.tell(
        about=f"version:{version.pk}:{version.revision}:{what}",
        to=to,
        channels=CHANNELS,
        title=title,
        text=text,
        link=reverse(page, args=[version.agreement.key, version.number]),
        at=at,
    )
