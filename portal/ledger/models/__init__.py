from portal.ledger.models.entry import LedgerEntry
from portal.ledger.models.head import Head
from portal.ledger.models.salt import Salt

__all__ = ["Head", "LedgerEntry", "Salt"]
