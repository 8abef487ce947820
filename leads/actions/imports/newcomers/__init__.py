"""What is peculiar to many new leads at once: their turns, and what the ledger says of them."""
