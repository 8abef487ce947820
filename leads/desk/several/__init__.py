"""Several rows at once: what would become of each, before anything is done."""
