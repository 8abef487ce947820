from leads.models.rolling.cell import RolledCell, RolledShare, RolledTo

__all__ = ["RolledCell", "RolledShare", "RolledTo"]
