"""Five questions from which a whole agreement is written, for those who begin."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sla.core import durations
from sla.core import terms as core

Json = dict[str, Any]
SPEEDS = (
    ("demo_request", "PT15M"),
    ("trial", "PT1H"),
    ("event", "P1D"),
    ("content", "P1D"),
    ("partner", "P2D"),
)
"""The kinds of lead that are asked for, and how fast the first attempt of each is."""


@dataclass(frozen=True)
class _Office:
    """An ordinary working day and week, to tell which of two durations is the longer."""

    day: timedelta = timedelta(hours=8)
    days_a_week: int = 5


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What was answered. As it stands, it is what the classic template says.

    Durations are ISO 8601 in working time. `title` and `answering` of "" leave the
    template's name, and no team in particular. A kind of lead that `speeds` leaves out is
    attempted within `otherwise`, like any other. None for `warn_percent` or `after`: no
    such step. `office` is the calendar of the company, under the key "office", in place of
    the template's; `teams` are those that there are, None if that is not known.
    """

    model: Literal["classic", "empty"] = "classic"
    title: str = ""
    speeds: tuple[tuple[str, str], ...] = SPEEDS
    otherwise: str = "P1D"
    answering: str = "demand-generation"
    answer_within: str = "PT4H"
    warn_percent: int | None = 75
    managers: Literal["hourly", "at_once", "no"] = "hourly"
    after: str | None = "PT4H"
    heads: bool = True
    chat: bool = True
    attempts: int = 6
    attempts_within: str = "P10D"
    monthly: int = 400
    office: Json | None = None
    teams: frozenset[str] | None = None


def terms(answers: Answers) -> Json:
    """Return the terms that these answers write; a fresh document.

    It has the shape of the schema if the answers have theirs; `terms.parse` of the core
    says whether it has its sense, too. The empty model takes only the name and whom to
    tell: it promises nothing yet.
    """
    document = core.template(answers.model)
    if answers.title:
        document["title"] = answers.title
    _ladders(document, answers)
    if answers.model == "classic":
        _speeds(_promise(document, "first_attempt"), answers)
        _returns(document, answers)
        _cadence(_promise(document, "cadence"), answers)
        _volume(document, answers)
    if answers.teams is not None:
        _only(answers.teams, document)
    return at_home(document, answers.office)


def at_home(document: Json, office: Json | None) -> Json:
    """The document with the company's own calendar instead of the template's, in its zone."""
    if office is None:
        return document
    document["calendars"] = {"office": deepcopy(office)}
    for owed in document["obligations"]:
        if "fixed" in owed["calendar"]:
            owed["calendar"] = {"fixed": "office"}
    document["governance"]["zone"] = office["zone"]
    return document


def _only(teams: frozenset[str], document: Json) -> None:
    """A team that does not exist owes nothing: its side is the department as a whole."""
    for handoff in document["handoffs"]:
        for side in (handoff["giver"], handoff["receiver"]):
            if side["team"] not in teams:
                side["team"] = None


def _promise(document: Json, key: str) -> Json:
    return next(owed for owed in document["obligations"] if owed["key"] == key)


def _speeds(owed: Json, answers: Answers) -> None:
    """One target for each kind that was named, in the template's order, then for the rest."""
    before = {target["segment"]: target for target in owed["targets"]}
    rows = [*answers.speeds, (None, answers.otherwise)]
    owed["targets"] = [
        {
            "segment": segment,
            "within": within,
            "beyond": _beyond(before.get(segment), within),
        }
        for segment, within in rows
    ]
    if not answers.chat:
        owed["ladder"] = "quiet"


def _beyond(target: Json | None, within: str) -> Json | None:
    """The longer time for a full week stays as long as it is the longer one."""
    beyond: Json | None = target["beyond"] if target else None
    if beyond is None:
        return None
    usual, longer = (durations.working(d, _Office()) for d in (within, beyond["within"]))
    return deepcopy(beyond) if longer > usual else None


def _returns(document: Json, answers: Answers) -> None:
    owed = _promise(document, "answer")
    owed["targets"][0]["within"] = answers.answer_within
    for handoff in document["handoffs"]:
        if handoff["key"] == owed["handoff"]:
            handoff["giver"]["team"] = answers.answering or None


def _cadence(owed: Json, answers: Answers) -> None:
    owed["attempts"] = answers.attempts
    owed["targets"][0]["within"] = answers.attempts_within


def _volume(document: Json, answers: Answers) -> None:
    for commitment in document["commitments"]:
        if commitment["measure"] == "stage_entries":
            commitment["count"] = answers.monthly


def _ladders(document: Json, answers: Answers) -> None:
    """The quiet ladder as answered; the others share whether managers and heads are told."""
    if not answers.chat:
        document["ladders"].pop("quick", None)
    for name, steps in document["ladders"].items():
        quiet = name == "quiet"
        document["ladders"][name] = list(_steps(steps, answers, quiet=quiet))


def _steps(steps: list[Json], answers: Answers, *, quiet: bool) -> Iterator[Json]:
    for step in steps:
        match step["key"]:
            case "warn" if quiet:
                if answers.warn_percent is not None:
                    yield step | {"percent": answers.warn_percent}
            case "after" if quiet:
                if answers.after is not None:
                    gathered = step["digest"] if answers.managers == "hourly" else None
                    yield step | {"after": answers.after, "digest": gathered}
            case "heads":
                if answers.heads:
                    yield step
            case "due" if step["digest"]:
                yield _due(step, answers)
            case _:
                yield step


def _due(step: Json, answers: Answers) -> Json:
    """When time is up: the owner at once; managers in a digest, at once, or not."""
    if answers.managers == "hourly":
        return step
    whom = step["whom"]
    if answers.managers == "no":
        whom = [role for role in whom if role != "manager"]
    return step | {"whom": whom, "digest": None}
