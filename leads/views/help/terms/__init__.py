"""The words of the portal, as its specification means them, in plain sentences."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.terms.agreement import AGREEMENT
from leads.views.help.terms.clocks import CLOCKS
from leads.views.help.terms.handing import HANDING
from leads.views.help.terms.owning import OWNING
from leads.views.help.terms.proof import TRUST
from leads.views.help.terms.screens import SCREENS
from leads.views.help.terms.shape import Term

__all__ = ["EVERY", "GROUPS", "SCREENS", "Term"]

GROUPS = (
    ("the-agreement", _("The agreement"), AGREEMENT),
    ("owning-together", _("Owning together"), OWNING),
    ("handing-over", _("Handing over"), HANDING),
    ("time", _("Clocks and time"), CLOCKS),
    ("proof", _("Proof and figures"), TRUST),
)
EVERY = {term.key: term for _key, _title, terms in GROUPS for term in terms}
