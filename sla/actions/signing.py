"""Signing: one signatory of each department, over the digest of the text they read."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import ledger
from portal.accounts.models import User
from portal.reader.language import Phrase, say
from sla import ports
from sla.actions import notices, observing, passkeys, proofs, requests
from sla.actions.confirming import login
from sla.actions.directory import directory
from sla.actions.drafting import locked
from sla.core import terms as core
from sla.core.diff import Change, compare
from sla.core.warnings import Caution, warnings
from sla.errors import (
    AlreadySigned,
    AuthenticationTooOld,
    MayNot,
    NotInThisState,
    SignedTextChanged,
    WarningsNotAcknowledged,
)
from sla.models import Signature, Version

FRESH = timedelta(minutes=5)


def statement(version: Version, by: User) -> str:
    """The sentence that is signed beside the digest, in the words shown on the page."""
    return (
        f"I, {by.name}, sign {version} (revision {version.revision}) for "
        f"{by.department}. Fingerprint {version.digest}."
    )


@ledger.recorded
def sign(
    *,
    version_id: int,
    by: User,
    at: datetime,
    digest: str,
    authenticated_at: datetime,
    method: str,
    acknowledged: Collection[str] = (),
) -> Signature:
    """Sign a proposed version for one's own department, by password and code.

    `digest` is the fingerprint on the page that was read, `authenticated_at` when the
    signer last proved who they are, `acknowledged` the codes of the grave warnings that
    were ticked. With the second signature the version is signed and its `effective_from`
    is set, never before `at`.

    Raises SignedTextChanged, with the difference, if the stored text is another one;
    AuthenticationTooOld after five minutes; AlreadySigned, MayNot, NotInThisState,
    WarningsNotAcknowledged. Nothing is stored then.
    """
    version, by = _ready(version_id, by, digest)
    _fresh(authenticated_at, at)
    if method != Signature.Method.PASSWORD_TOTP:
        raise MayNot(_("A passkey signs by its own key; nobody can say that it did."))
    _without_passkey(version)
    how, proof = Signature.Method(method), proofs.of_code(by, at)
    return _sign(version, by, at, authenticated_at, how, proof, acknowledged)


@ledger.recorded
def sign_by_login(
    *,
    version_id: int,
    by: User,
    at: datetime,
    digest: str,
    confirmed: login.Confirmed,
    acknowledged: Collection[str] = (),
) -> Signature:
    """Sign by a fresh login at the identity provider: see `sla.actions.confirming.login`.

    Raises what `sign` does, and LoginProvesNothing unless it was this person, for exactly
    this text, at most five minutes ago.
    """
    version, by = _ready(version_id, by, digest)
    _fresh(confirmed.authenticated_at, at)
    _without_passkey(version)
    proof = login.check(version, by, confirmed, at)
    how = Signature.Method.IDENTITY_PROVIDER
    return _sign(version, by, at, confirmed.authenticated_at, how, proof, acknowledged)


@ledger.recorded
def sign_by_passkey(
    *,
    version_id: int,
    by: User,
    at: datetime,
    digest: str,
    answer: passkeys.Answer,
    acknowledged: Collection[str] = (),
) -> Signature:
    """Sign by a passkey over the fingerprint that was read: see `sla.actions.passkeys`.

    Raises what `sign` does, and PasskeyRefused unless a passkey of this person signed
    exactly this text, for this department, at most five minutes after it was asked.
    """
    version, by = _ready(version_id, by, digest)
    proof = passkeys.check(version, by, answer, at)
    return _sign(version, by, at, at, Signature.Method.PASSKEY, proof, acknowledged)


def _ready(version_id: int, by: User, digest: str) -> tuple[Version, User]:
    """The version and the signer as they are stored now, if this text may be signed."""
    version = locked(version_id)
    by = User.objects.select_related("department").get(pk=by.pk)
    _may_sign(by)
    if version.state != Version.State.PROPOSED:
        raise NotInThisState(
            _("%(version)s is %(state)s; it is not signed.")
            % {"version": version, "state": version.get_state_display()}
        )
    _same_text(version, digest)
    _person_suffices(version, by)
    _first_of_department_and_person(version, by)
    return version, by


def _sign(
    version: Version,
    by: User,
    at: datetime,
    authenticated_at: datetime,
    method: Signature.Method,
    proof: proofs.Proof,
    acknowledged: Collection[str],
) -> Signature:
    grave = _acknowledged(version, acknowledged)
    signature = Signature.objects.create(
        version=version,
        revision=version.revision,
        department_id=by.department_id,
        signer=by,
        signer_name=by.name,
        signer_title=by.title,
        digest=version.digest,
        statement=statement(version, by),
        method=method,
        authenticated_at=authenticated_at,
        signed_at=at,
        acknowledged=sorted(grave),
        proof=proof,
    )
    _record(signature, version, by=by)
    _conclude(version, by=by, at=at)
    return signature


def grave_warnings(version: Version) -> list[Caution]:
    """What both signatories must tick before they sign, as the company stands today."""
    return [w for w in warnings(version.parsed, directory(), say) if w.grave]


def _record(signature: Signature, version: Version, *, by: User) -> None:
    ledger.append(
        "version_signed", at=signature.signed_at, by=by, subject=("version", version.pk),
        department=by.department_id,
        clear={
            "agreement": version.agreement.key,
            "version": version.number,
            "revision": version.revision,
            "digest": version.digest,
            "method": signature.method,
            "acknowledged": signature.acknowledged,
            "authenticated_at": signature.authenticated_at,
            "proof": proofs.digest(signature.proof),
        },
        committed={"statement": signature.statement, "role": signature.signer_title},
    )  # fmt: skip


def _may_sign(by: User) -> None:
    if not (by.is_active and by.is_signatory and by.department_id):
        raise MayNot(
            _("Only a signatory of Marketing or Sales signs, for their own department.")
        )
    if by.is_staff or by.is_superuser:
        raise MayNot(_("An administrator cannot sign."))


def _same_text(version: Version, digest: str) -> None:
    stored = core.digest(version.terms)
    if digest == stored == version.digest:
        return
    raise SignedTextChanged(
        _("The text changed after you read it. Nothing was signed; the difference is below."),
        _difference(version, digest),
    )


def _difference(version: Version, digest: str) -> list[Change]:
    """From the text with the digest that was read, if it is a save of ours, to today's."""
    for save in version.saves.all():
        if core.digest(save.terms) == digest:
            return compare(save.terms, version.terms)
    return []


def _without_passkey(version: Version) -> None:
    if version.parsed.governance.passkey_required:
        raise MayNot(_("These terms ask for a passkey signature."))


def _fresh(authenticated_at: datetime, at: datetime) -> None:
    if not timedelta(0) <= at - authenticated_at <= FRESH:
        raise AuthenticationTooOld(_("Prove again who you are; five minutes have passed."))


def _person_suffices(version: Version, by: User) -> None:
    department = by.department
    if department is None or not version.parsed.governance.only_head_signs(department.key):
        return
    if department.head_id != by.pk:
        raise MayNot(
            _("These terms ask for the signature of the head of %(department)s.")
            % {"department": department}
        )


def _first_of_department_and_person(version: Version, by: User) -> None:
    present = version.signatures.filter(revision=version.revision)
    if present.filter(department_id=by.department_id).exists():
        raise AlreadySigned(
            _("%(department)s has signed this revision.") % {"department": by.department}
        )
    for other in present.select_related("signer"):
        if other.signer_id == by.pk or proofs.same_mailbox(other.signer.email, by.email):
            raise AlreadySigned(_("You have signed this revision; the other side signs now."))
        if proofs.share_a_secret(other.signer, by):
            raise MayNot(
                _("Your codes come from the same app secret as the other signatory's.")
            )


def _acknowledged(version: Version, acknowledged: Collection[str]) -> set[str]:
    grave = {warning.code for warning in grave_warnings(version)}
    missing = grave - set(acknowledged)
    if missing:
        raise WarningsNotAcknowledged(
            ngettext(
                "%(number)d grave warning is not ticked. Read it, then sign.",
                "%(number)d grave warnings are not ticked. Read them, then sign.",
                len(missing),
            )
            % {"number": len(missing)}
        )
    return grave


def _conclude(version: Version, *, by: User, at: datetime) -> None:
    """Make the version signed once both signatures are there; tell who comes next."""
    waiting = Version.objects.prefetch_related("signatures").get(pk=version.pk).needs
    if waiting:
        notices.tell(
            version,
            "half_signed",
            notices.signatories(version),
            title=Phrase("%(version)s was signed by %(department)s")
            % {"version": version, "department": by.department},
            text=Phrase("It begins once your department signs too."),
            at=at,
            sign=True,
        )
        return
    version.state, version.signed_at = Version.State.SIGNED, at
    version.effective_from = max(version.requested_from or at, at)
    version.save(update_fields=["state", "signed_at", "effective_from"])
    requests.cancel(version, at=at)
    observing.concluded(version, by=by, at=at)
    ports.concluded(version, at)
    ledger.append(
        "version_concluded", at=at, by=by, subject=("version", version.pk),
        clear={
            "agreement": version.agreement.key,
            "version": version.number,
            "digest": version.digest,
            "effective_from": version.effective_from.isoformat(),
        },
    )  # fmt: skip
    notices.tell(
        version,
        "signed",
        notices.everybody_concerned(version),
        title=Phrase("%(version)s is signed by both departments") % {"version": version},
        text=Phrase("It governs what is offered from %(effective_from)s UTC on.")
        % {"effective_from": f"{version.effective_from:%d %b %Y %H:%M}"},
        at=at,
    )
