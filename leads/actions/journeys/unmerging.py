"""A merge is taken back for a day: two leads of one again, each with its own history."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.journeys.merging import fact_of, lock_both, put_fact, require_both
from leads.actions.owning import routing
from leads.actions.saving import save
from leads.core.words import reasons
from leads.errors import LeadIsClosed, NothingToUndo, UndoOvertaken, UndoTooLate
from leads.models import Assignment, Lead, Merge
from portal import ledger
from portal.accounts.models import User


@ledger.recorded
def unmerge(*, lead_id: int, by: User, at: datetime) -> Lead:
    """Give the lead that became part of another one its own life back, within a day.

    What the other one learned from it is forgotten again, unless it changed since; seats
    are filled as they were. What happened since stays with the lead that remained. By who
    may merge. Raises NothingToUndo, UndoTooLate, NotYours, LeadIsClosed if the other one
    is closed or merged itself, UndoOvertaken if it was handed over since or the address
    belongs to a third lead by now.
    """
    merge = Merge.objects.filter(gone=lead_id, undone_at=None).first()
    if merge is None:
        raise NothingToUndo(_("This lead is not part of another one."))
    if not merge.may_be_undone(at):
        raise UndoTooLate(_("A merge can be taken back for a day, and that is over."))
    gone, kept = lock_both(merge.gone_id, merge.kept_id)
    merge = Merge.objects.get(pk=merge.pk)
    if merge.undone_at is not None or gone.merged_into_id != kept.pk:
        raise NothingToUndo(_("Somebody took this merge back a moment ago."))
    require_both(kept, kept, by, at)
    _require_untouched(merge, gone, kept)
    forgotten = _forget(merge, gone, kept, by, at)
    gone.merged_into = None
    save(gone, "merged_into", at=at, by=by)
    _sit_again(merge, gone, by, at)
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    ledger.append(
        "lead_unmerged",
        at=at,
        by=by,
        subject=("lead", gone.pk),
        clear={"from": kept.pk, "forgotten": forgotten},
    )
    return gone


def _require_untouched(merge: Merge, gone: Lead, kept: Lead) -> None:
    if kept.closed_at is not None or kept.merged_into_id is not None:
        raise LeadIsClosed(_("The other lead is closed or part of another one by now."))
    if kept.handoffs.open().filter(first_offered_at__gte=merge.at).exists():
        raise UndoOvertaken(
            _("The lead was handed over since they became one: withdraw that first.")
        )
    if not gone.email_key:
        return
    same = Lead.objects.open().filter(email_key=gone.email_key, agreement=gone.agreement)
    if same.exclude(pk__in=[gone.pk, kept.pk]).exists():
        raise UndoOvertaken(_("Another open lead has this mail address by now."))


def _forget(merge: Merge, gone: Lead, kept: Lead, by: User, at: datetime) -> list[str]:
    """Put back what `kept` knew before, where nobody changed it since."""
    forgotten = [n for n in merge.before if fact_of(kept, n) == fact_of(gone, n)]
    for name in forgotten:
        put_fact(kept, name, merge.before[name])
        kept.provenance.pop(name, None)
    if forgotten:
        save(kept, at=at, by=by)
    return sorted(forgotten)


def _sit_again(merge: Merge, gone: Lead, by: User, at: datetime) -> None:
    """The seats that ended are filled again; of who left meanwhile, the team's pool."""
    ended = Assignment.objects.filter(pk__in=merge.seats).select_related("team", "member")
    for one in ended.order_by("pk"):
        member = one.member if one.member is not None and one.member.is_active else None
        routing.seat(
            gone, one.department_id, team=one.team, member=member, at=at, by=by,
            why=[reasons.UNMERGED],
        )  # fmt: skip
