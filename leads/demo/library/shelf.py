"""What Marketing of the demo company has on its shelf, published, planned, and run out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from leads.actions.library import keeping
from leads.models import Content
from portal.accounts.models import User

DAY = timedelta(days=1)
HOME = "https://halden-instruments.example/library/"
# title, kind, competitor, stage, owner, tags
SHELF: tuple[tuple[str, str, str, str, str, str], ...] = (
    (
        "Case study from a paper mill",
        "case_study",
        "",
        "deciding",
        "Thiago Prado",
        "paper, vibration",
    ),
    (
        "Case study: cold store in Gävle",
        "case_study",
        "",
        "comparing",
        "Thiago Prado",
        "food, cold store",
    ),
    (
        "Case study on payback in year one",
        "case_study",
        "",
        "deciding",
        "Jonas Weber",
        "payback, budget",
    ),
    (
        "Comparison with Vibrex",
        "comparison",
        "Vibrex",
        "comparing",
        "Camila Duarte",
        "vibration, price",
    ),
    (
        "Comparison with a service contract",
        "comparison",
        "Service contracts",
        "deciding",
        "Camila Duarte",
        "service, budget",
    ),
    (
        "A customer of their size to talk with",
        "reference",
        "",
        "deciding",
        "Jonas Weber",
        "reference",
    ),
    (
        "Reference call with a brewery",
        "reference",
        "",
        "deciding",
        "Jonas Weber",
        "food, reference",
    ),
)
LATELY: tuple[tuple[str, str, str, str, str, str], ...] = (
    (
        "Case study: a ferry line without surprises",
        "case_study",
        "",
        "deciding",
        "Thiago Prado",
        "shipping, vibration",
    ),
    (
        "Fitting sensors in a weekend",
        "other",
        "",
        "deciding",
        "Camila Duarte",
        "fitting, trial",
    ),
)
PLANNED = (
    (
        "Case study: a dairy in Bremen",
        "case_study",
        "",
        "deciding",
        "Thiago Prado",
        "food, dairy",
        24,
    ),
    (
        "Comparison with Oscilla",
        "comparison",
        "Oscilla",
        "deciding",
        "Camila Duarte",
        "price",
        38,
    ),
)
ABOUT = "What they had before, what changed, and what it saved in a year."


def stock(staff: Mapping[str, User], *, begin: datetime, now: datetime) -> None:
    """Fill the library: most of it at the company's beginning, some in the last weeks."""
    year = (now + 200 * DAY).date()
    for place, row in enumerate(SHELF):
        ends = year if place != 4 else (now - 20 * DAY).date()  # one is valid no more
        _add(staff, row[:6], begin, valid_until=ends)
    for place, row in enumerate(LATELY):
        _add(staff, row, now - (9 - 4 * place) * DAY, valid_until=year)
    for *said, days in PLANNED:
        _add(staff, tuple(said), now - 12 * DAY, planned_for=(now + int(days) * DAY).date())


def by_title() -> dict[str, Content]:
    """The shelf as the stories ask for it."""
    return {content.title: content for content in Content.objects.kept()}


def _add(staff: Mapping[str, User], row: tuple[Any, ...], at: datetime, **more: Any) -> None:
    title, kind, competitor, stage, owner, tags = row
    link = (
        ""
        if "planned_for" in more
        else HOME + "-".join(title.lower().replace(":", "").split()[:5])
    )
    said = keeping.Described(
        title=title, kind=kind, competitor=competitor, stage=stage, owner=staff[owner],
        tags=tags.split(", "), link=link, summary=ABOUT, **more,
    )  # fmt: skip
    keeping.add(described=said, by=staff[owner], at=at)
