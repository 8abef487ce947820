"""What inside sales does with a lead: accepts, calls, and says what came of it."""

from datetime import datetime, timedelta

from leads.demo import names
from leads.demo.events import Office, Story
from sla.core import durations
from sla.core.terms import Terms

DAY = timedelta(days=1)
AT_ONCE = 0.28  # attempted with the phone still in the hand
DISPOSITION = 960  # working minutes
CADENCE = 6


def minutes(agreed: Terms, obligation: str, segment: str | None, office: Office) -> float:
    """A target in working minutes."""
    within = agreed.target_for(obligation, segment)
    if within is None:
        raise LookupError(f"nothing is promised by {obligation}")
    return durations.working(within, office.calendar) / timedelta(minutes=1)


def quick_answer(office: Office, agreed: Terms, offered: datetime) -> datetime:
    """When an offer is looked at: mostly well before its hour is over."""
    within = minutes(agreed, "accept", None, office)
    return office.after(offered, office.around(0.22 * within, 1.0) * _weary(offered))


def take_on(story: Story, office: Office, agreed: Terms, offered: datetime) -> datetime:
    """Accept and make the first attempt, in one or in two; return when it was accepted."""
    within = minutes(agreed, "first_attempt", story.arrival.segment, office)
    slow = (1.5 if story.arrival.source in names.SOFT else 1.0) * _weary(offered)
    tried = office.after(offered, office.chance.uniform(0.3, 2.5))
    if not office.often(AT_ONCE):
        tried = office.after(offered, office.around(0.19 * within, 1.25) * slow)
    accepted = quick_answer(office, agreed, offered)
    if accepted < tried:
        story.add(accepted, "accept", "receiver")
        accepted = story.last
    call(story, office, tried, spoke=office.often(0.3))
    return min(accepted, story.last)


def call(
    story: Story, office: Office, at: datetime, *, spoke: bool, side: str = "receiver"
) -> None:
    """One attempt: a talk on the phone, or nobody there."""
    pick = office.chance.choice
    if spoke:
        story.add(
            at, "touch", side, kind="call", direction="two_way", subject=pick(names.TALKS),
            seconds=office.chance.randrange(90, 1500),
        )  # fmt: skip
        return
    kind = office.chance.choices(("call", "voicemail", "personal_mail"), (50, 28, 22))[0]
    subject = pick(names.CALLS) if kind == "call" else ""
    seconds = office.chance.randrange(8, 70) if kind != "personal_mail" else None
    story.add(
        at, "touch", side, kind=kind, direction="outbound", subject=subject, seconds=seconds
    )


def keep_calling(
    story: Story, office: Office, accepted: datetime, *, times: int, spoke: float
) -> None:
    """Attempts spread over the ten days that were agreed, sometimes over more."""
    span = 4300 if office.often(0.93) else 6100
    for n in range(1, times + 1):
        at = office.after(accepted, span * (n - office.chance.uniform(0, 0.5)) / times)
        call(story, office, at, spoke=office.often(spoke))


def unreachable(story: Story, office: Office, agreed: Terms, accepted: datetime) -> None:
    """Six attempts, nobody there; then it goes back, or straight to nurture."""
    from leads.demo.returns import give_back, nurture_answer

    still_talking(story, office, accepted, "No contact yet")
    keep_calling(story, office, accepted, times=CADENCE - 1, spoke=0)
    later = office.after(story.last, office.around(60, 0.6))
    if office.often(0.55):
        give_back(story, office, "unable_to_reach", later)
        nurture_answer(story, office, agreed)
    else:
        recycle(story, office, later, "Cannot be reached now")


def say_outcome(story: Story, office: Office, fate: str, accepted: datetime) -> None:
    """The outcome of a talk: nothing for us, later, or the talks go on for a while."""
    spoken = office.after(accepted, office.around(170, 0.7))
    call(story, office, spoken, spoke=True)
    answer = office.after(accepted, office.around(0.4 * DISPOSITION, 0.6))
    if fate == "disqualified":
        reason = office.chance.choice(names.NOT_OURS)
        story.add(answer, "close", "receiver", reason=reason, lost=False)
    elif fate == "nurture":
        recycle(story, office, answer, "No project yet; wants to hear from us")
    else:
        still_talking(story, office, accepted, "Wants to see figures first")
        keep_calling(story, office, accepted, times=CADENCE - 2, spoke=0.3)
        _at_last(story, office)


def still_talking(story: Story, office: Office, accepted: datetime, note: str) -> None:
    at = office.after(accepted, office.around(0.45 * DISPOSITION, 0.52))
    at = max(at, story.last + timedelta(minutes=1))
    story.add(at, "still_talking", "receiver", note=note)


def recycle(story: Story, office: Office, at: datetime, note: str) -> None:
    on = (at + office.chance.randrange(30, 120) * DAY).replace(hour=7, minute=0, second=0)
    story.add(at, "recycle", "receiver", on=on.replace(microsecond=0), note=note)
    story.nurtured_until = on


def _at_last(story: Story, office: Office) -> None:
    at = office.days_after(story.last, office.around(6, 0.7))
    if office.often(0.5):
        reason = office.chance.choice(names.LOST)
        story.add(at, "close", "receiver", reason=reason, lost=True)
    else:
        recycle(story, office, at, "Budget comes next year")


def _weary(offered: datetime) -> float:
    """Friday afternoons are slower."""
    return 1.7 if offered.weekday() == 4 and offered.hour >= 12 else 1.0
