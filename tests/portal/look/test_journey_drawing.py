"""The journey of a lead: hundreds of touches are grouped, clocks and requests are drawn."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from portal.look.charts.journey import (
    Arrow,
    Journey,
    Stretch,
    Touch,
    Watch,
    journey,
    upright,
)

NOW = datetime(2026, 10, 14, 14, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def ago(days, hours=0):
    return NOW - timedelta(days=days, hours=hours)


def busy(number, **changes):
    """A life of a hundred days with so many mails of Marketing's and a tenth of calls."""
    step = timedelta(days=90) / number
    touches = [
        Touch(ago(95) + step * place, "sales" if place % 10 == 9 else "marketing", "Mail")
        for place in range(number)
    ]
    stages = [Stretch("Exploring", ago(100), ago(40)), Stretch("Comparing", ago(40))]
    return Journey("Ida", NOW, stages, touches=touches, **changes)


def marks(drawing, css):
    return [dict(m.attributes) for m in drawing.marks if dict(m.attributes).get("class") == css]


def words(drawing):
    return [mark.text for mark in drawing.marks if mark.text]


def test_hundreds_of_touches_become_marks_that_do_not_lie_on_each_other():
    drawing = journey(busy(600))

    pills = [m for m in marks(drawing, "f-mk") if "width" in m]
    spans = sorted((float(m["x"]), float(m["x"]) + float(m["width"])) for m in pills)
    assert 10 < len(spans) < 40
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert any("× Mail" in text for text in words(drawing))


def test_a_few_touches_stay_marks_of_their_own():
    drawing = journey(busy(9))

    assert len(marks(drawing, "f-mk")) == 9
    assert not any("×" in text for text in words(drawing))


def test_a_hand_that_was_raised_is_never_grouped_away():
    life = busy(600)
    raised = Touch(ago(50), "marketing", "Demo request", strong=True)

    drawing = journey(Journey("Ida", NOW, life.stretches, touches=[*life.touches, raised]))

    assert "Demo request" in words(drawing)


def test_a_clock_is_a_line_at_its_sides_edge_and_late_from_its_due_instant():
    kept = Watch("marketing", ago(30), ago(28), ago(29))
    late = Watch("sales", ago(20), ago(18), ago(10))

    drawing = journey(busy(3, watches=[kept, late]))

    (met,), (on_time,), (over,) = (marks(drawing, css) for css in ("f-mkm", "f-slm", "f-late"))
    assert float(met["y"]) < 60 < float(on_time["y"])
    assert abs(float(over["x"]) - float(on_time["x"]) - float(on_time["width"])) < 0.11
    assert float(over["width"]) > 3 * float(on_time["width"])


def test_material_asked_for_crosses_the_lanes_without_handing_over():
    asked = Arrow(ago(9), "marketing", "Comparison asked", dash=True)

    drawing = journey(busy(3, arrows=[asked]))

    assert len(marks(drawing, "l l-q dash")) == 1
    assert marks(drawing, "l l-ink")


def test_the_upright_journey_begins_with_now_and_names_every_stage():
    drawing = upright(busy(9))

    at = {mark.text: float(dict(mark.attributes)["y"]) for mark in drawing.marks if mark.text}
    assert at["Comparing"] < at["Exploring"]
    assert drawing.width <= 358
    assert drawing.title.startswith("Journey of Ida")


def test_the_upright_journey_tells_touches_in_a_row_in_one_line():
    drawing = upright(busy(600))

    assert drawing.height < 1_000
    assert any("earlier" in text for text in words(drawing))
    assert any("× Mail" in text for text in words(drawing))


def test_what_happened_before_the_first_stage_is_drawn_in_it():
    life = Journey(
        "Ida", NOW, [Stretch("Exploring", ago(5))],
        touches=[Touch(ago(9), "marketing", "Ad")],
    )  # fmt: skip

    assert "Ad" in words(upright(life))
    assert "Ad" in words(journey(life))


def test_the_words_of_what_is_late_stand_over_no_other_mark():
    near = [(ago(11), "Accept late"), (ago(10), "First attempt late")]
    shown = Journey("Ida", NOW, [Stretch("Comparing", ago(12))], late=near)
    beside = Journey("Ida", NOW, [Stretch("Comparing", ago(60))], late=[(ago(40), "Late")])

    told = [[text for text in words(journey(one)) if "ate" in text] for one in (shown, beside)]

    assert told[1] == ["Late"]
    assert told[0] in ([], ["First attempt late"])  # at its right nothing stands
