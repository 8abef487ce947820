"""What people do about a handoff: offer, answer, return, decide, and look at its rounds."""
