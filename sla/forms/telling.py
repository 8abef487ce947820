"""Who is told, through what, and who gets it gathered: the same for steps and for volumes."""

from django.utils.translation import gettext_lazy as _

from sla.forms.tree import Choice, Group, Several, Whom
from sla.forms.tree.choices import Option

ROLES: list[Option] = [
    ("acting_owner", _("acting owner")),
    ("other_owner", _("other owner")),
    ("manager", _("manager")),
    ("steward", _("steward")),
    ("heads", _("both heads")),
]
CHANNELS: list[Option] = [
    ("in_app", _("in the portal")),
    ("mail", _("mail")),
    ("slack", "Slack"),
    ("teams", "Teams"),
    ("webhook", _("webhook")),
]
_OFTEN = [("hourly", _("hourly")), ("daily", _("daily")), ("weekly", _("weekly"))]


def told() -> tuple[Whom, Several, Group]:
    """The fields whom, channels and digest."""
    return (
        Whom(
            name="whom",
            label=_("Who is told"),
            options=ROLES,
            other=_("And people, by mail address:"),
        ),
        Several(name="channels", label=_("Through"), options=CHANNELS),
        Group(
            name="digest",
            label=_("Gathered instead of at once, for"),
            needed=False,
            form="sla/editor/_folded.html",
            parts=tuple(
                Choice(
                    name=key,
                    label=label,
                    options=_OFTEN,
                    none=_("at once"),
                    needed=False,
                    size="s",
                )
                for key, label in ROLES
            ),
        ),
    )
