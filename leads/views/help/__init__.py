"""The help inside the portal: what its words mean, and where the agreement says so."""
