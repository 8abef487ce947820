"""The invariants that one SQL query can ask. A row that comes back breaks the invariant."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

LATE = timedelta(minutes=1)  # how long after a step's instant its alert may be missing
STUCK = timedelta(minutes=10)  # how long after its time a message may wait

# Each step of each ladder as a row; JSON is the one thing in which the databases differ.
_STEPS = {
    "sqlite": (
        "SELECT c.id, json_extract(s.value, '$.key') AS step,"
        " strftime('%%Y-%%m-%%d %%H:%%M:%%f', json_extract(s.value, '$.at')) AS step_at,"
        " strftime('%%Y-%%m-%%d %%H:%%M:%%f', coalesce(c.stopped_at, c.paused_at, %s))"
        " AS until_at"
        " FROM leads_clock c, json_each(c.steps) s"
    ),
    "postgresql": (
        "SELECT c.id, s->>'key' AS step, (s->>'at')::timestamptz AS step_at,"
        " coalesce(c.stopped_at, c.paused_at, %s) AS until_at"
        " FROM leads_clock c, jsonb_array_elements(c.steps) s"
    ),
}
# Steps before an undone stop were raised once and are not raised again; `next_step` says so.
_I1 = (
    "SELECT steps.id, 'clock ' || steps.id || ', step ' || steps.step || ': no alert'"
    " FROM ({steps}) steps"
    " LEFT JOIN leads_alert a ON a.clock_id = steps.id AND a.step = steps.step"
    " WHERE steps.step_at < steps.until_at AND a.id IS NULL ORDER BY steps.id"
)
_I2 = (
    "SELECT a.id, 'alert ' || a.id || ' of clock ' || c.id || ': the clock had stopped'"
    " FROM leads_alert a JOIN leads_clock c ON c.id = a.clock_id"
    " WHERE c.stopped_at IS NOT NULL AND a.due_at >= c.stopped_at"
    " AND a.met_by_evidence_at IS NULL ORDER BY a.id"
)
_I3_TOLD = (
    "SELECT a.id, 'alert ' || a.id || ': nobody was told'"
    " FROM leads_alert a WHERE NOT EXISTS (SELECT 1 FROM notifications_delivery d"
    " WHERE d.about = 'alert:' || a.id) ORDER BY a.id"
)
_I3_STUCK = (
    "SELECT d.id, 'message ' || d.id || ': waits too long' FROM notifications_delivery d"
    " WHERE d.state = 'pending' AND d.next_at < %s AND EXISTS"
    " (SELECT 1 FROM leads_sweeppass p WHERE p.swept_at > %s) ORDER BY d.id"
)
_I4_SEATS = (
    "SELECT l.id, 'lead ' || l.id || ': not exactly one seat of ' || d.key"
    " FROM leads_lead l CROSS JOIN accounts_department d"
    " WHERE l.closed_at IS NULL AND l.merged_into_id IS NULL AND"
    " (SELECT count(*) FROM leads_assignment s WHERE s.lead_id = l.id"
    " AND s.department_id = d.key AND s.until IS NULL) <> 1 ORDER BY l.id"
)
_I4_HANDOFFS = (
    "SELECT h.lead_id, 'lead ' || h.lead_id || ': ' || count(*) || ' open handoffs ' || h.kind"
    " FROM leads_handoff h WHERE h.state IN ('offered', 'accepted', 'returned')"
    " GROUP BY h.lead_id, h.kind HAVING count(*) > 1 ORDER BY h.lead_id"
)
_I4_ACCEPTOR = (
    "SELECT h.id, 'handoff ' || h.id || ': accepted by nobody' FROM leads_handoff h"
    " WHERE h.state = 'accepted' AND h.receiver_id IS NULL ORDER BY h.id"
)
_I5 = (
    "SELECT v.id, 'version ' || v.id || ': signed without two valid signatures'"
    " FROM sla_version v WHERE v.state = 'signed' AND NOT EXISTS ("
    " SELECT 1 FROM sla_signature m JOIN sla_signature s ON s.version_id = m.version_id"
    " WHERE m.version_id = v.id AND m.revision = v.revision AND s.revision = v.revision"
    " AND m.department_id = 'marketing' AND s.department_id = 'sales'"
    " AND m.digest = v.digest AND s.digest = v.digest AND m.signer_id <> s.signer_id"
    " AND m.signed_at <= v.signed_at AND s.signed_at <= v.signed_at) ORDER BY v.id"
)
_I6 = (
    "SELECT c.id, 'clock ' || c.id || ': not the version that governed it'"
    " FROM leads_clock c JOIN sla_version v ON v.id = c.version_id"
    " LEFT JOIN leads_handoff h ON h.id = c.handoff_id"
    " LEFT JOIN leads_contribution k ON k.id = c.contribution_id"
    " WHERE v.state <> 'signed' OR h.version_id <> c.version_id"
    " OR v.effective_from > coalesce(h.first_offered_at, k.asked_at) ORDER BY c.id"
)
_I10_IDS = (
    "SELECT 0, 'source ' || source || ' ' || external_id || ': several leads'"
    " FROM leads_leadsource GROUP BY source, external_id HAVING count(DISTINCT lead_id) > 1"
)
_I10_PEOPLE = (
    "SELECT min(l.id), 'lead ' || min(l.id) || ': ' || count(*) || ' open leads of one person'"
    " FROM leads_lead l WHERE l.closed_at IS NULL AND l.merged_into_id IS NULL"
    " AND l.email_key <> '' GROUP BY l.email_key, l.agreement_id HAVING count(*) > 1"
)
_I11 = (
    "SELECT r.id, 'import ' || r.id || ': ' || r.records || ' records, ' ||"
    " (r.new + r.updated + r.duplicate + r.rejected) || ' accounted for'"
    " FROM leads_importrun r WHERE r.finished_at IS NOT NULL"
    " AND r.records <> r.new + r.updated + r.duplicate + r.rejected ORDER BY r.id"
)

Query = tuple[str, tuple[Any, ...]]


def broken(key: str, at: datetime) -> Iterator[str]:
    """What breaks the invariant `key`, in words; nothing for one that is asked elsewhere."""
    for query, parameters in _queries(at).get(key, ()):
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            for _, words in cursor.fetchall():
                yield words
    if key == "I12":
        yield from _dangling()


def _queries(at: datetime) -> dict[str, tuple[Query, ...]]:
    adapt = connection.ops.adapt_datetimefield_value
    steps = _I1.format(steps=_STEPS[connection.vendor])
    return {
        "I1": ((steps, (adapt(at - LATE),)),),
        "I2": ((_I2, ()),),
        "I3": ((_I3_TOLD, ()), (_I3_STUCK, (adapt(at - STUCK), adapt(at - STUCK)))),
        "I4": ((_I4_SEATS, ()), (_I4_HANDOFFS, ()), (_I4_ACCEPTOR, ())),
        "I5": ((_I5, ()),),
        "I6": ((_I6, ()),),
        "I10": ((_I10_IDS, ()), (_I10_PEOPLE, ())),
        "I11": ((_I11, ()),),
    }


def _dangling() -> Iterator[str]:
    """SQLite names rows whose reference is gone; PostgreSQL holds none by its constraints,
    and says which of those were not validated."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_key_check")
            for table, row, parent, _ in cursor.fetchall():
                yield f"{table} {row}: its {parent} is gone"
        else:
            cursor.execute(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint"
                " WHERE contype = 'f' AND NOT convalidated"
            )
            for table, name in cursor.fetchall():
                yield f"{table}: {name} is not validated"
