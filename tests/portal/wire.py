"""What leaves for each kind of endpoint, byte by byte, kept as files.

A difference is a change of what other systems and people's chats receive. If it is meant,
write the files anew with `python -m tests.portal.wire` and read the difference before
committing it. Written with PYTHONPATH at the root and DJANGO_SETTINGS_MODULE of the tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "golden"
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
SECRETS = {
    "slack_bot": ("xoxb-1",),
    "webhook": ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "QUJD" * 10),
}
KINDS = ("slack", "slack_bot", "teams", "webhook")
HOSTILE = (
    "<!channel> <@U1> *Ann* _x_ `y` [x](https://evil.example) & <https://evil.example|click>"
    ' @here "quoted" \\n {{ 7*7 }} <script>alert(1)</script> Zoë 李'
)


def told(**changes: Any) -> Any:
    from portal.notifications.channels.parcels import Told

    known = {
        "title": "12 min late: First attempt, Lead One",
        "text": "Was due Mon 2 Mar 2026, 13:34.\nWith Ann Alpha, Inside sales.",
        "link": "https://concord.example/leads/1/",
        "reference": "#A-12",
        "level": "late",
        "about": "alert:12",
        "people": ("Ann Alpha", "Ben Beta"),
        "emails": ("ann@concord.test", "ben@concord.test"),
    }
    return Told(**(known | changes))


def parcel(kind: str, *notices: Any, **changes: Any) -> Any:
    from portal.notifications.channels.parcels import Parcel

    known = {
        "kind": kind,
        "address": "" if kind == "slack_bot" else "https://hooks.example.test/in",
        "secrets": SECRETS.get(kind, ()),
        "allows_http": False,
        "key": "0b6cbd1e-3c8e-5a7e-9d53-0f4c2a9b7e11",
        "subject": notices[0].title,
        "notices": notices,
        "account": "U7" if kind == "slack_bot" else "",
        "at": AT,
    }
    return Parcel(**(known | changes))


def cases(kind: str) -> dict[str, Any]:
    """One alert, one whose lead has a name full of commands, and a digest that is cut."""
    second = told(title="Lead Two is late", text="", reference="#A-13", about="alert:13")
    return {
        "one": parcel(kind, told()),
        "hostile": parcel(kind, told(title=HOSTILE, text=HOSTILE, people=(HOSTILE,),
                                     emails=("ann@concord.test",))),
        "digest": parcel(kind, told(), second, subject="2 notices", more=4),
    }  # fmt: skip


def sent(kind: str) -> str:
    """Each case: the address, the headers in order, and the body as its bytes say."""
    from portal.notifications.channels import ENDPOINTS

    lines = []
    for name, one in cases(kind).items():
        with _caught() as posted:
            ENDPOINTS[kind](one)
        ((url, body, headers),) = posted
        lines += [f"== {name}", f"POST {url}"]
        lines += [f"{key}: {headers[key]}" for key in sorted(headers)]
        lines += ["", body.decode(), ""]
    return "\n".join(lines)


@contextmanager
def _caught() -> Iterator[list[tuple[str, bytes, dict[str, str]]]]:
    """What would have left, instead of letting it."""
    from portal.notifications import http

    posted: list[tuple[str, bytes, dict[str, str]]] = []

    def send(url: str, *, policy: Any, body: bytes, headers: Any) -> http.Reply:
        posted.append((url, body, dict(headers or {})))
        return http.Reply(200, {}, b'{"ok": true}')

    before, http.send = http.send, send
    try:
        yield posted
    finally:
        http.send = before


if __name__ == "__main__":
    import django

    django.setup()
    for kind in KINDS:
        (FOLDER / f"{kind}.http").write_text(sent(kind), encoding="utf-8")
