"""Ten leads a month are agreed, and some of them come."""

from datetime import timedelta

from leads.actions import commitments
from portal import ledger
from portal.notifications.models import Delivery
from tests.factories import (
    make_lead,
    make_terms,
    make_version,
)
from tests.leads.clockwork import HOUR, berlin

DAY = timedelta(days=1)
MARCH, APRIL, MAY = berlin(1, 0), berlin(1, 0, month=4), berlin(1, 0, month=5)
FIRST_LOOK = berlin(8, 0)
TOLD = {"whom": ["manager"], "channels": ["in_app", "mail"], "digest": {"manager": "weekly"}}


def terms_with(*, digest=None, whom=("manager",), **changes):
    """Ten leads a month that reach comparing; `changes` of that commitment."""
    volume = {
        "key": "ten", "department": "marketing", "name": "Ten leads", "period": "month",
        "measure": "stage_entries", "stage": "comparing", "obligation": None, "count": 10,
        "percent": None, "once_per": None,
        "behind": {"below": 90, **TOLD, "whom": list(whom), "digest": digest},
    }  # fmt: skip
    return make_terms(commitments=[volume | changes])


def watch(*, at=MARCH, **changes):
    """The period that begins at `at` is watched, under terms signed the day before."""
    version = make_version(terms=terms_with(**changes), at=at - DAY)
    with ledger.recording(at=at):
        commitments.begin(version, at - DAY)
    return version


def enter(number, *, at=MARCH + DAY, **fields):
    return [make_lead(at=at + n * HOUR, **fields) for n in range(number)]


def told():
    rows = Delivery.objects.filter(about__startswith="pace:", channel="in_app")
    return sorted(set(rows.values_list("recipient__name", flat=True)))
