"""Forms of the pages about other systems."""
