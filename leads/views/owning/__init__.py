"""Who owns leads: seats, rules and pools, and who leaves."""
