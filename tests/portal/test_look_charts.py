"""What the drawings say, where they put it, and that they take no room that is taken."""

from datetime import datetime, timedelta
from itertools import combinations
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from portal.look import samples
from portal.look.charts import bars, clock, day, histogram, journey, pace, week
from portal.look.charts.drawing import Drawing, length
from portal.look.samples.moment import BERLIN, NOW, at, opened

MORNING = (at(10, 14, 9), at(10, 14, 12))


def svg(drawing: Drawing) -> ElementTree.Element:
    return ElementTree.fromstring(
        render_to_string("components/charts/drawing.html", {"drawing": drawing}).strip()
    )


def texts(drawing: Drawing) -> list[str]:
    return [mark.text + mark.strong for mark in drawing.marks if mark.text is not None]


def marks(drawing: Drawing, css: str) -> list[dict[str, str]]:
    attributes = [dict(mark.attributes) for mark in drawing.marks]
    return [found for found in attributes if css in found.get("class", "").split()]


@pytest.mark.parametrize("name", samples.drawings())
def test_a_drawing_is_one_svg_with_a_sentence_or_decoration(name):
    root = svg(samples.drawings()[name])

    if root.get("role") == "img":
        assert len(root.find("title").text) > 20
    else:
        assert root.get("aria-hidden") == "true"


@pytest.mark.parametrize("name", samples.drawings())
def test_a_drawing_carries_no_style_of_its_own(name):
    attributes = {
        key for element in svg(samples.drawings()[name]).iter() for key in element.attrib
    }

    assert attributes.isdisjoint({"style", "fill", "stroke", "onload", "href"})


@pytest.mark.parametrize("name", samples.drawings())
def test_coordinates_keep_their_point_where_readers_write_a_comma(name):
    with translation.override("de"):
        root = svg(samples.drawings()[name])

    numbers = [
        value for element in root.iter() for key, value in element.items() if key in "xy"
    ]
    assert [value for value in numbers if "," in value] == []


def test_a_hostile_name_is_text_and_nothing_else():
    name = '<script>alert("x")</script>'
    drawing = journey.journey(
        journey.Journey(name, NOW, [journey.Stretch(name, at(8, 3))], marketing=name)
    )

    root = svg(drawing)

    assert name in root.find("title").text
    assert root.findall(".//script") == []


def test_the_burn_bar_is_full_when_late_and_never_overflows():
    assert bars.burn(0.73, "risk") == {"form": "f-risk", "width": "73"}
    assert bars.burn(0.4, "late") == {"form": "f-late", "width": "100"}
    assert bars.burn(7.0, "ok") == {"form": "f", "width": "100"}


def test_the_day_strip_says_what_it_draws():
    drawing = samples.drawings()["day"]

    assert drawing.title == (
        "Your working day, 09:00 to 17:30, with a break from 12:00 to 12:45. It is 14:12."
        " 2 clocks ran out at 13:07, 13:34. 4 are due at 14:16, 14:34, 16:00, 16:42."
    )
    assert {"now 14:12", "2 late", "2 at risk", "2 more today", "break"} <= set(texts(drawing))


def test_a_day_without_openings_is_not_drawn():
    assert day.day_strip([], NOW, []) is None


def test_before_opening_nothing_of_the_day_is_used():
    drawing = day.day_strip(opened(10, 14), at(10, 14, 7), [])

    assert marks(drawing, "shut") == []
    assert not any(text.startswith("now") for text in texts(drawing))


def test_what_is_due_outside_the_hours_is_left_to_the_rows():
    drawing = day.day_strip([MORNING], at(10, 14, 10), [day.Due(at(10, 14, 20), "ok")])

    assert marks(drawing, "f-ink") == []


def timing(values: list[float], target: float | None = 8.0) -> histogram.Timing:
    return histogram.Timing(values, "min", "sales", 3.0, 7.0, target, "handoffs")


def test_bars_beyond_the_target_are_late_for_either_department():
    drawing = histogram.histogram(timing([1.5, 7.9, 8.0, 9.5]))

    assert len(marks(drawing, "f-slm")) == 2
    assert len(marks(drawing, "f-late")) == 2


def test_what_lies_beyond_the_axis_is_counted_at_its_end_and_said():
    drawing = histogram.histogram(timing([1.5, 500.0]))

    assert len(marks(drawing, "f-late")) == 1
    assert "12+" in texts(drawing)


def test_a_histogram_names_its_number_its_marks_and_its_target():
    drawing = histogram.histogram(timing([1.0] * 412))

    assert drawing.title.replace("\u00a0", " ") == (
        "412 handoffs: half within 3 min, nine in ten within 7 min, target 8 min"
    )


def test_a_distribution_without_a_target_has_no_line_and_nothing_late():
    drawing = histogram.histogram(timing([1.0, 9.0], target=None))

    assert marks(drawing, "f-late") == []
    assert marks(drawing, "dash") == []


def test_two_marks_close_together_do_not_touch_in_the_larger_letters_of_a_phone():
    close = histogram.Timing([0.6, 0.9], "h", "marketing", 0.6, 0.9, 2.0, "packages")

    p50, p90 = [
        (float(dict(mark.attributes)["x"]), len(mark.text + mark.strong))
        for mark in histogram.histogram(close).marks
        if (mark.text or "").startswith("p")
    ]

    wide = 6.3 * 16 / 12
    assert p50[0] + p50[1] * wide / 2 < p90[0] - p90[1] * wide / 2


def test_an_empty_distribution_has_no_bars():
    assert marks(histogram.histogram(timing([])), "f-slm") == []


def paced(**changes: object) -> Drawing:
    given = {
        "done": (10, 20), "days": 31, "agreed": 400, "department": "marketing",
        "projected": 310, "first": "1 Oct", "last": "31 Oct", "noun": "leads",
    }  # fmt: skip
    return pace.pace(pace.Pace(**{**given, **changes}))


def test_the_pace_says_where_it_leads():
    assert paced().title == "20 of 400 leads so far; at this pace 310 by 31 Oct"
    assert "310 at this pace" in texts(paced())


def test_too_early_to_say_draws_no_promise():
    drawing = paced(done=(), projected=None)

    assert drawing.title == "0 of 400 leads so far"
    assert len(marks(drawing, "dash")) == 0


def test_a_pace_near_nothing_keeps_its_labels_over_the_axis():
    drawing = paced(done=(0,) * 22, projected=10)

    labels = [
        dict(mark.attributes)
        for mark in drawing.marks
        if mark.text in {"10 at this pace", "0 today"}
    ]
    assert [float(label["y"]) < pace.FLOOR for label in labels] == [True, True]


def test_an_interval_stays_on_its_axis():
    drawing = bars.interval(0.9, 0.4, 1.0, None, 0.5)

    places = [
        float(value) for mark in drawing.marks for key, value in mark.attributes if key == "x2"
    ]
    assert max(places) <= drawing.width


@pytest.mark.parametrize(("highs", "limit"), [([0.169, 0.609], 0.7), ([1.0], 1.0), ([], 0.1)])
def test_the_axis_of_a_table_holds_every_interval(highs, limit):
    assert bars.limit_for(highs) == limit


def test_the_clock_counts_what_the_calendar_counts():
    drawing = samples.drawings()["clock"]

    counted = [text.replace("\u00a0", " ") for text in texts(drawing) if "counted" in text]
    assert counted == ["6 h 38 counted", "6 h counted", "3 h 22 counted"]
    assert drawing.title.replace("\u00a0", " ").endswith("1 h 05 late.")


def test_a_clock_that_was_kept_has_no_red():
    story = clock.Story([MORNING], at(10, 14, 9), at(10, 14, 11), at(10, 14, 10), running=False)

    drawing = clock.clock(story)

    assert marks(drawing, "l-late") == []
    assert "done 10:00" in texts(drawing)
    assert drawing.title.endswith("in time.")


def test_an_outage_is_drawn_where_the_calendar_was_open():
    down = (at(10, 14, 9, 30), at(10, 14, 11))
    story = clock.Story(
        [MORNING], at(10, 14, 9), at(10, 14, 11), at(10, 14, 12), True, outages=[down]
    )

    drawing = clock.clock(story)

    assert len(marks(drawing, "f-lates")) == 1
    assert "the portal was down for 1 h 30 of it" in drawing.title.replace("\u00a0", " ")


def test_now_is_drawn_on_a_day_that_is_closed():
    openings = opened(10, 16)
    story = clock.Story(
        openings, at(10, 16, 9), at(10, 16, 11), at(10, 18, 2, 19), running=True
    )

    drawing = clock.clock(story)

    assert {"Sun 18 Oct", "closed", "now 02:19"} <= set(texts(drawing))
    assert "Sat 17 Oct" not in texts(drawing)


def test_what_lies_outside_the_hours_stays_at_the_edge_of_the_drawing():
    events = [clock.Event(at(10, 14, 4, 19), "start", "offered")]
    story = clock.Story([MORNING], at(10, 14, 4), at(10, 14, 11), NOW, True, events=events)

    assert marks(clock.clock(story), "hollow")[0]["cx"] == str(clock.LEFT)


def test_the_middle_days_of_a_long_clock_become_one_line():
    openings = [span for number in range(5, 17) for span in opened(10, number)]
    story = clock.Story(openings, at(10, 5, 9), at(10, 16, 12), at(10, 16, 13), running=True)

    drawing = clock.clock(story)

    assert any("7 more days" in text for text in texts(drawing))
    assert len(marks(drawing, "open")) == 10


def test_what_is_still_to_come_is_drawn_while_its_day_is_near():
    openings = opened(10, 14) + opened(10, 15)
    story = clock.Story(openings, at(10, 14, 10), at(10, 15, 11), at(10, 14, 12), running=True)

    drawing = clock.clock(story)

    assert {"due 11:00", "started", "Thu 15 Oct"} <= set(texts(drawing))
    assert marks(drawing, "l-late") == []


def test_a_calendar_round_the_clock_is_cut_at_midnight():
    pieces = clock.split_by_day([(at(10, 14, 12), at(10, 16, 6))])

    assert [end - start for start, end in pieces] == [
        timedelta(hours=12), timedelta(hours=24), timedelta(hours=6),
    ]  # fmt: skip


def test_the_journey_box_starts_at_now():
    assert samples.drawings()["journey"].focus == "0.73"


def test_todays_hours_are_stretched_and_named():
    drawing = samples.drawings()["journey"]

    assert "today, 12:00" in texts(drawing)
    assert {"Comparing", "Exploring again", "Demo request", "Returned: too early"} <= set(
        texts(drawing)
    )


def test_a_life_that_is_over_ends_on_its_last_day():
    ended = at(9, 25, 10, 52)
    lived = [journey.Stretch("Exploring", at(8, 3), ended)]

    drawing = journey.journey(journey.Journey("Ida", ended, lived, over=True))

    assert "25 Sep" in texts(drawing)
    assert "10:52" not in texts(drawing)


def test_a_stage_passed_through_at_once_has_no_name():
    passed = [
        journey.Stretch("Noticed", at(8, 3), at(8, 3)),
        journey.Stretch("Exploring", at(8, 3)),
    ]

    drawing = journey.journey(journey.Journey("Ida", NOW, passed))

    assert "Noticed" not in texts(drawing)
    assert "Exploring" in texts(drawing)


def test_a_young_journey_has_hours_for_dates():
    drawing = journey.journey(
        journey.Journey("Ida", NOW, [journey.Stretch("Exploring", at(10, 14, 9))])
    )

    assert "10:00" in texts(drawing)


def test_a_journey_of_one_moment_is_drawn():
    drawing = journey.journey(journey.Journey("Ida", NOW, [journey.Stretch("Exploring", NOW)]))

    assert svg(drawing).tag.endswith("svg")


def test_a_busy_life_keeps_its_labels_apart():
    touches = [
        journey.Touch(at(8, 3) + timedelta(hours=7 * number), "marketing", "Guide read")
        for number in range(200)
    ]
    drawing = journey.journey(
        journey.Journey("Ida", NOW, [journey.Stretch("Exploring", at(8, 3))], touches=touches)
    )

    labels = [
        (dict(m.attributes), m.text) for m in drawing.marks if m.text and "Guide" in m.text
    ]
    spans = [(label["y"], *extent(label, words)) for label, words in labels]
    touching = [
        (a, b)
        for a, b in combinations(spans, 2)
        if a[0] == b[0] and a[1] < b[2] and b[1] < a[2]
    ]
    assert 5 < len(labels) < 200
    assert touching == []


def extent(label: dict[str, str], words: str) -> tuple[float, float]:
    wide, x = length(words), float(label["x"])
    css = label.get("class", "")
    low = x - wide / 2 if "mid" in css else x - wide if "end" in css else x
    return low, low + wide


def test_a_ladder_reads_from_the_offer_to_the_heads():
    title = samples.drawings()["ladder"].title

    assert title.startswith("Ladder of first attempt after a trial: 0:45 owner")
    assert title.endswith("Friday both heads, one page")


def test_a_week_shows_open_hours_and_says_closed():
    drawing = week.week([[(540, 1020)]] * 5 + [[], []], "Nine to five")

    assert len(marks(drawing, "open")) == 5
    assert texts(drawing).count("closed") == 2


def test_a_week_round_the_clock_fits_its_axis():
    drawing = week.week([[(0, 1440)]] * 7, "Round the clock")

    assert {"00:00", "24:00"} <= set(texts(drawing))


def test_the_parts_of_a_delay_fill_the_bar():
    drawing = bars.lag([bars.Part("a", timedelta(0)), bars.Part("b", timedelta(minutes=4))])

    widths = [float(dict(m.attributes)["width"]) for m in drawing.marks if m.shape == "rect"]
    assert sum(widths) == pytest.approx(bars.LAG[0] - len(widths), abs=0.2)


def test_instants_of_the_samples_are_aware():
    assert at(10, 14) == datetime(2026, 10, 14, tzinfo=BERLIN)
