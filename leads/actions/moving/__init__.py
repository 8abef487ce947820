"""People change teams, teams join others or go over to the other department."""
