"""The demo's agreement, drafted, proposed and signed by its people, through the actions."""

from datetime import datetime, timedelta
from typing import Any

from leads.demo import terms
from portal.accounts.models import User
from sla.actions import drafting, review, signing
from sla.models import Agreement, Signature, Version

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SECOND_IN_FORCE = 430  # days before today
PROPOSED = 6


def agree(people: dict[str, User], *, begin: datetime, now: datetime) -> Agreement:
    """An agreement with two versions signed by both."""
    lena, priya, david = (people[n] for n in ("Lena Brandt", "Priya Nair", "David Hoffmann"))
    agreement = drafting.create_agreement(
        key="inbound", name="Inbound leads", by=people["Olga Petrova"], at=begin,
        is_default=True,
    )  # fmt: skip
    _version(agreement, terms.first(), lena, (priya, david), begin)
    again = (now - SECOND_IN_FORCE * DAY).replace(hour=8, minute=0, second=0, microsecond=0)
    _version(agreement, terms.second(), lena, (priya, david), again,
             reason="Demo requests are answered within a quarter of an hour.")  # fmt: skip
    return agreement


def propose(people: dict[str, User], agreement: Agreement, *, now: datetime) -> None:
    """A third version that Sales has yet to sign, once there are handoffs to try it on."""
    lena, priya = people["Lena Brandt"], people["Priya Nair"]
    lately = (now - PROPOSED * DAY).replace(hour=9, minute=30, second=0, microsecond=0)
    _version(agreement, terms.third(), lena, (priya,), lately,
             reason="Trials get two hours; returns are answered within three.")  # fmt: skip


def _version(
    agreement: Agreement,
    text: dict[str, Any],
    author: User,
    signers: tuple[User, ...],
    at: datetime,
    reason: str = "",
) -> Version:
    version = drafting.draft(
        agreement_id=agreement.pk, terms=text, by=author, at=at, reason=reason
    )
    review.propose(version_id=version.pk, by=author, at=at + 2 * HOUR)
    version.refresh_from_db()
    ticked = [warning.code for warning in signing.grave_warnings(version)]
    for place, signer in enumerate(signers, 3):
        signing.sign(
            version_id=version.pk, by=signer, at=at + place * HOUR, digest=version.digest,
            authenticated_at=at + place * HOUR, method=Signature.Method.PASSWORD_TOTP,
            acknowledged=ticked,
        )  # fmt: skip
    return version
