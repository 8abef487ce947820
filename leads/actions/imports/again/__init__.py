"""Records about somebody who is known: found, and taken in one by one or many at once."""
