"""How the portal writes time, shares, numbers and hashes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.look import words

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2026, 10, 14, 14, 12, tzinfo=BERLIN)
MICROSECONDS = 1_000_000


def plain(text: str) -> str:
    return text.replace(words.NBSP, " ")


@pytest.mark.parametrize(
    ("left", "text"),
    [
        pytest.param(timedelta(hours=1, minutes=48), "1 h 48 left", id="hours and minutes"),
        pytest.param(timedelta(minutes=-65), "1 h 05 late", id="minutes have two digits"),
        pytest.param(timedelta(hours=16), "16 h left", id="whole hours"),
        pytest.param(timedelta(hours=80), "80 h left", id="working time has no days"),
        pytest.param(timedelta(minutes=4, seconds=59), "4 min left", id="never rounded up"),
        pytest.param(timedelta(seconds=59), "59 s left", id="seconds in the last minute"),
        pytest.param(timedelta(0), "0 min left", id="due now is on time"),
        pytest.param(-timedelta(microseconds=1), "0 min late", id="late from the first moment"),
        pytest.param(-38 * 60 * MICROSECONDS, "38 min late", id="microseconds of the core"),
    ],
)
def test_time_left_is_working_time_with_its_word(left, text):
    assert plain(words.time_left(left)) == text


def test_the_parts_of_a_duration_are_never_torn_apart():
    assert words.duration(timedelta(hours=1, minutes=5)) == "1\u00a0h\u00a005"


def test_a_figure_in_a_column_has_a_true_minus():
    assert words.signed(-timedelta(minutes=65)) == "\u22121\u00a0h\u00a005"


@pytest.mark.parametrize(
    ("month", "day", "year", "text"),
    [
        pytest.param(10, 14, 2026, "10:52", id="today needs no day"),
        pytest.param(10, 15, 2026, "Thu 10:52", id="within a week the weekday is enough"),
        pytest.param(10, 8, 2026, "Thu 10:52", id="six days ago, too"),
        pytest.param(10, 7, 2026, "Wed 7 Oct 10:52", id="a week ago is a date"),
        pytest.param(9, 25, 2026, "Fri 25 Sep 10:52", id="another month"),
        pytest.param(12, 31, 2025, "Wed 31 Dec 2025 10:52", id="another year is named"),
    ],
)
def test_an_instant_is_as_short_as_it_may_be(month, day, year, text):
    value = datetime(year, month, day, 10, 52, tzinfo=BERLIN)

    assert plain(words.instant(value, WEDNESDAY)) == text


def test_without_a_now_the_year_is_always_there():
    assert plain(words.instant(WEDNESDAY, None)) == "Wed 14 Oct 2026 14:12"


def test_machines_read_the_same_instant_in_utc():
    assert words.machine(WEDNESDAY) == "2026-10-14T12:12:00Z"
    assert words.machine(WEDNESDAY.astimezone(UTC)) == "2026-10-14T12:12:00Z"


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [
        pytest.param(0.87, 0, "87\u00a0%", id="a no-break space before the sign"),
        pytest.param(0.157, 1, "15.7\u00a0%", id="a decimal where asked"),
        pytest.param(1.0, 0, "100\u00a0%", id="all"),
        pytest.param(0.999, 0, "99\u00a0%", id="never all while one is missing"),
        pytest.param(0.0, 0, "0\u00a0%", id="none"),
        pytest.param(0.001, 0, "1\u00a0%", id="never none while one is there"),
        pytest.param(None, 0, "", id="nothing to divide by"),
    ],
)
def test_a_share_is_a_percentage(share, digits, text):
    assert words.percent(share, digits) == text


def test_thousands_are_set_apart():
    assert words.count(48211) == "48,211"
    assert words.count(None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Keller", "AK"), ("Anna van der Berg", "AB"), ("Ida", "I"), ("", ""), ("7 Up", "U")],
)
def test_initials_are_of_the_first_and_the_last_word(name, letters):
    assert words.initials(name) == letters


def test_a_hash_is_read_in_groups_of_four():
    assert words.fingerprint("7d41c09e52ab", 2) == "7d41 c09e"
    assert words.fingerprint_lines("7d41c09e52ab", 2) == ["7d41 c09e", "52ab"]
