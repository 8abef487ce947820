"""Drafts: started from a template or from the version in force, saved with their history."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.models import Role, User
from sla.core import terms as core
from sla.core.diff import compare
from sla.core.merge import Merged, merge
from sla.errors import (
    AgreementExists,
    DraftChanged,
    KeyReserved,
    MayNot,
    NotInThisState,
    TermsInvalid,
)
from sla.models import Agreement, Version, VersionSave
from sla.models.agreement import is_reserved


@ledger.recorded
def create_agreement(
    *, key: str, name: str, by: User, at: datetime, is_default: bool = False
) -> Agreement:
    """Open an agreement without any text yet; its first draft follows.

    Raises KeyReserved for a key that is an address of the portal.
    """
    return _open(key=key, name=name, by=by, at=at, is_default=is_default)


@ledger.recorded
def start_agreement(
    *, key: str, name: str, terms: dict[str, Any], by: User, at: datetime
) -> Version:
    """Open an agreement together with its first draft. The first of all is the default.

    Raises AgreementExists if the key is taken, KeyReserved if it is an address of the
    portal, TermsInvalid and MayNot as `draft` does.
    """
    return open_with_draft(key=key, name=name, terms=terms, by=by, at=at)


def open_with_draft(
    *, key: str, name: str, terms: dict[str, Any], by: User, at: datetime
) -> Version:
    """As `start_agreement`: an inner step."""
    if Agreement.objects.filter(key=key).exists():
        raise AgreementExists(
            _("There is an agreement with the key %(key)s. Choose another.") % {"key": key}
        )
    first = not Agreement.objects.filter(is_default=True).exists()
    agreement = _open(key=key, name=name, by=by, at=at, is_default=first)
    return _draft(agreement, terms, by=by, at=at)


def _open(*, key: str, name: str, by: User, at: datetime, is_default: bool) -> Agreement:
    require_editor(by)
    if is_reserved(key):
        raise KeyReserved(
            _("“%(key)s” is an address of the portal. Choose another short name.")
            % {"key": key}
        )
    position = Agreement.objects.count()
    agreement = Agreement.objects.create(
        key=key, name=name, position=position, is_default=is_default
    )
    ledger.append(
        "configured",
        at=at,
        by=by,
        subject=("agreement", agreement.pk),
        clear={"agreement": key, "is_default": is_default},
    )
    return agreement


@ledger.recorded
def draft(
    *,
    agreement_id: int,
    terms: dict[str, Any],
    by: User,
    at: datetime,
    reason: str = "",
    token: int | None = None,
) -> Version:
    """Start the next version of an agreement from `terms`; it is a draft of `by`'s.

    `token` is the number of the API token by which a program does it for `by`; the ledger
    says so, here, in `save` and where it is proposed.
    Raises TermsInvalid if the terms do not fit the schema, MayNot for somebody who belongs
    to neither department nor to operations.
    """
    agreement = Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
    return _draft(agreement, terms, by=by, at=at, reason=reason, token=token)


def _draft(
    agreement: Agreement,
    terms: dict[str, Any],
    *,
    by: User,
    at: datetime,
    reason: str = "",
    token: int | None = None,
) -> Version:
    require_editor(by)
    check(terms)
    last = agreement.versions.aggregate(last=Max("number"))["last"] or 0
    version = Version.objects.create(
        agreement=agreement,
        number=last + 1,
        terms=deepcopy(terms),
        reason=reason,
        created_by=by,
        created_at=at,
        saved_at=at,
    )
    keep_save(version, by=by, at=at)
    _record("version_drafted", version, by=by, at=at, token=token)
    return version


@ledger.recorded
def save(
    *,
    version_id: int,
    terms: dict[str, Any],
    by: User,
    at: datetime,
    seen_save: int,
    merging: bool = True,
    token: int | None = None,
) -> Version:
    """Save a draft that was read as save number `seen_save`.

    Whatever others changed in between is kept too, if it is in other parts; `merged` of
    the version then says what that was. With `merging=False` any such change is refused.

    Raises DraftChanged, with the difference, if both changed the same part or the changes
    do not fit together; TermsInvalid if the terms do not fit the schema; NotInThisState
    once it is proposed. Nothing is saved then.
    """
    require_editor(by)
    check(terms)
    version = locked(version_id)
    if version.state != Version.State.DRAFT:
        raise NotInThisState(
            _("%(version)s is %(state)s; it is not edited.")
            % {"version": version, "state": version.get_state_display()}
        )
    latest = version.saves.first()
    if latest is not None and latest.number != seen_save:
        terms = _together(version, latest, terms, seen_save if merging else None)
    if version.terms == terms:
        return version
    version.terms, version.saved_at = deepcopy(terms), at
    version.save(update_fields=["terms", "saved_at"])
    keep_save(version, by=by, at=at)
    _record("version_saved", version, by=by, at=at, token=token)
    return version


def _together(
    version: Version, latest: VersionSave, mine: dict[str, Any], seen: int | None
) -> dict[str, Any]:
    """Both texts in one, by the save that both began with."""
    said = f"{latest.author} saved this draft at {latest.saved_at:%H:%M} UTC."
    base = None if seen is None else version.saves.filter(number=seen).first()
    if base is None:
        raise DraftChanged(
            _("%(said)s Nothing of yours was lost; compare and save again.") % {"said": said},
            compare(mine, latest.terms),
        )
    merged = merge(base.terms, latest.terms, mine)
    _no_conflict(said, merged)
    try:
        check(merged.terms)
    except TermsInvalid as error:
        raise DraftChanged(
            _("%(said)s Your change and theirs do not fit together: %(error)s")
            % {"said": said, "error": error},
            compare(mine, merged.terms),
        ) from error
    version.merged = compare(mine, merged.terms)
    result: dict[str, Any] = merged.terms
    return result


def _no_conflict(said: str, merged: Merged) -> None:
    if merged.conflicts:
        raise DraftChanged(
            _(
                "%(said)s Both of you changed the same. Nothing of yours was lost; compare and"
                " save again."
            )
            % {"said": said},
            compare(merged.terms, merged.theirs),
            merged.conflicts,
        )


def locked(version_id: int) -> Version:
    """The version, its row locked until the end of the transaction."""
    return (
        Version.objects.select_for_update(no_key=True, of=("self",))
        .select_related("agreement")
        .get(pk=version_id)
    )


def check(terms: dict[str, Any]) -> None:
    try:
        core.parse(terms)
    except core.TermsError as error:
        raise TermsInvalid(error.faults) from error


def require_editor(by: User) -> None:
    """Both departments and operations edit drafts; an administrator or auditor does not."""
    if not (by.is_active and (by.department_id or by.role == Role.OPERATIONS)):
        raise MayNot(_("Drafts are edited by both departments and by operations."))


def keep_save(version: Version, *, by: User, at: datetime) -> VersionSave:
    number = (version.saves.aggregate(last=Max("number"))["last"] or 0) + 1
    return VersionSave.objects.create(
        version=version,
        revision=version.revision,
        number=number,
        author=by,
        saved_at=at,
        terms=version.terms,
    )


def _record(kind: str, version: Version, *, by: User, at: datetime, token: int | None) -> None:
    ledger.append(
        kind,
        at=at,
        by=by,
        subject=("version", version.pk),
        clear={
            "agreement": version.agreement.key,
            "version": version.number,
            "revision": version.revision,
            "digest": core.digest(version.terms),
            **by_token(token),
        },
    )


def by_token(token: int | None) -> dict[str, int]:
    """What the ledger says in clear of a program that acted; nothing of a person's own act."""
    return {} if token is None else {"token": token}
