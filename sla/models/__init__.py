from sla.models.agreement import Agreement
from sla.models.save import VersionSave
from sla.models.signature import Signature
from sla.models.version import Version

__all__ = ["Agreement", "Signature", "Version", "VersionSave"]
