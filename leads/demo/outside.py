"""What outside sales makes of a lead: an offer, material from Marketing, a customer or not."""

from datetime import datetime, timedelta

from leads.demo import names
from leads.demo.events import Office, Story
from leads.demo.inside import call, recycle, still_talking

DAY = timedelta(days=1)
OUTCOMES = {"won": 45, "lost": 35, "nurture": 20}
ASKED = 0.45
ANSWER_BY = timedelta(days=24)  # about the twenty working days of the agreement


def hand_on(story: Story, office: Office, accepted: datetime) -> None:
    """Inside sales has heard need and budget, and offers the lead to outside sales."""
    call(story, office, office.after(accepted, office.around(160, 0.7)), spoke=True)
    offered = office.after(accepted, office.around(520, 0.8))
    if offered > office.after(accepted, 900):
        still_talking(story, office, accepted, "They gather figures")
    story.add(offered, "attest", "receiver", fact="need_confirmed")
    story.add(offered, "attest", "receiver", fact="budget_confirmed")
    story.add(offered, "offer", "receiver", kind="to_outside_sales")
    taken = office.after(story.last, office.around(55, 1.0))
    story.add(taken, "accept", "receiver")
    taken = story.last
    call(story, office, office.after(taken, office.around(140, 0.9)), spoke=office.often(0.6))
    _decide(story, office, accepted, taken)


def _decide(story: Story, office: Office, accepted: datetime, taken: datetime) -> None:
    slow = 2.0 if story.arrival.source in names.SOFT else 1.0
    days = min(office.chance.lognormvariate(2.71, 1.41) * slow, 260)
    end = office.after(max(accepted + days * DAY, story.last), office.chance.uniform(5, 260))
    asked = office.often(ASKED) and end > taken + 6 * DAY
    if asked:
        _material(story, office, taken)
    if end > taken + ANSWER_BY:
        late = office.days_after(taken, office.around(13, 0.3))
        story.add(late, "still_talking", "receiver", note="They compare two offers")
    meeting = office.days_after(taken, office.around(4, 0.5))
    if meeting < end:
        story.add(
            meeting, "touch", "receiver", kind="meeting", direction="two_way",
            subject="Walked through the plant", seconds=3600,
        )  # fmt: skip
    _end(story, office, max(end, story.last), asked)


def _material(story: Story, office: Office, taken: datetime) -> None:
    kind = office.chance.choice(list(names.MATERIAL))
    subject = office.chance.choice(names.MATERIAL[kind])
    story.add(
        office.days_after(taken, office.around(1.5, 0.6)), "ask", "receiver", kind=kind,
        subject=subject,
    )  # fmt: skip
    story.add(office.after(story.last, office.around(430, 0.8)), "deliver", "marketing")


def _end(story: Story, office: Office, at: datetime, asked: bool) -> None:
    outcome = office.chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    if asked:
        story.add(at, "used", "receiver", used=outcome == "won" or office.often(0.3))
    if outcome == "nurture":
        recycle(story, office, at, "Decision was put off")
    elif outcome == "lost":
        reason = office.chance.choice(names.LOST)
        story.add(at, "close", "receiver", reason=reason, lost=True)
    else:
        story.add(at, "attest", "receiver", fact="order_signed")
        story.add(at, "complete", "receiver", outcome="won")
        if office.often(0.6):
            running = office.days_after(story.last, office.chance.uniform(20, 50))
            story.add(running, "attest", "sales", fact="in_use")
