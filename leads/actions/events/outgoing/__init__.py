"""What other systems are told: from the ledger, entry by entry, in its order."""
