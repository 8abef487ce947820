"""How a team shares out its leads: its rules, its pools, and what other rules would do."""
