"""The API of leads: whatever a person does to a lead or handoff in the browser, and no more.

Each call finds from `visible_to(owner)`, calls the action that the page calls, and answers
with the row as it then stands.
"""

from ninja import Router

from leads.api import alerts, clocks, companies, contributions, people, reports
from leads.api.handing import many, moves, reading, waivers
from leads.api.lead import around, arriving, merging, privacy, touching

router = Router()
for part in (
    arriving, around, touching, merging, privacy, reading, moves, many, waivers, clocks,
    alerts, contributions, companies, people, reports,
):  # fmt: skip
    router.add_router("", part.router)
