from sla.models.agreement import Agreement
from sla.models.comment import Comment
from sla.models.observation import Observation
from sla.models.office import Office
from sla.models.save import VersionSave
from sla.models.signature import Signature
from sla.models.timer import RequestTimer
from sla.models.version import Version

__all__ = [
    "Agreement",
    "Comment",
    "Observation",
    "Office",
    "RequestTimer",
    "Signature",
    "Version",
    "VersionSave",
]
