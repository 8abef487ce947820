"""Who is told what when a version moves. Inner steps: they write in their caller's
transaction; but for `tell_head`, which comes after it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from portal import ledger
from portal.accounts.models import Role, User
from portal.ledger.models import Head
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


@ledger.recorded
def tell_head(*, version_id: int, head: Head, at: datetime) -> None:
    """Send the head of the ledger, just published, to those who sign for either side.

    Whoever keeps the message can show later that nothing before it was rewritten.
    """
    version = Version.objects.select_related("agreement").get(pk=version_id)
    tell(
        version,
        f"head:{head.seq}",
        User.objects.signatories(),
        title=Phrase("Receipt: %(version)s in the ledger") % {"version": version},
        text=Phrase("Entry %(seq)s has the hash %(hash)s. Keep this message as evidence.")
        % {"seq": head.seq, "hash": head.hash},
        at=at,
    )
