"""Leads that come back: the reason, what Marketing answers, and how disputes end."""

from datetime import datetime, timedelta

from leads.demo import names
from leads.demo.events import Office, Story
from leads.demo.inside import call, minutes
from sla.core.terms import Terms

DAY = timedelta(days=1)
DEFAULT_AFTER = 960  # working minutes until the signed default decides
JUST_AFTER = timedelta(microseconds=1)
REASONS = {"country_not_served": 12, "too_small": 30, "no_need": 30, "wrong_data": 28}
ANSWERS = {"fixed": 42, "dispute": 16, "recycle": 42}


def returned(
    story: Story, office: Office, agreed: Terms, at: datetime, *, spoke: bool = False
) -> datetime | None:
    """Send it back and answer; return when the next round was offered, if there is one."""
    reasons = {"no_need": 60, "too_small": 40} if spoke else REASONS
    reason = office.chance.choices(list(reasons), list(reasons.values()))[0]
    if spoke:
        call(story, office, at - timedelta(minutes=2), spoke=True)
    give_back(story, office, reason, at)
    answer = office.chance.choices(list(ANSWERS), list(ANSWERS.values()))[0]
    if answer == "recycle":
        nurture_answer(story, office, agreed)
        return None
    story.add(_answered(story, office, agreed), answer, "giver", note="It fits what we agreed")
    if answer == "fixed":
        return story.last
    return _decided(story, office)


def give_back(story: Story, office: Office, reason: str, at: datetime) -> None:
    note = office.chance.choice(names.RETURN_NOTES[reason])
    story.add(at, "give_back", "receiver", reason=reason, note=note)


def nurture_answer(story: Story, office: Office, agreed: Terms) -> None:
    at = _answered(story, office, agreed)
    on = (at + office.chance.randrange(40, 130) * DAY).replace(hour=7, minute=0, second=0)
    on = on.replace(microsecond=0)
    story.add(at, "answer_recycle", "giver", on=on, note="We write to them until then")
    story.nurtured_until = on


def _answered(story: Story, office: Office, agreed: Terms) -> datetime:
    within = minutes(agreed, "answer", None, office)
    return office.after(story.last, office.around(0.25 * within, 0.85))


def _decided(story: Story, office: Office) -> datetime | None:
    """Both managers agree, or nobody says anything and the default decides."""
    disputed = story.last
    if office.often(0.2):
        return office.after(disputed, DEFAULT_AFTER) + JUST_AFTER
    counts = office.often(0.6)
    for side in ("giver", "receiver"):
        at = office.after(story.last, office.around(110, 0.6))
        story.add(at, "decide", side, counts=counts)
    return story.last if counts else None
