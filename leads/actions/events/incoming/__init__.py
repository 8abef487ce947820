"""Messages of other systems: proven, kept once, understood, and done or put in quarantine."""
