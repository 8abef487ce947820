"""How the portal speaks to whoever reads: in their zone, in their language."""
