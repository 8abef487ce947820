"""The desk: what one owes, several rows at once, the team, one handoff on a phone."""
