"""The first entry: what kind of database this is, said once and for ever."""

from datetime import datetime

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connection

from portal.ledger.kinds import Kind
from portal.ledger.models import LedgerEntry
from portal.ledger.recording import append, recording

_known: dict[str, bool] = {}  # database -> what its first entry says


def open_ledger(*, simulated: bool, at: datetime, company: str = "") -> None:
    """Write the first entry. Raises ValueError if there is one already."""
    with recording(at=at):
        if LedgerEntry.objects.locked_tip()[0]:
            raise ValueError("this ledger is open already; its first entry never changes")
        clear = {"company": company, "simulated": simulated}
        append(Kind.GENESIS, subject=("ledger", 1), clear=clear)


def is_simulated() -> bool:
    """Whether the first entry says that this database runs on simulated time.

    Remembered per process once known, but not from inside a transaction, which may yet
    be rolled back. An empty ledger is not simulated.
    """
    database = str(connection.settings_dict["NAME"])
    if connection.in_atomic_block:
        return bool(_genesis())
    if database not in _known:
        said = _genesis()
        if said is None:
            return False
        _known[database] = said
    return _known[database]


def forget_what_is_known() -> None:
    """For whoever empties the database under a running process."""
    _known.clear()


def refuse_simulated(**_: object) -> list[CheckMessage]:
    """System check: only where SIMULATION_ALLOWED may the database be a simulated one."""
    if settings.SIMULATION_ALLOWED:
        return []
    try:
        simulated = is_simulated()
    except DatabaseError:  # not migrated yet, or not there: others say so
        return []
    text = "This database runs on simulated time; these settings are for a real company."
    hint = "Point DATABASE_URL at the company's own database."
    return [Error(text, hint=hint, id="ledger.E001")] if simulated else []


def _genesis() -> bool | None:
    first = LedgerEntry.objects.filter(seq=1, kind=Kind.GENESIS).first()
    return None if first is None else bool(first.clear["simulated"])
