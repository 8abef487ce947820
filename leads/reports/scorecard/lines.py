"""The scorecard as a list: one line for each figure, as files and prints hold it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from leads.core.watching import pace
from leads.reports.scorecard.beside import CONTRIBUTIONS
from leads.reports.scorecard.card import Scorecard, Side, Stood
from leads.reports.scorecard.response import NAMES
from leads.reports.volume import Volume


@dataclass(frozen=True)
class Line:
    """One figure. `value` counts the rows that `figure` opens, `of` what it is a share of;
    `percent`, `agreed`, `low` and `high` are percentages. `verdict` is a word of the look."""

    part: str
    name: str
    figure: str
    value: int
    of: int | None = None
    agreed: int | None = None
    verdict: str = ""
    department: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def percent(self) -> float | None:
        return round(100 * self.value / self.of, 1) if self.of else None


def lines(card: Scorecard) -> list[Line]:
    """Every figure of the page, in its order."""
    found = [line for side in card.sides for line in _of_side(side)]
    return [*found, *_speed(card), *_steps(card), *_returned(card), *_beside(card)]


def _of_side(side: Side) -> Iterator[Line]:
    for volume in side.volumes:
        yield _volume(volume)
    for stood in side.stood:
        yield _stood(stood)
    for promise in side.promises:
        tally = promise.tally
        figure = f"clocks:{tally.party}:{tally.obligation}"
        yield Line(
            _("Obligations"), promise.name, f"{figure}.met", tally.met, tally.due,
            promise.agreed, promise.verdict, side.department,
        )  # fmt: skip
        for name in ("late", "never", "open", "returned", "cancelled", "excused"):
            yield Line(
                _("Obligations"), f"{promise.name}: {name}", f"{figure}.{name}",
                getattr(tally, name), department=side.department,
            )  # fmt: skip


def _volume(volume: Volume) -> Line:
    commitment, projected = volume.commitment, volume.projected
    agreed = commitment.count or 0
    kept = projected is not None and projected >= agreed
    return Line(
        _("Commitments"), commitment.name, f"volume:{commitment.key}", volume.total, agreed,
        None, "few" if projected is None else "kept" if kept else "below",
        commitment.department,
    )  # fmt: skip


def _stood(stood: Stood) -> Line:
    commitment, seen = stood.commitment, stood.standing
    if commitment.percent is not None:
        few = seen.wanted < pace.FEW
        kept = seen.done * 100 >= commitment.percent * seen.wanted
        of, agreed = seen.wanted, commitment.percent
        verdict = "few" if few else "kept" if kept else "below"
    else:
        of, agreed = seen.agreed, None
        verdict = "kept" if seen.done >= seen.wanted else "below"
    done = f"commitment:{commitment.key}:done"
    return Line(
        _("Commitments"), commitment.name, done, seen.done, of, agreed, verdict,
        commitment.department,
    )  # fmt: skip


def _speed(card: Scorecard) -> Iterator[Line]:
    made = card.responses
    part, n = _("Offer to first attempt"), made.n
    yield Line(part, _("attempted"), "speed:made", n, n + made.never)
    for name in NAMES:
        yield Line(part, name, f"speed:{name}", made.numbers[name], n)
    yield Line(part, _("never attempted"), "speed:never", made.never, n + made.never)
    yield Line(part, _("withdrawn before"), "speed:withdrawn", made.withdrawn)


def _steps(card: Scorecard) -> Iterator[Line]:
    for row in card.conversions:
        mark, rate = row.benchmark, row.rate
        low, high = (round(100 * edge, 1) for edge in rate.interval or (0.0, 1.0))
        yield Line(
            _("Conversion"), f"{mark.from_stage} → {mark.to_stage}",
            f"cohort:{mark.key}:reached", rate.hits, rate.n,
            mark.percent if mark.confirmed else None, row.verdict, low=low, high=high,
        )  # fmt: skip


def _returned(card: Scorecard) -> Iterator[Line]:
    for groups in card.returns.values():
        for row in groups:
            yield Line(
                _("Returns"), f"{row.by}: {row.key}", f"returns:{row.by}:{row.key}", row.number
            )


def _beside(card: Scorecard) -> Iterator[Line]:
    for stage, number in card.waived.items():
        yield Line(_("Waivers"), stage or _("all"), f"waived:{stage}", number)
    for which in CONTRIBUTIONS:
        number = card.contributions[which]
        yield Line(_("Contributions"), which, f"contributions:{which}", number)
    for side in card.sides:
        yield Line(
            _("After the sale"), _("touches"), f"after:{side.department}", side.after_sale,
            department=side.department,
        )  # fmt: skip
