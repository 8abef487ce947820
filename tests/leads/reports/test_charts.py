"""Every chart of a report names its axes, its unit and its n, and has a table beside it."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from portal.look.charts.histogram import Timing, histogram
from portal.look.charts.pace import Pace, pace
from portal.look.charts.series.weeks import Weeks, weeks
from tests.leads.reports.scenes import LATER

pytestmark = pytest.mark.django_db
PAGES = ("scorecard", "review", "cohort", "integrity")
BOXES = {"figure", "article", "section", "main"}


class Charts(HTMLParser):
    """The charts of a page: the words of each, and whether a box around it has a table."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[dict] = []
        self.found: list[dict] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag in BOXES:
            self.boxes.append({"tag": tag, "table": False})
        elif tag == "table":
            for box in self.boxes:
                box["table"] = True
        elif tag == "svg" and given.get("role") == "img":
            near = [box for box in self.boxes if box["tag"] != "main"] or self.boxes
            self.found.append({"words": [], "axes": 0, "boxes": near})
            self.inside = True
        elif tag == "text" and self.inside:
            self.found[-1]["axes"] += "axt" in (given.get("class") or "").split()

    def handle_endtag(self, tag: str) -> None:
        if tag in BOXES:
            self.boxes.pop()
        if tag == "svg":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and data.strip():
            self.found[-1]["words"].append(data.replace("\u00a0", " "))


def charts(text: str) -> list[dict]:
    parser = Charts()
    parser.feed(text)
    return parser.found


@pytest.mark.parametrize("view", PAGES)
def test_each_chart_of_a_page_has_axes_with_titles_and_n_and_a_table(
    client, month, reader, view
):
    found = charts(client.get(reverse(f"leads:{view}"), {"on": f"{LATER:%Y-%m-%d}"}).text)

    assert found
    # Where the time goes is one line of parts, each with its own length in words beside it.
    drawn = [one for one in found if not one["words"][0].startswith("Where the time goes")]
    assert [one["words"][0] for one in drawn if one["axes"] != 2] == []
    assert [one["words"][0] for one in drawn if not said_n(one["words"])] == []
    assert [one["words"][0] for one in found if not has_a_table(one, view)] == []


def said_n(words: list[str]) -> bool:
    return any(re.search(r"\bn = \d", text) for text in words)


def has_a_table(chart: dict, view: str) -> bool:
    """In the innermost box or one around it; the tables of a cohort are sections of their
    own, and the picture says so."""
    return view == "cohort" or any(box["table"] for box in chart["boxes"])


def test_the_flow_of_a_cohort_says_that_its_numbers_stand_in_tables(client, month, reader):
    text = client.get(reverse("leads:cohort")).text

    assert "The same numbers stand in the tables." in text
    assert text.count("<table") >= 2


def test_the_table_of_a_distribution_holds_every_case_and_the_unit_of_its_axis():
    drawing = histogram(Timing([0.5, 1.0, 7.9, 8.0, 500.0], "min", "sales", 7.9, 500.0, 8.0))

    assert drawing.axes == ("working time in min", "how many, n = 5")
    assert sum(int(number) for _span, number in drawing.table.rows) == 5
    assert drawing.table.rows[0] == ("0 to 1 min", "1")
    assert drawing.table.rows[-1] == ("11 min and more", "1")


def test_the_table_of_a_pace_holds_the_total_of_each_day():
    drawing = pace(Pace((3, 7), 31, 400, "marketing", 108, "1 Oct", "31 Oct", "leads"))

    assert drawing.axes == ("day", "leads in all, n = 7")
    assert drawing.table.rows == (("1", "3"), ("2", "7"))


def test_the_weeks_of_a_question_name_their_share_and_n():
    drawing = weeks(Weeks([(1, 10), (0, 5)], "7 Sep", "20 Sep", "calls", 0.1))

    assert drawing.axes == ("week", "share of n = 15")
