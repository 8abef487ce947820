"""What becomes of a lead: drawn once, with a fixed seed, before anybody plays it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from leads.demo import arrivals, terms
from leads.demo.events import Office, Story
from leads.demo.inside import quick_answer, say_outcome, take_on, unreachable
from leads.demo.outside import hand_on
from leads.demo.returns import returned
from sla.core import terms as core
from sla.core.terms import Terms

SEED = 20_260
DAY = timedelta(days=1)
# What comes of an accepted lead, in percent.
FATES = {"opportunity": 34, "disqualified": 13, "nurture": 17, "returned": 6, "unreachable": 18,
         "talking": 12}  # fmt: skip
NEVER, BACK_AT_ONCE = 0.02, 0.07


class Writer:
    """Writes the stories of a company that has the two versions of its agreement."""

    def __init__(self, *, begin: datetime, now: datetime, second: datetime, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311  # a demo, not a secret
        self.begin, self.now, self.second = begin, now, second
        self.versions = (core.parse(terms.first()), core.parse(terms.second()))
        self.people = arrivals.People(self.chance)
        self.known = arrivals.known_people(self.chance, self.people)
        self.office = Office(self.versions[0].calendar("berlin"), self.chance)

    def agreed(self, at: datetime) -> Terms:
        """The terms that govern what is first offered at `at`."""
        return self.versions[at >= self.second]

    def all(self, count: int) -> Iterator[Story]:
        moments = arrivals.instants(self.chance, self.begin, self.now, count)
        for number, at in enumerate(moments):
            yield self.one(number, at)

    def one(self, number: int, at: datetime) -> Story:
        if self.chance.random() < 0.012:
            return Story(number, next(self.known), at)
        arrival = self.people.arrival()
        story = Story(number, arrival, at)
        suits = arrival.country != "IN" and (arrival.company_employees or 0) >= 20
        offered = self._interest(story, suits)
        if offered is not None:
            self.handed(story, offered)
        return story

    def _interest(self, story: Story, suits: bool) -> datetime | None:
        """How they come nearer; when they are offered to Sales, if they ever are."""
        segment, at = story.arrival.segment, story.at
        if segment in {"demo_request", "trial", "event"}:
            return at if suits else None
        nearer = self.chance.random()
        if suits and nearer < 0.9:
            later = at + self.chance.expovariate(1 / 9) * DAY + timedelta(minutes=25)
            touch = self.chance.choice(("content", "webinar", "page"))
            again = story.arrival._replace(score=self.chance.randrange(60, 95), touch=touch)
            story.add(later, "again", arrival=again)
            return story.last
        if nearer < 0.5:
            later = at + self.chance.expovariate(1 / 12) * DAY + timedelta(hours=1)
            score = self.chance.randrange(15, 55)
            story.add(later, "again", arrival=story.arrival._replace(score=score, touch="page"))
        return None

    def handed(self, story: Story, offered: datetime) -> None:
        """What inside sales makes of an offer, and what follows from it."""
        office, agreed = self.office, self.agreed(offered)
        if office.often(NEVER):
            return
        if not story.arrival.source:
            at = office.after(offered, office.around(35, 0.75))
            story.add(at, "fill", "giver", values={"lead.source": "phone"})
        if office.often(BACK_AT_ONCE):
            came = returned(story, office, agreed, quick_answer(office, agreed, offered))
            if came is not None:
                self._worked(story, came, agreed)
        else:
            self._worked(story, offered, agreed)
        self._once_more(story)

    def _worked(self, story: Story, offered: datetime, agreed: Terms) -> None:
        """One round that is accepted, up to what came of it."""
        office = self.office
        fate = office.chance.choices(list(FATES), list(FATES.values()))[0]
        accepted = take_on(story, office, agreed, offered)
        if fate == "opportunity" and story.arrival.phone and story.arrival.job_title:
            hand_on(story, office, accepted)
        elif fate == "unreachable":
            unreachable(story, office, agreed, accepted)
        elif fate == "returned":
            came = returned(story, office, agreed, office.after(story.last, 90), spoke=True)
            if came is not None:
                say_outcome(story, office, "talking", take_on(story, office, agreed, came))
        else:
            say_outcome(story, office, fate, accepted)

    def _once_more(self, story: Story) -> None:
        """Somebody in nurture raises a hand again, and is offered anew."""
        until, story.nurtured_until = story.nurtured_until, None
        if until is None or not self.office.often(0.22):
            return
        at = until + self.chance.randrange(1, 20) * DAY + timedelta(minutes=197)
        again = story.arrival._replace(score=self.chance.randrange(60, 95), touch="form")
        story.add(at, "again", arrival=again)
        self.handed(story, story.last)
