"""Made-up content for the style guide. It is Wednesday 14 October 2026, 14:12 in Berlin."""

from portal.look.samples.agreement import AGREEMENT
from portal.look.samples.desk import DESK
from portal.look.samples.drawings import drawings
from portal.look.samples.moment import NOW

__all__ = ["AGREEMENT", "DESK", "NOW", "drawings"]
