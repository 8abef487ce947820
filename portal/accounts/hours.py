"""A person's own working hours: opening intervals by weekday, local wall time."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


def validate_hours(hours: Any) -> None:
    """Raise ValidationError unless `hours` is {"mon": [["09:00", "17:00"]], ...} or empty."""
    if not hours:
        return
    if not isinstance(hours, dict) or not set(hours) <= set(DAYS):
        raise ValidationError(
            _("Give intervals by weekday: mon, tue, wed, thu, fri, sat, sun.")
        )
    for day, intervals in hours.items():
        for interval in intervals if isinstance(intervals, list) else [intervals]:
            if not _is_interval(interval):
                raise ValidationError(
                    _("%(day)s: write an interval as [“09:00”, “17:00”]."), params={"day": day}
                )


def _is_interval(interval: Any) -> bool:
    return (
        isinstance(interval, list)
        and len(interval) == 2
        and all(isinstance(end, str) and TIME.fullmatch(end) for end in interval)
        and interval[0] < interval[1]
    )
