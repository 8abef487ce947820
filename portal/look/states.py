"""The six states of a clock: icon, word and form, so that colour never stands alone."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Look(NamedTuple):
    """How one state looks: its CSS suffix, its icon and its word."""

    form: str
    icon: str
    word: str | Promise


STATES = {
    "ok": Look("ok", "check", _("On time")),
    "risk": Look("risk", "hourglass-low", _("At risk")),
    "late": Look("late", "alert-triangle", _("Late")),
    "pause": Look("pause", "player-pause", _("Paused")),
    "back": Look("back", "arrow-back-up", _("Returned")),
    "met": Look("met", "check", _("Met")),
}

VERDICTS = {
    "yes": Look("", "check", _("met")),
    "no": Look("no", "alert-triangle", _("not met")),
    "few": Look("few", "circle-dashed", _("too few to say")),
    "none": Look("few", "circle-dashed", _("no benchmark agreed")),
    "open": Look("few", "circle-dashed", _("no share agreed")),
    "kept": Look("", "check", _("kept")),
    "below": Look("no", "alert-triangle", _("below")),
}

DEPARTMENTS = {
    "marketing": Look("mk", "", _("Marketing")),
    "sales": Look("sl", "", _("Sales")),
}
NEITHER = Look("op", "", "")


def side(department: object) -> Look:
    """The look of a department, given its key or the row itself; others have no colour."""
    return DEPARTMENTS.get(str(getattr(department, "key", department)), NEITHER)
