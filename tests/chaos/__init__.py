"""Real processes, killed: what is promised of them, and how often it was tried."""
