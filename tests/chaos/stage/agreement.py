"""The company and the agreement that the chaos plays under: seconds instead of hours."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from portal import ledger
from portal.accounts.models import User
from tests.chaos.stage.script import AFTER, WITHIN
from tests.factories import make_signatory, make_team, make_terms, make_user, make_version
from tests.portal.endpoints import make_endpoint

OPEN = [["00:00", "24:00"]]
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = {
    "name": "Always open", "zone": "UTC", "weekly": dict.fromkeys(DAYS, OPEN), "closed": [],
    "special": {}, "breaks": {}, "day": "PT24H", "valid_through": "2099-12-31",
    "tz_version": "2026f",
}  # fmt: skip


def step(key: str, whom: str, channel: str, **when: Any) -> dict[str, Any]:
    return {"key": key, "whom": [whom], "channels": ["in_app", channel], "digest": None} | when


def terms() -> dict[str, Any]:
    """The classic template, open day and night, with one promise of three steps."""
    made = make_terms(commitments=[], benchmarks=[])
    made["calendars"] |= {"always": ALWAYS}
    for stage in made["journey"][:4]:
        met = {"key": f"mail_{stage['key']}", "field": "lead.email", "op": "present"}
        stage["criteria"] = {"all": [met]}
    for reason in made["return_reasons"]:
        reason["disputes"] = None
    made["handoffs"][0]["package"] = ["lead.email"]
    made["ladders"]["chaos"] = [
        step("warn", "acting_owner", "mail", percent=75),
        step("due", "acting_owner", "webhook", percent=100),
        step("after", "manager", "mail", after=f"PT{AFTER}S"),
    ]
    for promise in made["obligations"]:
        if promise["key"] == "accept":
            within = {"segment": None, "within": f"PT{WITHIN}S", "beyond": None}
            promise |= {"ladder": "chaos", "targets": [within], "calendar": {"fixed": "always"}}
    return made


def found(*, at: datetime, hook: str, simulated: bool = False) -> str:
    """Make the company as of `at`; return the session of a marketer who hands leads in."""
    before = at - timedelta(days=60)
    ledger.open_ledger(simulated=simulated, at=before, company="Chaos")
    for key in ("demand-generation", "inside-sales", "outside-sales"):
        make_team(key, calendar="always")
    for number in range(3):
        make_user(f"Seller {number}", email=f"seller{number}@concord.test")
    marketer = make_user("Marketer", team="demand-generation", email="marketer@concord.test")
    for department in ("marketing", "sales"):
        make_signatory(department)
    make_version(terms=terms(), at=before)
    make_endpoint("webhook", address=hook, name="Receiver", allows_http=True)
    return session(marketer)


def session(user: User) -> str:
    """What a browser of this person sends as its session cookie."""
    made = SessionStore()
    made[SESSION_KEY] = str(user.pk)
    made[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    made[HASH_SESSION_KEY] = user.get_session_auth_hash()
    made.create()
    return str(made.session_key)
