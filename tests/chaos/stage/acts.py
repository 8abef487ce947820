"""What a forked process of the stage can be asked to do; each returns something for JSON."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command

from leads import tasks
from leads.actions import intake
from leads.actions.handing import handoffs
from leads.models import Handoff, SweepPass
from portal import wallclock
from portal.notifications.models import Endpoint
from sla.actions import drafting, review, signing
from sla.models import Agreement, Signature, Version
from tests.chaos.stage import agreement, hour
from tests.chaos.stage.agreement import terms
from tests.factories import make_signatory
from tests.portal.endpoints import make_endpoint


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def found(hook: str) -> str:
    return agreement.found(at=wallclock.now(), hook=hook)


def arrival(lead: str) -> intake.Arrival:
    email = f"{lead.replace(' ', '').lower()}@example.test"
    return intake.Arrival(name=lead, email=email, source="chaos")


def hand_in(script: str, leads: list[str], ago: float = 0) -> None:
    """Hand leads in as of `ago` seconds ago, and write the script of it."""
    for lead in leads:
        at = wallclock.now() - timedelta(seconds=ago)
        intake.receive(arrival=arrival(lead), at=at)
        write(script, lead, at)


def write(script: str, lead: str, at: datetime) -> None:
    """A line of the script that the oracle reads."""
    line = {"lead": lead, "tried": at.timestamp() - 1, "acked": at.timestamp() + 1}
    with Path(script).open("a") as file:
        file.write(json.dumps(line) + "\n")


def manage(*words: str) -> None:
    call_command(*words)


def later(seconds: float, *words: str) -> None:
    """A command that reads a time so many seconds ahead."""
    wallclock.bind(lambda: timedelta(seconds=seconds))
    call_command(*words)


def sweep_task() -> None:
    """What a worker does when it is told to sweep."""
    tasks.sweep_clocks.run()


def accept(lead: str) -> str:
    """The receiver accepts; return how the handoff stands."""
    found = Handoff.objects.get(lead__name=lead)
    by = found.receiver
    handoff = handoffs.accept(handoff_id=found.pk, by=by, at=wallclock.now())
    return str(handoff.state)


def propose() -> int:
    """A second version, proposed and signed by nobody yet."""
    at, by = wallclock.now(), make_signatory("marketing")
    agreement = Agreement.objects.get()
    version = drafting.draft(
        agreement_id=agreement.pk, terms=terms() | {"preamble": "Anew."}, by=by, at=at
    )
    review.propose(version_id=version.pk, by=by, at=at)
    return int(version.pk)


def sign(version_id: int, department: str) -> int:
    """The department's head signs; return how many have signed."""
    at, version = wallclock.now(), Version.objects.get(pk=version_id)
    signing.sign(
        version_id=version_id, by=make_signatory(department), at=at, digest=version.digest,
        authenticated_at=at, method=Signature.Method.PASSWORD_TOTP,
        acknowledged=[warning.code for warning in signing.grave_warnings(version)],
    )  # fmt: skip
    return version.signatures.count()


def endpoint(address: str) -> None:
    """Let the company's webhook be another one."""
    Endpoint.objects.update(is_enabled=False)
    make_endpoint("webhook", address=address, name=address, allows_http=True)


def swept(ago: float) -> None:
    """The last pass of the sweep was so many seconds ago."""
    SweepPass.objects.all().delete()
    at = wallclock.now() - timedelta(seconds=ago)
    SweepPass.objects.create(swept_at=at, by="command")


def hour_without_redis(script: str, session: str) -> dict[str, int]:
    return hour.play(session, partial(write, script))


ACTS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        migrate, found, hand_in, manage, later, sweep_task, accept, propose, sign, endpoint,
        swept, hour_without_redis,
    )
}  # fmt: skip
