"""From draft to proposed, and the ways out that are no signature."""

from datetime import datetime

from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.models import User
from portal.reader.language import Phrase
from sla.actions import backtesting, notices, observing, requests
from sla.actions.drafting import by_token, check, keep_save, locked, require_editor
from sla.core import terms as core
from sla.core.terms.amendment import is_administrative
from sla.errors import MayNot, NotInThisState, ReasonMissing, TermsInvalid
from sla.models import Version

State = Version.State


def propose(
    *,
    version_id: int,
    by: User,
    at: datetime,
    effective_from: datetime | None = None,
    token: int | None = None,
) -> Version:
    """Freeze a draft and ask both departments to sign it.

    `effective_from` is when it should begin; it never begins before the second signature.
    From now on it is observed: what would have been late, and who would have been told.
    `token`: see `drafting.draft`. Raises TermsInvalid if the terms cannot be signed (a
    dropped stage without successor included), NotInThisState unless it is a draft.
    """
    require_editor(by)
    draft = Version.objects.select_related("agreement").get(pk=version_id)
    _check_draft(draft, at)
    computed = backtesting.compute(draft, at)
    with ledger.recording():
        return _propose(version_id, by, at, effective_from, computed, token)


def _propose(
    version_id: int,
    by: User,
    at: datetime,
    effective_from: datetime | None,
    computed: backtesting.Computed,
    token: int | None,
) -> Version:
    version = locked(version_id)
    _check_draft(version, at)
    version.state, version.digest = State.PROPOSED, core.digest(version.terms)
    version.proposed_by, version.proposed_at = by, at
    version.requested_from = effective_from
    backtesting.attach(version, computed, at)
    version.save()
    keep_save(version, by=by, at=at)
    notices.tell(
        version,
        "proposed",
        notices.signatories(version),
        title=Phrase("%(version)s waits for your signature") % {"version": version},
        text=f"Proposed by {by}. {_nature(version, at)}".strip(),
        at=at,
        sign=True,
    )
    requests.begin(version, at=at)
    _record("version_proposed", version, by=by, at=at, token=token)
    observing.begin(version, by=by, at=at)
    return version


def _check_draft(version: Version, at: datetime) -> None:
    if version.state != State.DRAFT:
        raise NotInThisState(
            _("%(version)s is %(state)s already.")
            % {"version": version, "state": version.get_state_display()}
        )
    check(version.terms)
    _check_successor(version, at)


@ledger.recorded
def revise(*, version_id: int, by: User, at: datetime) -> Version:
    """Open a proposed or declined version for editing again, as its next revision.

    Signatures of the revision before stay in history and count no more.
    """
    require_editor(by)
    version = locked(version_id)
    if version.state not in {State.PROPOSED, State.DECLINED}:
        raise NotInThisState(
            _("%(version)s is %(state)s.")
            % {"version": version, "state": version.get_state_display()}
        )
    version.state, version.digest = State.DRAFT, ""
    version.revision += 1
    version.proposed_at = version.proposed_by = version.requested_from = None
    version.ended_at, version.ended_by, version.ended_reason = None, None, ""
    version.backtest = None
    observing.end(version, by=by, at=at)
    version.save()
    requests.cancel(version, at=at)
    notices.tell(
        version,
        "revised",
        notices.everybody_concerned(version),
        title=Phrase("%(version)s is being revised") % {"version": version},
        text=Phrase("%(by)s opened revision %(revision)s. Earlier signatures no longer count.")
        % {"by": by, "revision": version.revision},
        at=at,
    )
    _record("version_revised", version, by=by, at=at)
    return version


@ledger.recorded
def decline(*, version_id: int, by: User, at: datetime, reason: str) -> Version:
    """Say no to a proposed version for one's own department, with a reason for everybody."""
    version = locked(version_id)
    if not (by.is_active and by.is_signatory and by.department_id):
        raise MayNot(_("A version is declined by a signatory of either department."))
    return _end(version, State.DECLINED, by=by, at=at, reason=reason, where={State.PROPOSED})


@ledger.recorded
def withdraw(*, version_id: int, by: User, at: datetime, reason: str = "") -> Version:
    """Take a draft or a proposal back: by whoever made it, or operations."""
    version = locked(version_id)
    owners = {version.created_by_id, version.proposed_by_id}
    if not by.is_active or (by.pk not in owners and by.role != "operations"):
        raise MayNot(_("A version is withdrawn by who wrote or proposed it, or by operations."))
    open_states = {State.DRAFT, State.PROPOSED}
    reason = reason or "withdrawn"
    return _end(version, State.WITHDRAWN, by=by, at=at, reason=reason, where=open_states)


def _end(
    version: Version,
    state: Version.State,
    *,
    by: User,
    at: datetime,
    reason: str,
    where: set[Version.State],
) -> Version:
    if version.state not in where:
        raise NotInThisState(
            _("%(version)s is %(state)s.")
            % {"version": version, "state": version.get_state_display()}
        )
    if not reason.strip():
        raise ReasonMissing(_("Say why. The other department reads the reason."))
    version.digest = version.digest or core.digest(version.terms)
    version.state, version.ended_at, version.ended_by = state, at, by
    version.ended_reason = reason.strip()
    version.save()
    observing.end(version, by=by, at=at)
    requests.cancel(version, at=at)
    notices.tell(
        version,
        state,
        notices.everybody_concerned(version),
        title=Phrase("%(version)s was %(state)s")
        % {"version": version, "state": version.get_state_display()},
        text=f"{by}: {version.ended_reason}",
        at=at,
    )
    _record(f"version_{state}", version, by=by, at=at, reason=version.ended_reason)
    return version


def administrative(version: Version, at: datetime) -> bool:
    """Whether it changes only calendar dates and names of the one that was in force at `at`."""
    others = Version.objects.filter(agreement=version.agreement_id).exclude(pk=version.pk)
    return administrative_beside(others.effective(at).first(), version)


def administrative_beside(base: Version | None, version: Version) -> bool:
    """The same, where the one in force was read before."""
    return base is not None and is_administrative(base.terms, version.terms)


def _nature(version: Version, at: datetime) -> str:
    if not administrative(version, at):
        return ""
    return "An administrative amendment: only calendar dates and names change."


def _check_successor(version: Version, at: datetime) -> None:
    before = Version.objects.in_force(version.agreement_id, at)
    if before is None:
        return
    faults = core.check_successor(before.terms, version.terms)
    if faults:
        raise TermsInvalid(faults)


def _record(
    kind: str,
    version: Version,
    *,
    by: User,
    at: datetime,
    reason: str = "",
    token: int | None = None,
) -> None:
    ledger.append(
        kind,
        at=at,
        by=by,
        subject=("version", version.pk),
        department=by.department_id,
        clear={
            "agreement": version.agreement.key,
            "version": version.number,
            "revision": version.revision,
            "digest": version.digest or core.digest(version.terms),
            **backtesting.digest(version),
            **by_token(token),
        },
        committed={"reason": reason} if reason else {},
    )
