"""Which share of the CRM's leads the portal sees."""
