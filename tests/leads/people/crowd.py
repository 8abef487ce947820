"""A company in which one person of each department has a number of things that nobody else
has, so that a figure of them is recognised wherever it stands."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from pypdf import PdfReader

from leads.models import Assignment, Clock, Handoff, Lead
from portal.accounts.models import Department, User
from tests.factories import MONDAY_NINE, make_company, make_handoff, make_lead, make_user

THEIRS, OTHERS = 613, 41
FIRST = 100_000
"""Numbers of the copies: none of them is a count of anything."""
NUMBER = re.compile(r"(?<![\w.:/#-])613(?![\w:%-]|\.\d)")
HIDDEN = re.compile(r"(?s)<(script|style|head|template)\b.*?</\1>")
SPOKEN = re.compile(r'(?:aria-label|title|alt|placeholder|content)="([^"]*)"')


def a_crowd(marketer: User, seller: User, number: int, first: int) -> None:
    """So many open handoffs between two people, as copies of one that was offered."""
    lead = make_lead(
        "Lena Lead",
        marketer=marketer,
        seller=seller,
        at=MONDAY_NINE,
        email="lena@firm.example",
        email_key="",
        phone="+4930123456",
        company=make_company("Firm"),
    )  # fmt: skip
    handoff = make_handoff(lead=lead, receiver=seller)
    clocks, seats = list(handoff.clocks.all()), list(lead.assignments.filter(until=None))
    numbers = range(first, first + number - 1)
    for model, rows, field in (
        (Lead, [lead], "pk"),
        (Handoff, [handoff], "lead_id"),
        (Assignment, seats, "lead_id"),
        (Clock, clocks, "lead_id"),
    ):
        model.objects.bulk_create(
            _copy(row, n, field, n * len(rows) + place)
            for place, row in enumerate(rows)
            for n in numbers
        )  # fmt: skip


def _copy(row: Any, number: int, field: str, key: int) -> Any:
    values = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}
    values |= {"id": key, field: number} if field != "pk" else {"id": number}
    if isinstance(row, Handoff):
        values["id"] = number
    if isinstance(row, Clock):
        values["handoff_id"] = number
    return type(row)(**values)


def crowded(marketer: User, seller: User) -> tuple[User, User]:
    """Two people with THEIRS, beside two who have OTHERS; the seller is full by far."""
    milo = make_user("Milo Marks", team=marketer.team)
    zora = make_user("Zora Quill", team=seller.team, capacity=5)
    a_crowd(milo, zora, THEIRS, FIRST)
    a_crowd(marketer, seller, OTHERS, 2 * FIRST)
    return milo, zora


def hide(*, shows: bool = True, smallest: int = 1) -> None:
    Department.objects.update(shows_people=shows, smallest_group=smallest)


def said(response: Any) -> str:
    """All that an answer says to people, and to programs that show it to people."""
    body = b"".join(response) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if "json" in kind and "jsonl" not in kind and body:
        return " ".join(_values(json.loads(body)))
    text = _text(body)
    if "html" in kind:
        text = HIDDEN.sub(" ", text)
        return " ".join([*SPOKEN.findall(text), re.sub(r"<[^>]*>", " ", text)])
    return text


def _text(body: bytes) -> str:
    """What a file says: a PDF by its pages, a workbook or an archive by all that is in it."""
    if body.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)
    if body.startswith(b"PK"):
        with ZipFile(BytesIO(body)) as inner:
            parts = [_text(inner.read(name)) for name in inner.namelist()]
        return re.sub(r"<[^>]*>", " ", " ".join(parts))
    return body.decode(errors="replace")


def _values(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _values(one)
    else:
        yield str(value)


def tells(response: Any) -> bool:
    """Whether an answer says how much one of the two has."""
    return NUMBER.search(said(response)) is not None
