"""What the portal keeps of a person: consent to it, and how it is told, kept and erased."""
