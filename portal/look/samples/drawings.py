"""One of each drawing."""

from datetime import timedelta
from typing import Any

from portal.look.charts import bars, clock, day, histogram, journey, ladder, load, pace, week
from portal.look.samples.moment import NOW, at, opened

DUES = ((13, 7, "late"), (13, 34, "late"), (14, 16, "risk"), (14, 34, "risk"))
TOOK = (2, 6, 9, 8, 6, 4, 3, 2, 1, 1, 1, 1)  # how many fell into each eighth of the target


def drawings() -> dict[str, Any]:
    """Name and drawing of each kind, as the mocks of the product show them."""
    return {
        "day": day.day_strip(opened(10, 14), NOW, _dues()),
        "histogram": histogram.histogram(_timing("sales", 15.0, "min", 5.4, 12.0)),
        "histogram_mk": histogram.histogram(_timing("marketing", 4.0, "h", 1.3, 3.2)),
        "pace": pace.pace(_pace()),
        "interval": bars.interval(0.157, 0.13, 0.188, 0.2, 0.7),
        "journey": journey.journey(_journey()),
        "clock": clock.clock(_story()),
        "ladder": ladder.ladder(RUNGS, "first attempt after a trial"),
        "week": week.week(
            [HOURS] * 4 + [[*HOURS[:1], (765, 900)], [], []], "Calendar Berlin office"
        ),
        "lag": bars.lag(LAG),
        "load": load.load(2, 1, 9, 10, 14),
        "presence": load.presence("Anna Keller", NOW.date(), [False] * 5 + [True] * 4),
    }


def _dues() -> list[day.Due]:
    quiet = [day.Due(at(10, 14, 16), "ok"), day.Due(at(10, 14, 16, 42), "ok")]
    return [day.Due(at(10, 14, hour, minute), state) for hour, minute, state in DUES] + quiet


def _timing(side: str, target: float, unit: str, p50: float, p90: float) -> histogram.Timing:
    values = [
        (place + 0.5) * target / 8 for place, number in enumerate(TOOK) for _ in range(number)
    ]
    return histogram.Timing(values, unit, side, p50, p90, target, "handoffs")


def _pace() -> pace.Pace:
    done = (9, 24, 24, 24, 38, 60, 79, 96, 118, 118, 118, 141, 158, 168)
    return pace.Pace(done, 31, 400, "marketing", 372, "1 Oct", "31 Oct", "leads")


def _journey() -> journey.Journey:
    return journey.Journey(
        "Ines Moreau", NOW, STRETCHES, "Lena Brandt", "Anna Keller", TOUCHES, ARROWS,
        late=[(at(10, 14, 13, 34), "First attempt 38 min late")],
        ahead=["Deciding", "Customer", "Using"],
    )  # fmt: skip


STRETCHES = [
    journey.Stretch("Noticed a problem", at(8, 3, 18, 22), at(8, 24, 10)),
    journey.Stretch("Exploring", at(8, 24, 10), at(9, 22, 9, 31)),
    journey.Stretch("Comparing", at(9, 22, 9, 31), at(9, 25, 10, 52)),
    journey.Stretch("Exploring again", at(9, 25, 10, 52), at(10, 14, 13, 19)),
    journey.Stretch("Comparing", at(10, 14, 13, 19)),
]
TOUCHES = [
    journey.Touch(at(8, 3, 18, 22), "marketing", "Ad"),
    journey.Touch(at(8, 11, 9), "marketing", "Guide read"),
    journey.Touch(at(8, 24, 10), "marketing", "Webinar"),
    journey.Touch(at(9, 2, 9), "marketing", "Mail opened"),
    journey.Touch(at(9, 15, 9), "marketing", "Guide read"),
    journey.Touch(at(9, 22, 9, 40), "sales", "Call, no answer"),
    journey.Touch(at(9, 23, 15, 5), "sales", "Call, spoke"),
    journey.Touch(at(10, 5, 11, 20), "marketing", "Case study sent"),
    journey.Touch(at(10, 9, 8, 41), "marketing", "Opened"),
    journey.Touch(at(10, 14, 13, 19), "marketing", "Demo request", strong=True),
]
ARROWS = [
    journey.Arrow(at(9, 22, 9, 31), "sales", "Offered, round 1", "22 Sep, accepted in 9 min"),
    journey.Arrow(
        at(9, 24, 16, 12), "marketing", "Returned: too early", "answered in 3 h 10, on time"
    ),
    journey.Arrow(
        at(10, 14, 13, 19), "sales", "Offered, round 2", "13:19, by itself", late=True
    ),
]


def _story() -> clock.Story:
    return clock.Story(
        openings=opened(10, 12) + opened(10, 13) + opened(10, 14),
        start=at(10, 12, 10, 7),
        due=at(10, 14, 13, 7),
        until=NOW,
        running=True,
        pauses=[(at(10, 13, 10, 15), at(10, 13, 12, 30))],
        events=[
            clock.Event(at(10, 12, 10, 7), "start", "accepted"),
            clock.Event(at(10, 13, 16, 52), "warn", "warned"),
            clock.Event(at(10, 14, 17, 7), "step", "manager"),
        ],
    )


HOURS = [(540, 720), (765, 1050)]
RUNGS = [
    ladder.Rung("start", "Offered", "0:00", "the clock starts"),
    ladder.Rung("warn", "Warn", "0:45", "owner, in the portal and Slack"),
    ladder.Rung("due", "Due", "1:00", "owner, managers by digest"),
    ladder.Rung("late", "Still late", "+4:00", "manager, mail and Slack"),
    ladder.Rung("digest", "Weekly", "Friday", "both heads, one page"),
]
LAG = [
    bars.Part("form to portal", timedelta(seconds=4)),
    bars.Part("portal to owner", timedelta(seconds=38), "marketing"),
    bars.Part("owner to first attempt", timedelta(minutes=4, seconds=42), "sales"),
]
