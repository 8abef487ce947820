"""The ledger for people to read: of a lead, of one row, and one entry with its proof."""
