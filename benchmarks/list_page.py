"""The list of leads: ours beside django-tables2 with django-filter, the admin, and the limit.

    python benchmarks/list_page.py [--size 1000000] [--database sqlite|postgresql]

Server time of a whole request through the portal's handler, without a socket, for somebody
signed in; pages in turn, so that only the ratios mean anything. The same leads of one stage,
the same columns, newest first. `rows` is what an open list asks for, and what is compared;
`page` has the portal around it. The limit asks for no person and renders no template.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from ground import databases
from ground.goals import Goal, percentile, spread

SIZE, ROUNDS, DEEP, WARM = 1_000_000, 60, 45_000, 3
WITHIN = {"sqlite": 3.5, "postgresql": 2.5}
SETTINGS = "ground.list_settings"
Get = Callable[[], int]


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
    cookie = _cookie()
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
        name: _request(application, path, query, headers | {"HTTP_COOKIE": cookie})
        for name, (path, query, headers) in asked.items()
    }


def _request(application: Any, path: str, query: str, headers: dict[str, str]) -> Get:
    """One GET through the whole handler, to the last byte."""
    said: list[str] = []

    def get() -> int:
        environment = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query,
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
            "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr, **headers,
        }  # fmt: skip
        said.clear()
        answer = application(environment, lambda status, *_rest: said.append(status))
        size = len(b"".join(answer))
        answer.close()
        if not said[0].startswith("200"):
            raise SystemExit(f"{path}?{query} answers {said[0]}")
        return size

    return get


def _cookie() -> str:
    """The session of somebody who is signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(_reader())
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def _reader() -> Any:
    """Somebody who reads leads in the portal and may see the peer's admin."""
    from portal.accounts.models import Role, User

    return User.objects.create(
        email="reader@concord.test", name="Reader", role=Role.OPERATIONS, zone="Europe/Berlin",
        is_staff=True, is_superuser=True,
    )  # fmt: skip


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
