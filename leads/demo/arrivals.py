"""Who arrives, when, from where: counts, hours and origins as real companies have them."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from leads.actions.intake import Arrival
from leads.demo import names
from leads.demo.people import KNOWN
from leads.demo.scenes import CAST

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
EVENNESS = 18  # k of the negative binomial: days differ more than Poisson has it
WEEKEND = 0.40
# Share of arrivals by hour of the day; one in six comes while nobody is there.
HOURS = (
    1.0, 0.9, 0.6, 0.5, 0.5, 0.5, 1.2, 2.4, 10.0, 12.3, 11.7, 10.0, 5.3, 6.6, 9.1, 8.8, 7.6,
    4.3, 1.9, 1.0, 0.8, 1.5, 0.9, 0.6,
)  # fmt: skip
SEASON = (0.95, 1.0, 1.1, 1.1, 1.0, 0.95, 0.8, 0.75, 1.1, 1.15, 1.15, 0.75)
SEGMENTS = {
    "content": 34, "": 22, "event": 15, "demo_request": 15, "trial": 10, "partner": 4,
}  # fmt: skip
# How a person of each kind comes, and how many of them fit and compare one day.
TOUCH = {"demo_request": "demo_request", "trial": "trial", "event": "webinar",
         "content": "content", "partner": "form", "": "page"}  # fmt: skip
FITS = {"demo_request": 0.82, "trial": 0.78, "event": 0.58, "content": 0.26, "partner": 0.45,
        "": 0.2}  # fmt: skip


def instants(chance: Random, begin: datetime, now: datetime, count: int) -> list[datetime]:
    """When `count` leads arrive between `begin` and `now`, in order."""
    days = [begin.astimezone(BERLIN).date() + n * DAY for n in range((now - begin).days + 1)]
    shares = [_busy(chance, day, n / len(days)) for n, day in enumerate(days)]
    picked = chance.choices(days, shares, k=count * 2)
    drawn = (_moment(chance, day) for day in picked)
    inside = [at for at in drawn if begin + DAY / 4 < at < now - timedelta(minutes=9)]
    return sorted(inside[:count])


def _busy(chance: Random, day: date, grown: float) -> float:
    """How busy a day is beside others: a growing firm, its seasons, and chance."""
    weekend = WEEKEND if day.weekday() > 4 else 1.0
    level = (0.7 + 0.6 * grown) * SEASON[day.month - 1] * weekend
    return chance.gammavariate(EVENNESS, level / EVENNESS)


def _moment(chance: Random, day: date) -> datetime:
    hour = chance.choices(range(24), HOURS)[0]
    clock = time(hour, chance.randrange(60), chance.randrange(60))
    return datetime.combine(day, clock, BERLIN).astimezone(ZoneInfo("UTC"))


class People:
    """Makes persons who work at made-up companies; the same company comes several times."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.firms: list[tuple[str, str, str, int, str]] = []
        self.taken: set[str] = {domain for _name, domain, _status, _owner in KNOWN}
        self.taken |= {domain for _job, _firm, domain, *_ in CAST.values()}

    def arrival(self, *, segment: str | None = None, fits: bool | None = None) -> Arrival:
        """Somebody; `fits` says whether they and their company meet what the journey asks."""
        chance = self.chance
        kinds = list(SEGMENTS)
        if segment is None:
            segment = chance.choices(kinds, list(SEGMENTS.values()))[0]
        if fits is None:
            fits = chance.random() < FITS[segment]
        firm, domain, country, size, trade = self._firm(fits)
        name = self._name(country)
        origins, shares = zip(*names.ORIGINS, strict=True)
        return Arrival(
            name=name,
            email=self._mail(name, domain),
            phone=self._phone(country),
            job_title="" if chance.random() < 0.06 else chance.choice(names.JOBS),
            country=country,
            company_name=firm,
            company_domain=domain,
            company_country=country,
            company_employees=size,
            company_industry=trade,
            source=chance.choices(origins, shares)[0],
            campaign=chance.choice(names.CAMPAIGNS[segment]),
            segment=segment,
            consent=chance.random() < 0.8,
            score=chance.randrange(10, 45),
            touch=TOUCH[segment],
            set_by="form",
        )

    def _firm(self, fits: bool) -> tuple[str, str, str, int, str]:
        suited = [f for f in self.firms[-60:] if (f[2] != "IN" and f[3] >= 20) == fits]
        if suited and self.chance.random() < 0.3:
            return self.chance.choice(suited)
        country = self.chance.choices(list(names.COUNTRIES), list(names.COUNTRIES.values()))[0]
        if fits and country == "IN":
            country = "DE"
        size = round(self.chance.lognormvariate(4.9, 1.1)) + 20
        if not fits and country != "IN":
            size = self.chance.randrange(1, 20)
        place = self.chance.choice(names.PLACES[country])
        trade = self.chance.choice(names.TRADES)
        firm = f"{place} {trade}", self._domain(place, trade), country, size, \
            names.INDUSTRIES.get(trade, "manufacturing")  # fmt: skip
        self.firms.append(firm)
        return firm

    def _domain(self, place: str, trade: str) -> str:
        stem = f"{plain(place)}-{plain(trade)}"
        host, number = f"{stem}.example", 1
        while host in self.taken:
            number += 1
            host = f"{stem}{number}.example"
        self.taken.add(host)
        return host

    def _name(self, country: str) -> str:
        given, family = names.PEOPLE[country]
        return f"{self.chance.choice(given)} {self.chance.choice(family)}"

    def _mail(self, name: str, domain: str) -> str:
        stem = plain(name).replace("-", ".")
        address, number = f"{stem}@{domain}", 1
        while address in self.taken:
            number += 1
            address = f"{stem}{number}@{domain}"
        self.taken.add(address)
        return address

    def _phone(self, country: str) -> str:
        if self.chance.random() < 0.05:
            return ""
        code = {"DE": 49, "FR": 33, "SE": 46, "GB": 44, "US": 1, "BR": 55, "NL": 31, "PL": 48,
                "FI": 358, "IN": 91}[country]  # fmt: skip
        return f"+{code} {self.chance.randrange(200, 990)} {self.chance.randrange(10**6):06}"


_LETTERS = str.maketrans("äöüåøéèêôóíáãçłęąśźżńćñßâàœ", "aouaoeeeooiaacleaszzncnsaao")


def plain(words: str) -> str:
    """`words` in the letters that an address may have.

    >>> plain("Norrköping Paper")
    'norrkoping-paper'
    """
    lowered = words.lower().translate(_LETTERS)
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in lowered).strip("-")


def known_people(chance: Random, people: People) -> Iterator[Arrival]:
    """Endless arrivals whom nobody hands over: of customers, a competitor, students."""
    hosts = [(name, domain) for name, domain, standing, _ in KNOWN if standing != "own"]
    while True:
        firm, domain = chance.choice(hosts)
        name = people._name("DE")
        student = chance.random() < 0.3
        yield Arrival(
            name=name,
            email=people._mail(name, "uni-jena.example" if student else domain),
            company_name="" if student else firm,
            company_domain="uni-jena.example" if student else domain,
            job_title="Student" if student else "Plant manager",
            source="organic_search",
            segment="content",
            touch="content",
            set_by="form",
        )
