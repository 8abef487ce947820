"""Comments on the clauses of a version that is not signed yet: said, answered, resolved."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.models import User
from portal.notifications import outbox
from portal.reader.language import Phrase
from sla.actions import notices
from sla.actions.drafting import locked, require_editor
from sla.core import terms as core
from sla.core.clauses import Clause, render
from sla.errors import NoSuchClause, NotInThisState, ReasonMissing
from sla.models import Comment, Version

LONGEST = 4_000  # characters
DISCUSSED = frozenset({Version.State.DRAFT, Version.State.PROPOSED})


@ledger.recorded
def write(
    *,
    version_id: int,
    path: str,
    text: str,
    by: User,
    at: datetime,
    reply_to: int | None = None,
) -> Comment:
    """Say something about a clause of a draft or a proposal, or reply to what was said.

    Who takes part in the thread is told, and who wrote the version. A reply to a resolved
    thread opens it again. Raises NoSuchClause, ReasonMissing for an empty text, MayNot for
    who does not edit drafts, NotInThisState once the version is signed or ended.
    """
    version = _discussed(version_id, by)
    text = text.strip()[:LONGEST]
    if not text:
        raise ReasonMissing(_("Write what you think of the clause."))
    parent = _thread(version, reply_to) if reply_to is not None else None
    path = parent.path if parent else path
    heading, said = _said(version, path, parent)
    comment = Comment.objects.create(
        version=version,
        revision=version.revision,
        path=path,
        heading=heading,
        clause=said,
        parent=parent,
        author=by,
        department_id=by.department_id,
        text=text,
        written_at=at,
    )
    _record(ledger.Kind.VERSION_COMMENTED, comment, by=by, at=at, text=text)
    if parent is not None and parent.resolved_at is not None:
        _resolve(parent, resolved=False, by=by, at=at)
    _tell(comment, by=by, at=at)
    return comment


@ledger.recorded
def resolve(*, comment_id: int, resolved: bool, by: User, at: datetime) -> Comment:
    """Say that a thread is settled, or open it again; twice is once.

    Raises MayNot and NotInThisState as `write` does.
    """
    version_id = Comment.objects.values_list("version_id", flat=True).get(pk=comment_id)
    version = _discussed(version_id, by)
    comment = _thread(version, comment_id)
    if resolved != (comment.resolved_at is not None):
        _resolve(comment, resolved=resolved, by=by, at=at)
    return comment


def clause_at(version: Version, path: str) -> Clause | None:
    """The clause of the version's text as it stands; None if it is gone."""
    sections = render(core.read(version.terms))
    clauses = (clause for section in sections for clause in section.clauses)
    return next((clause for clause in clauses if clause.path == path), None)


def _discussed(version_id: int, by: User) -> Version:
    require_editor(by)
    version = locked(version_id)
    if version.state not in DISCUSSED:
        raise NotInThisState(
            _("%(version)s is %(state)s; it is not discussed any more.")
            % {"version": version, "state": version.get_state_display()}
        )
    return version


def _thread(version: Version, comment_id: int) -> Comment:
    """The first comment of the thread, locked."""
    comment = Comment.objects.get(pk=comment_id, version=version)
    rows = Comment.objects.select_for_update(no_key=True, of=("self",))
    return rows.get(pk=comment.parent_id or comment.pk)


def _said(version: Version, path: str, parent: Comment | None) -> tuple[str, str]:
    """Heading and text of the clause now; where it is gone, a thread goes on without it."""
    clause = clause_at(version, path)
    if clause is not None:
        return clause.title[:300], clause.text
    if parent is None:
        raise NoSuchClause(_("This clause is not in the text any more."))
    return parent.heading, parent.clause


def _resolve(comment: Comment, *, resolved: bool, by: User, at: datetime) -> None:
    comment.resolved_at, comment.resolved_by = (at, by) if resolved else (None, None)
    comment.save(update_fields=["resolved_at", "resolved_by"])
    kind = ledger.Kind.COMMENT_RESOLVED if resolved else ledger.Kind.COMMENT_REOPENED
    _record(kind, comment, by=by, at=at)


def _tell(comment: Comment, *, by: User, at: datetime) -> None:
    """Those who take part in the thread, and who wrote the version; not who speaks."""
    version, thread = comment.version, comment.parent_id or comment.pk
    spoke = Comment.objects.filter(Q(pk=thread) | Q(parent=thread)).values("author")
    wrote = {version.created_by_id, version.proposed_by_id}
    to = User.objects.active().filter(Q(pk__in=spoke) | Q(pk__in=wrote)).exclude(pk=by.pk)
    page = reverse("sla:comments", args=[version.agreement.key, version.number])
    outbox.tell(
        about=f"comment:{comment.pk}",
        to=to,
        channels=notices.CHANNELS,
        title=Phrase("%(who)s on “%(clause)s” of %(version)s")
        % {"who": by, "clause": comment.heading, "version": version},
        text=comment.text,
        link=f"{page}#c{thread}",
        at=at,
    )


def _record(kind: str, comment: Comment, *, by: User, at: datetime, text: str = "") -> None:
    version = comment.version
    ledger.append(
        kind,
        at=at,
        by=by,
        subject=("comment", comment.pk),
        department=by.department_id,
        clear={
            "agreement": version.agreement.key,
            "version": version.number,
            "revision": version.revision,
            "clause": comment.path,
            "reply_to": comment.parent_id,
        },
        committed={"text": text} if text else {},
    )
