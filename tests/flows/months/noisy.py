"""A month of leads that are all handed over, answered as slowly as real companies answer."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from leads.actions.reviewing.mailing import weekly
from leads.demo import people
from leads.demo.events import Story
from leads.demo.inside import call, say_outcome, unreachable
from leads.demo.play import Player, script
from leads.demo.stories import FATES, Writer
from portal import ledger
from portal.accounts.models import Department, Role, User
from portal.notifications import outbox
from portal.notifications.models import Delivery
from sla.actions import drafting, review, signing
from sla.core import terms as core
from sla.models import Signature
from tests.factories import make_user

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AT_ONCE, NEVER = 0.28, 0.12
MU, SIGMA, LONGEST = 4.48, 2.49, 4_800  # of the logarithm of working minutes; ten days
BERLIN = ZoneInfo("Europe/Berlin")
HANDED = ("demo_request", "trial", "event")  # who asks in these ways compares at once


class Slow(Writer):
    """Every lead meets the criteria; a quarter is called at once, an eighth never."""

    def __init__(self, *, begin: datetime, now: datetime, seed: int) -> None:
        super().__init__(begin=begin, now=now, second=begin, seed=seed)
        self.versions = (core.parse(core.template("classic")),) * 2

    def one(self, number: int, at: datetime) -> Story:
        segment = self.chance.choices(HANDED, (40, 25, 35))[0]
        story = Story(number, self.people.arrival(segment=segment, fits=True), at)
        if not self.office.often(NEVER):
            self._answered(story)
        return story

    def _answered(self, story: Story) -> None:
        minutes = 1.0
        if not self.office.often(AT_ONCE):
            minutes = min(self.chance.lognormvariate(MU, SIGMA), LONGEST)
        tried = self.office.after(story.at, minutes)
        call(story, self.office, tried, spoke=self.office.often(0.3))
        fate = self.chance.choices(list(FATES), list(FATES.values()))[0]
        if fate == "unreachable":
            unreachable(story, self.office, self.agreed(tried), story.last)
        else:
            say_outcome(story, self.office, fate, story.last)


class Mailing(Player):
    """Plays, tells the week on Mondays, and lets each message leave at its own instant."""

    def sweep(self, until: datetime) -> None:
        super().sweep(until)
        first = Delivery.objects.pending().order_by("next_at").values_list("next_at", flat=True)
        while (due := first[:1].first()) is not None and due <= until:
            outbox.deliver_due(at=due)

    def play(self, stories: Iterable[Story], *, until: datetime) -> None:
        """Week by week: the demo's stories know no Monday."""
        stories, at = list(stories), self.begin
        for monday in _mondays(self.begin, until):
            self._part(stories, at, monday)
            weekly(monday)
            at = monday
        self._part(stories, at, until)

    def _part(self, stories: list[Story], since: datetime, until: datetime) -> None:
        for event in script(stories, until=until):
            if event.at >= since:
                self.sweep(event.at)
                self.act(event)
        self.sweep(until)


def _mondays(begin: datetime, end: datetime) -> Iterator[datetime]:
    """The instants at which the review of a week is told."""
    local = begin.astimezone(BERLIN).replace(hour=7, minute=30, second=0, microsecond=0)
    local += timedelta(days=-local.weekday() % 7)
    while local < end:
        if local >= begin:
            yield local.astimezone(UTC)
        local += timedelta(days=7)


def month(*, begin: datetime, end: datetime, leads: int, seed: int = 8) -> None:
    """`leads` arrive from `begin` on at the demo company, under the classic agreement."""
    ledger.open_ledger(simulated=True, at=begin - 30 * DAY)
    with ledger.recording(at=begin - 30 * DAY):
        staff = people.hire(now=begin)
    heads = _heads()
    _agree(staff["Lena Brandt"], heads, begin - 20 * DAY)
    stories = Slow(begin=begin, now=end, seed=seed).all(leads)
    Mailing(begin=begin - DAY).play(list(stories), until=end)


def _heads() -> dict[str, User]:
    """Heads who manage no team beside that, so that what heads get can be told apart."""
    heads = {}
    for home in Department.objects.all():
        home.head = heads[home.key] = make_user(
            f"Head of {home.key}", team=None, department=home, role=Role.MANAGER,
            is_signatory=True,
        )  # fmt: skip
        home.save()
    return heads


def _agree(author: User, heads: dict[str, User], at: datetime) -> None:
    agreement = drafting.create_agreement(
        key="inbound", name="Inbound leads", by=author, at=at, is_default=True
    )
    version = drafting.draft(
        agreement_id=agreement.pk, terms=core.template("classic"), by=author, at=at
    )
    review.propose(version_id=version.pk, by=author, at=at)
    version.refresh_from_db()
    ticked = [warning.code for warning in signing.grave_warnings(version)]
    for place, head in enumerate(heads.values(), 1):
        signing.sign(
            version_id=version.pk, by=head, at=at + place * HOUR, digest=version.digest,
            authenticated_at=at + place * HOUR, method=Signature.Method.PASSWORD_TOTP,
            acknowledged=ticked,
        )  # fmt: skip
