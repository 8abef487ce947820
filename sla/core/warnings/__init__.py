"""What both sides should know before they sign: the warnings of a document.

Three are grave and are acknowledged by both: a clock nobody owns, a target that its
calendar makes impossible, a one-sided handoff. The others are listed.
"""

from sla.core.saying import Say, plainly
from sla.core.terms.document import Terms
from sla.core.warnings.company import Caution, Directory, Team
from sla.core.warnings.fairness import (
    charged_down_funnel,
    charged_up_funnel,
    inside_sales_under_marketing,
    one_sided_handoffs,
    unaccepted_handoffs,
)
from sla.core.warnings.owners import unknown_people, unowned_clocks
from sla.core.warnings.remedies import Remedy, remedy
from sla.core.warnings.timing import impossible_targets, unheard_targets
from sla.core.warnings.wording import (
    idle_reasons,
    stages_without_criteria,
    unconfirmed_benchmarks,
    unmapped_words,
)

__all__ = ["Caution", "Directory", "Remedy", "Team", "remedy", "warnings"]

_CHECKS = (
    unowned_clocks,
    impossible_targets,
    one_sided_handoffs,
    unaccepted_handoffs,
    charged_up_funnel,
    charged_down_funnel,
    inside_sales_under_marketing,
    stages_without_criteria,
    unconfirmed_benchmarks,
    idle_reasons,
    unmapped_words,
    unheard_targets,
    unknown_people,
)


def warnings(terms: Terms, directory: Directory, say: Say = plainly) -> list[Caution]:
    """Return the warnings of parsed terms in the company as it is, the grave ones first."""
    return [caution for check in _CHECKS for caution in check(terms, directory, say)]
