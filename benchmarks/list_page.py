"""The list of leads: ours beside django-tables2 with django-filter, the admin, and the limit.

    python benchmarks/list_page.py [--size 1000000] [--database sqlite|postgresql]

Server time of a whole request through the portal's handler, without a socket, for somebody
signed in; pages in turn, so that only the ratios mean anything. The same leads of one stage,
the same columns, newest first. `rows` is what an open list asks for, and what is compared;
`page` has the portal around it. The limit asks for no person and renders no template.
"""

import argparse
import statistics
import time
from collections.abc import Iterator

from ground import databases
from ground.asking import Get, cookie, request
from ground.goals import Goal, percentile, spread

SIZE, ROUNDS, DEEP, WARM = 1_000_000, 60, 45_000, 3
WITHIN = {"sqlite": 3.5, "postgresql": 2.5}
SETTINGS = "ground.list_settings"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=SIZE, help="leads")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=databases.KINDS, action="append")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.inside is None:
        given = ["--size", str(asked.size), "--rounds", str(asked.rounds)]
        databases.once_for_each(asked.database or databases.KINDS, __file__, given)
        return
    databases.begin(SETTINGS)
    for goal in measure(asked.inside, asked.size, asked.rounds, peers=True):
        print(goal, flush=True)


def measure(kind: str, size: int, rounds: int, *, peers: bool) -> Iterator[Goal]:
    """The goals of one database; `peers` False leaves the other libraries out."""
    taken = _timed(_pages(size, peers=peers), rounds)
    for name, seconds in taken.items():
        late = percentile(seconds, 0.95) * 1e3
        print(f"{kind} {name}: {spread(seconds)}, p95 {late:.2f} ms, of {size:,} leads")
    middle = {name: statistics.median(seconds) for name, seconds in taken.items()}
    for peer in ("tables2", "admin") if peers else ():
        whole = middle[peer] / middle["page"]
        print(f"{kind} {peer} over our whole page, with its header and footer: {whole:.1f}")
        yield Goal(f"{kind}-list-rows-times-{peer}", middle[peer] / middle["rows"], ">=", 6)
    for part in ("rows", "page"):
        deep = middle[f"{part}, deep"] / middle[part]
        yield Goal(f"{kind}-list-{part}-deep-over-first", deep, "<=", 1.2)
    limit = middle["rows"] / middle["limit"]
    yield Goal(f"{kind}-list-rows-over-limit", limit, "<=", WITHIN[kind])


def _pages(size: int, *, peers: bool) -> dict[str, Get]:
    """Each side as a request that is ready to be sent."""
    from django.core.wsgi import get_wsgi_application
    from ground import company
    from ground.many_leads import EVERY, STAGE, fill

    from leads.models import Lead

    fill(size, company.found().agreement_id)
    found = Lead.objects.filter(stage=STAGE).order_by("-received_at", "-pk")
    place = min(DEEP, size // EVERY * 9 // 10)
    deep = found.values_list("pk", flat=True)[place]
    session = cookie()
    rows = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "rows"}
    stage = f"stage={STAGE}"
    asked: dict[str, tuple[str, str, dict[str, str]]] = {
        "limit": ("/limit/rows/", stage, {}),
        "rows": ("/leads/", stage, rows),
        "rows, deep": ("/leads/", f"{stage}&after={deep}", rows),
        "page": ("/leads/", stage, {}),
        "page, deep": ("/leads/", f"{stage}&after={deep}", {}),
    }
    if peers:
        asked["tables2"] = ("/peers/tables/", f"{stage}&sort=-received_at", {})
        asked["admin"] = ("/peers/admin/leads/lead/", f"stage__exact={STAGE}", {})
    application = get_wsgi_application()
    return {
        name: request(application, path, query, headers | {"HTTP_COOKIE": session})
        for name, (path, query, headers) in asked.items()
    }


def _timed(pages: dict[str, Get], rounds: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(rounds + WARM):
        for name, get in pages.items():
            began = time.perf_counter()
            get()
            seconds = time.perf_counter() - began
            if turn >= WARM:
                taken[name].append(seconds)
    return taken


if __name__ == "__main__":
    main()
