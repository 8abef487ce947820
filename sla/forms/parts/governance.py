"""How the agreement itself is kept: review, seals, who signs."""

from django.utils.translation import gettext_lazy as _

from sla.forms.around import PERIODS, Around, Part, zones
from sla.forms.tree import Choice, Day, Flag, Group, Length, Text

_BREACHES = [
    ("past_last_step", _("those past the last step of their ladder")),
    ("all", _("all")),
    ("none", _("none")),
]
_SIGNERS = [("signatory", _("any signatory")), ("head", _("the head alone"))]


def _signers() -> Group:
    return Group(
        name="signed_by",
        label=_("Who signs"),
        needed=False,
        empty={},
        parts=tuple(
            Choice(
                name=key,
                label=label,
                options=_SIGNERS,
                none=_("any signatory, unsaid"),
                needed=False,
                empty="signatory",
            )
            for key, label in (("marketing", _("For Marketing")), ("sales", _("For Sales")))
        ),
    )


def _spec(around: Around) -> Group:
    governance = Group(
        name="governance",
        label="",
        parts=(
            Day(name="review_on", label=_("To be reviewed on")),
            Choice(name="seals", label=_("Figures are sealed"), options=PERIODS),
            Text(
                name="zone",
                label=_("Time zone of weeks and months"),
                hint="Europe/Berlin",
                suggest=zones(),
                needed=False,
                empty="UTC",
            ),
            Choice(
                name="review_breaches", label=_("Breaches to talk about"), options=_BREACHES
            ),
            Length(
                name="cure_period",
                label=_("Time to cure a breach"),
                help=_("Elapsed time. Empty: none."),
                hint="5 days",
                needed=False,
            ),
            Flag(
                name="outage_excuses",
                label=_("An outage of the portal excuses a breach"),
                size="wide",
            ),
            Flag(
                name="passkey_required",
                label=_("Signing takes a passkey"),
                size="wide",
                needed=False,
            ),
            _signers(),
        ),
    )
    return Group(parts=(governance,))


PART = Part(
    "governance",
    _("Governance"),
    _("How the agreement itself is kept, sealed, reviewed and signed."),
    ("governance",),
    _spec,
)
