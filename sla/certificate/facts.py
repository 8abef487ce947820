"""What is known of a signed version, gathered once for the document and for the evidence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.ledger.models import Head, LedgerEntry
from portal.ledger.reading import Erased, opening
from sla.models import Signature, Version

ENROLLED = {
    Signature.Method.PASSKEY: "passkey",
    Signature.Method.PASSWORD_TOTP: "one-time code",
    Signature.Method.IDENTITY_PROVIDER: "connection to the identity provider",
}


@dataclass(frozen=True)
class Signed:
    """One signature that counts, with its entry in the ledger, if that is there."""

    signature: Signature
    entry: LedgerEntry | None
    notes: tuple[str, ...]

    @property
    def how(self) -> str:
        return str(self.signature.get_method_display()).capitalize()


@dataclass(frozen=True)
class Facts:
    """A signed version: both signatures, Marketing's first, and the entry that ended it."""

    version: Version
    signed: tuple[Signed, ...]
    concluded: LedgerEntry | None
    head: Head | None


def gather(version: Version) -> Facts:
    """Of a version that both departments signed."""
    counting = version.signatures.filter(revision=version.revision).order_by("department_id")
    about = LedgerEntry.objects.about(("version", version.pk))
    concluded = about.filter(kind="version_concluded").last()
    head = None
    if concluded is not None:
        head = Head.objects.filter(seq__gte=concluded.seq).order_by("seq").first()
    signed = tuple(_signed(one, about) for one in counting)
    return Facts(version, signed, concluded, head)


def _signed(signature: Signature, about: Any) -> Signed:
    mine = about.filter(kind="version_signed", department=signature.department_id)
    entry = mine.filter(at=signature.signed_at).last()
    return Signed(signature, entry, tuple(_notes(signature, entry)))


def _notes(signature: Signature, entry: LedgerEntry | None) -> list[str]:
    """What a reader should know of how the signer was known: never nothing that is odd."""
    proof, notes = signature.proof, []
    what = ENROLLED[Signature.Method(signature.method)]
    enrolled = proof.get("enrolled_seq")
    before = Head.objects.filter(seq__lt=entry.seq) if entry else Head.objects.none()
    newest = before.order_by("-seq").values_list("seq", flat=True).first() or 0
    if enrolled and enrolled > newest:
        notes.append(f"The {what} was enrolled after the last published head.")
    elif not enrolled:
        notes.append(f"When the {what} was set up is not in the ledger.")
    for change in proof.get("changed_by_others", ()):
        day = datetime.fromisoformat(change["at"])
        fields = " and ".join(change["what"])
        notes.append(f"Somebody else changed {fields} of the account on {day:%d %b %Y}.")
    if entry is None:
        notes.append("The ledger has no entry of this signature.")
    return notes


def opened(one: Signed, words: str) -> str:
    """The key that opens one of the words committed to in the entry, or "" if it is gone."""
    if one.entry is None:
        return ""
    try:
        return opening(one.entry, words)
    except Erased:
        return ""
