"""From one version to the next: no stage may be dropped without saying what it became."""

from collections.abc import Iterator

from sla.core.saying import Said
from sla.core.saying import gettext_noop as _
from sla.core.terms.document import Terms
from sla.core.terms.schema import Fault


def successor_faults(old: Terms, new: Terms) -> Iterator[Fault]:
    """Yield a fault for each stage of `old` that `new` neither keeps nor replaces once.

    Leads stand in the old stages; `replaces` says where they stand under the new version.
    """
    present = {stage.key for stage in new.journey}
    claimed = [key for stage in new.journey for key in stage.replaces]
    for stage in old.journey:
        if stage.key in present:
            continue
        if claimed.count(stage.key) == 0:
            yield Fault(
                "journey",
                Said(_("the stage {key} is dropped, and no stage replaces it"), key=stage.key),
            )
        elif claimed.count(stage.key) > 1:
            yield Fault(
                "journey",
                Said(_("the stage {key} is replaced by more than one"), key=stage.key),
            )


def successors(old: Terms, new: Terms) -> dict[str, str]:
    """Return the stage of `new` for each stage of `old`: itself, or the one that replaces it.

    Raises KeyError for a stage that `check_successor` names.
    """
    became = {key: stage.key for stage in new.journey for key in stage.replaces}
    became |= {stage.key: stage.key for stage in new.journey}
    return {stage.key: became[stage.key] for stage in old.journey}
