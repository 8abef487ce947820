"""Short pages on how the portal is used: each section answers one question of a screen."""

from leads.views.help.guides import agreeing, figures, handing, moving, own, telling, working
from leads.views.help.guides.shape import Guide, Section

GUIDES: tuple[Guide, ...] = (
    *working.GUIDES,
    *handing.GUIDES,
    *agreeing.GUIDES,
    *telling.GUIDES,
    *figures.GUIDES,
    *moving.GUIDES,
    *own.GUIDES,
)
BY_KEY = {guide.key: guide for guide in GUIDES}

__all__ = ["BY_KEY", "GUIDES", "Guide", "Section"]
