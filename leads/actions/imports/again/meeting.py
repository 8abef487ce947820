"""Who of a chunk is new, and who is known: from before, or from further up in the file."""

from collections import Counter, defaultdict
from datetime import datetime

from leads.actions.imports.history import moves
from leads.actions.imports.incoming import Incoming
from leads.actions.intake.people import says_more
from leads.models import Claim, Lead, LeadSource, StageEntry
from portal import bulk

_IDS = 500  # in one query; SQLite takes 999 variables


def parted(arriving: list[Incoming]) -> tuple[list[Incoming], list[Incoming]]:
    """(strangers, the others), both in the order of the file.

    A stranger has an id and an address that no lead has, open or closed; the others are
    looked at one by one.
    """
    ids, mails = _known_ids(arriving), _known_mails(arriving)
    strangers, others = [], []
    for one in arriving:
        name, mail = id_of(one), one.arrival.email_key
        if (name[1] and name in ids) or (mail and mail in mails):
            others.append(one)
        else:
            strangers.append(one)
        ids.add(name)
        mails.add(mail)
    return strangers, others


def unchanged(others: list[Incoming]) -> dict[int, int]:
    """The lines, with the leads, of those who are known by their id and of whom nothing new
    is told.

    Who is told of twice in the chunk is not among them: the first may change what the
    second says.
    """
    ids = Counter(id_of(one) for one in others)
    leads = leads_of(others)
    pks = [lead.pk for lead in leads.values()]
    claims, stages = claims_of(pks), stages_of(pks)
    return {
        one.line: lead.pk
        for one in others
        if ids[id_of(one)] == 1
        and (lead := leads.get(id_of(one))) is not None
        and not says_more(lead, one.arrival)
        and one.claims.keys() <= claims[lead.pk]
        and set(one.stages) <= stages[lead.pk]
        and not moves(lead, one)
    }


def leads_of(others: list[Incoming]) -> dict[tuple[str, str], Lead]:
    """The unmerged lead of each `id_of`, with its company."""
    wanted = sorted({one.arrival.external_id for one in others} - {""})
    systems = {one.arrival.system for one in others}
    found = {}
    for start in range(0, len(wanted), _IDS):
        rows = LeadSource.objects.filter(
            source__in=systems,
            external_id__in=wanted[start : start + _IDS],
            lead__merged_into=None,
        )
        for row in rows.select_related("lead__company"):
            found[row.source, row.external_id] = row.lead
    return found


def claims_of(lead_ids: list[int]) -> dict[int, set[str]]:
    """The kinds of claims that are known of each lead."""
    known: dict[int, set[str]] = defaultdict(set)
    for start in range(0, len(lead_ids), _IDS):
        rows = Claim.objects.filter(lead__in=lead_ids[start : start + _IDS])
        for lead_id, kind in rows.values_list("lead", "kind"):
            known[lead_id].add(kind)
    return known


def stages_of(lead_ids: list[int]) -> dict[int, set[tuple[datetime, str]]]:
    """The imported stage entries that are known of each lead."""
    known: dict[int, set[tuple[datetime, str]]] = defaultdict(set)
    for start in range(0, len(lead_ids), _IDS):
        rows = StageEntry.objects.filter(lead__in=lead_ids[start : start + _IDS], imported=True)
        for lead_id, entered_at, stage in rows.values_list("lead", "entered_at", "stage"):
            known[lead_id].add((entered_at, stage))
    return known


def id_of(one: Incoming) -> tuple[str, str]:
    """By what a system knows whom a record tells of."""
    return one.arrival.system, one.arrival.external_id


def _known_ids(arriving: list[Incoming]) -> set[tuple[str, str]]:
    systems: dict[str, set[str]] = defaultdict(set)
    for one in arriving:
        if one.arrival.external_id:
            systems[one.arrival.system].add(one.arrival.external_id)
    return {
        (system, external_id)
        for system, wanted in systems.items()
        for (external_id,) in bulk.among(
            LeadSource, "external_id", wanted, told=["external_id"], source=system
        )
    }


def _known_mails(arriving: list[Incoming]) -> set[str]:
    wanted = {one.arrival.email_key for one in arriving} - {""}
    return {key for (key,) in bulk.among(Lead, "email_key", wanted, told=["email_key"])}
