"""What may stand in a field of a call, made clean before anything looks at it."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar

from ninja import Field
from pydantic import AfterValidator, AwareDatetime

from portal.rest.pages import GREATEST

# Neither a database nor a reader can do anything with controls and halves of pairs; the
# others hide text, or turn it round.
_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
_HIDDEN = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
_DROPPED = re.compile(f"[{_CONTROL}{_HIDDEN}]")
_SPACES = re.compile(r"\s+")


def one_line(text: str) -> str:
    """Without control characters, halves of pairs and marks that hide or turn text round;
    composed, blanks joined."""
    return unicodedata.normalize("NFC", _SPACES.sub(" ", _DROPPED.sub("", text))).strip()


def lines(text: str) -> str:
    """The same with its line breaks kept."""
    return "\n".join(one_line(part) for part in text.splitlines()).strip()


D = TypeVar("D", bound=date)


def near(day: D) -> D:
    """Between the years 2000 and 2199: the ends of the calendar have no other time zones."""
    if not 2000 <= day.year <= 2199:
        raise ValueError("give a day between the years 2000 and 2199")
    return day


def utc(instant: datetime) -> datetime:
    return near(instant).astimezone(UTC)


Id = Annotated[int, Field(ge=1, le=GREATEST)]
Word = Annotated[str, Field(max_length=100), AfterValidator(one_line)]
Line = Annotated[str, Field(max_length=300), AfterValidator(one_line)]
Prose = Annotated[str, Field(max_length=500), AfterValidator(lines)]
Day = Annotated[date, AfterValidator(near)]
Instant = Annotated[AwareDatetime, AfterValidator(utc)]
