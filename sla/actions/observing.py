"""Shadow mode: a proposed version is watched beside the one in force. Nothing is sent.

It begins by itself with the proposal, while signatures are missing, and ends where the version
begins to count; people stop it and start it again.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.models import User
from sla.actions.drafting import locked, require_editor
from sla.errors import NotInThisState
from sla.models import Observation, Version


@ledger.recorded
def start(*, version_id: int, by: User, at: datetime) -> Observation:
    """Observe a version from `at` on; if it is observed already, that goes on.

    Raises NotInThisState unless it is proposed, or signed and not in force yet; MayNot for
    who belongs to neither department nor operations.
    """
    require_editor(by)
    version = locked(version_id)
    running = version.observations.running().first()
    if running is not None:
        return running
    if not may_observe(version, at):
        raise NotInThisState(_("Only a proposed or a scheduled version is observed."))
    return begin(version, by=by, at=at)


def begin(version: Version, *, by: User, at: datetime) -> Observation:
    """Observe a locked version that nobody observes yet: an inner step."""
    observation = Observation.objects.create(version=version, started_at=at, started_by=by)
    _record(ledger.Kind.OBSERVATION_STARTED, observation, by=by, at=at)
    return observation


@ledger.recorded
def stop(*, version_id: int, by: User, at: datetime) -> None:
    """End the observation of a version; nothing happens where there is none."""
    require_editor(by)
    end(locked(version_id), by=by, at=at)


def end(version: Version, *, by: User | None, at: datetime) -> None:
    """End the observation of a locked version, if it is under way. An inner step."""
    for observation in version.observations.running().select_for_update(no_key=True):
        observation.stopped_at, observation.stopped_by = at, by
        observation.save(update_fields=["stopped_at", "stopped_by"])
        _record(ledger.Kind.OBSERVATION_STOPPED, observation, by=by, at=at)


def concluded(version: Version, *, by: User, at: datetime) -> None:
    """End the observation of a locked version that counts from now on: an inner step. One that
    begins later is observed until then."""
    if not may_observe(version, at):
        end(version, by=by, at=at)


def may_observe(version: Version, at: datetime) -> bool:
    """Whether the text stands still and does not govern yet."""
    if version.state == Version.State.PROPOSED:
        return True
    begins = version.effective_from
    return version.state == Version.State.SIGNED and begins is not None and at < begins


def _record(kind: str, observation: Observation, *, by: User | None, at: datetime) -> None:
    version = observation.version
    ledger.append(
        kind,
        at=at,
        by=by,
        subject=("version", version.pk),
        department=by.department_id if by else None,
        clear={
            "agreement": version.agreement.key,
            "version": version.number,
            "revision": version.revision,
            "observation": observation.pk,
            "since": observation.started_at,
        },
    )
