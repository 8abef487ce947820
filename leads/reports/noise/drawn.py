"""Noise as a drawing that stands alone, and as a table of Markdown."""

from collections.abc import Iterator

from leads.reports.noise.counting import Noise

WIDTH, HEIGHT, LEFT, TOP = 560, 260, 64, 28
MOST = 10


def picture(found: Noise, title: str) -> str:
    """Across: messages from outside the desk of one person on one day; upwards: such days."""
    last = max(MOST, found.busiest)
    highest = max(found.days.values(), default=1)
    wide = (WIDTH - LEFT) / last
    floor, ten = TOP + HEIGHT, LEFT + wide * MOST - 1
    across = (LEFT + WIDTH) / 2
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 24} {HEIGHT + 76}" '
            f'width="{WIDTH + 24}" height="{HEIGHT + 76}" role="img">',
            f"<title>{title}</title>",
            "<style>text{font:12px sans-serif;fill:#333}.b{fill:#2f6fb0}.l{stroke:#999}"
            ".m{stroke:#b3261e;stroke-dasharray:4 3}"
            "@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>",
            f'<line class="l" x1="{LEFT}" x2="{WIDTH}" y1="{floor}" y2="{floor}"/>',
            *_bars(found, last, highest, wide),
            f'<line class="m" x1="{ten:.1f}" x2="{ten:.1f}" y1="{TOP}" y2="{floor}"/>',
            f'<text x="{LEFT}" y="16">days of a person with so many messages</text>',
            f'<text x="{across}" y="{floor + 42}" text-anchor="middle">messages from outside '
            "their own desk, on one day; the line: ten</text>",
            "</svg>\n",
        ]
    )


def _bars(found: Noise, last: int, highest: int, wide: float) -> Iterator[str]:
    for number in range(1, last + 1):
        days = found.days.get(number, 0)
        tall, x = HEIGHT * 0.92 * days / highest, LEFT + wide * (number - 1)
        top, middle = TOP + HEIGHT - tall, f"{x + wide / 2:.1f}"
        yield (
            f'<rect class="b" x="{x + 4:.1f}" y="{top:.1f}" '
            f'width="{wide - 8:.1f}" height="{tall:.1f}"/>'
        )
        yield _label(middle, f"{top - 5:.1f}", days)
        yield _label(middle, f"{TOP + HEIGHT + 18}", number)


def _label(x: str, y: str, number: int) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="middle">{number}</text>'


def lines(found: Noise) -> Iterator[str]:
    """The groups as a table of Markdown."""
    yield (
        "| who | people | in the portal | about their own | most a day "
        "| from outside their desk | most a day | most a week |"
    )
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for one in found.groups:
        yield (
            f"| {one.key} | {one.people} | {one.here:,} | {one.own:,} | {one.busiest_own} "
            f"| {one.outside:,} | {one.busiest} | {one.weekly} |"
        )
