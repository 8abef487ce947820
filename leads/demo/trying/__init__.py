"""Four things that a newcomer to the demo company tries, and what of them is done."""
