"""What is due this morning: for each demo person something in the next minutes and hours."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from leads.actions.intake import Arrival
from leads.demo.events import Story
from leads.models import Company
from portal.accounts.models import User
from sla.core import workingtime
from sla.core.workingtime import WorkingCalendar

MINUTE = timedelta(minutes=1)
# name, job, company, domain, country, people there, segment, whose company it is
CAST: dict[str, tuple[str, str, str, str, int, str, str]] = {
    "Samira Haddad": ("Operations lead", "Delta Cold Chain", "delta-cold.example", "US", 310,
                      "demo_request", "Anna Keller"),
    "Ines Moreau": ("Head of Maintenance", "Brasserie Aubert", "aubert.example", "FR", 420,
                    "demo_request", "Anna Keller"),
    "Gustav Rehn": ("Reliability engineer", "Malmö Ferries", "malmo-ferries.example", "SE", 640,
                    "trial", "Anna Keller"),
    "Peter Lindqvist": ("Plant manager", "Norrköping Paper", "norrkoping.example", "SE", 900,
                        "event", "Anna Keller"),
    "Oliver Grant": ("Maintenance planner", "Tyne Glass", "tyne-glass.example", "GB", 150,
                     "demo_request", "Anna Keller"),
    "Hanna Virtanen": ("Factory director", "Oulu Timber", "oulu-timber.example", "FI", 240,
                       "event", "Anna Keller"),
    "Tomás Ribeiro": ("Production engineer", "Vale Verde Mills", "vale-verde.example", "BR", 70,
                      "trial", "Lena Brandt"),
    "Claire Dubois": ("Procurement", "Atelier Rhône", "atelier-rhone.example", "FR", 85,
                      "demo_request", "Lena Brandt"),
    "Marek Dvořák": ("Technical buyer", "Brno Castings", "brno-castings.example", "PL", 380,
                     "trial", "Lena Brandt"),
    "Bettina Krause": ("Head of Operations", "Weser Dairy", "weser-dairy.example", "DE", 520,
                       "demo_request", "Lena Brandt"),
    "Jorge Salas": ("Factory director", "Garonne Tiles", "garonne-tiles.example", "ES", 260,
                    "trial", "Greta Holm"),
    "Wiebke Petersen": ("Energy manager", "Jade Cement", "jade-cement.example", "DE", 730,
                        "demo_request", "Greta Holm"),
    "Nils Berg": ("Energy manager", "Taunus Glass", "taunus-glass.example", "DE", 210,
                  "trial", "Lena Brandt"),
    "Ellen Fitch": ("Quality manager", "Solent Foods", "solent-foods.example", "GB", 190,
                    "demo_request", "Greta Holm"),
}  # fmt: skip


def settle_companies(people: dict[str, User]) -> None:
    """Their companies have an owner, who is asked first: an inner step."""
    for _job, firm, domain, country, size, _segment, owner in CAST.values():
        Company.objects.create(
            name=firm, domain=domain, country=country, employees=size, owner=people[owner]
        )


class Morning:
    """Writes the scenes of `now`, the first of them as story number `number`."""

    def __init__(self, *, now: datetime, number: int, calendar: WorkingCalendar) -> None:
        self.now, self.number, self.calendar = now, number, calendar

    def stories(self) -> Iterator[Story]:
        """Somebody calls, somebody waits, something is late."""
        yield self._arrives("Samira Haddad", 13)
        yield self._arrives("Ines Moreau", 24)
        yield self._arrives("Oliver Grant", 4)
        yield self._arrives("Gustav Rehn", 47)
        yield self._arrives("Nils Berg", 41, source="")
        yield self._accepted("Peter Lindqvist", 940, calls=2)
        yield self._accepted("Hanna Virtanen", 690, calls=1)
        yield self._returned("Tomás Ribeiro", 234, "too_small", "Only twelve work there.")
        yield self._returned("Claire Dubois", 262, "wrong_data", "The number is not in use.")
        yield self._returned("Marek Dvořák", 120, "no_need", "No project before next year.")
        yield self._disputed("Bettina Krause", 915)
        yield self._handed_on("Jorge Salas", 231)
        yield self._handed_on("Wiebke Petersen", 64)
        yield self._waits_for_material("Ellen Fitch", 1385)

    def ago(self, minutes: float) -> datetime:
        """So many working minutes before now."""
        return workingtime.subtract(self.calendar, self.now, minutes * MINUTE)

    def _arrives(self, name: str, minutes: float, source: str = "paid_search") -> Story:
        job, firm, domain, country, size, segment, _ = CAST[name]
        touch = "webinar" if segment == "event" else segment
        given = name.split()[0].lower().translate(str.maketrans("áéíóú", "aeiou"))
        arrival = Arrival(
            name=name, email=f"{given}@{domain}", phone="+49 40 555019", job_title=job,
            country=country, company_name=firm, company_domain=domain, company_country=country,
            company_employees=size, source=source, campaign="Bearings that talk",
            segment=segment, consent=True, score=72, touch=touch, set_by="form",
        )  # fmt: skip
        self.number += 1
        return Story(self.number, arrival, self.ago(minutes))

    def _accepted(self, name: str, minutes: float, *, calls: int) -> Story:
        """Accepted so long ago; an outcome is owed after sixteen hours."""
        story = self._arrives(name, minutes + 30)
        story.add(self.ago(minutes), "accept", "receiver")
        for n in range(calls):
            at = self.ago(minutes - 20 - 300 * n)
            story.add(at, "touch", "receiver", kind="voicemail", direction="outbound")
        return story

    def _returned(self, name: str, minutes: float, reason: str, note: str) -> Story:
        story = self._arrives(name, minutes + 9)
        story.add(
            self.ago(minutes),
            "give_back",
            "receiver",
            reason=reason,
            note=note,
        )
        return story

    def _disputed(self, name: str, minutes: float) -> Story:
        story = self._returned(name, minutes + 70, "no_need", "Wanted a leaflet only.")
        story.add(
            self.ago(minutes), "dispute", "giver", note="They asked for a price on Friday"
        )
        return story

    def _handed_on(self, name: str, minutes: float) -> Story:
        story = self._accepted(name, minutes + 300, calls=0)
        story.add(
            self.ago(minutes + 200), "touch", "receiver", kind="call", direction="two_way",
            subject="Need and budget are clear", seconds=840,
        )  # fmt: skip
        for fact in ("need_confirmed", "budget_confirmed"):
            story.add(self.ago(minutes + 5), "attest", "receiver", fact=fact)
        story.add(self.ago(minutes), "offer", "receiver", kind="to_outside_sales")
        return story

    def _waits_for_material(self, name: str, minutes: float) -> Story:
        story = self._handed_on(name, minutes + 200)
        story.add(self.ago(minutes + 150), "accept", "receiver")
        story.add(
            self.ago(minutes + 60), "touch", "receiver", kind="meeting", direction="two_way",
            subject="Saw the line that stops", seconds=3_000,
        )  # fmt: skip
        story.add(
            self.ago(minutes), "ask", "receiver", kind="comparison",
            subject="Comparison with Vibrex",
        )  # fmt: skip
        return story
