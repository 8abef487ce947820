import os
from datetime import timedelta

from django.apps import AppConfig


class StageConfig(AppConfig):
    name = "tests.chaos.stage"
    label = "chaos_stage"

    def ready(self) -> None:
        from portal import wallclock
        from tests.chaos.stage import pace, points

        points.install(os.environ.get(points.VARIABLE, ""))
        pace.set_pace(int(os.environ.get(pace.VARIABLE, "1")))
        ahead = timedelta(seconds=float(os.environ.get("CHAOS_AHEAD", "0")))
        if ahead:
            wallclock.bind(lambda: ahead)
