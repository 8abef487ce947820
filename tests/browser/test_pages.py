"""Every page of the portal, in light and dark, on a desk and a phone: open to everybody,
quiet under the strict CSP, and never wider than its window."""

import gzip

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.usefixtures("db")
MOST_BYTES = 150 * 1024
PACKED: dict[str, int] = {}
"""What each address weighs; a file of the look is packed once."""
NO_SHIFT = 0.001
SHIFT = """() => new Promise(done => {
  let moved = 0, what = [];
  const named = node => (node && (node.outerHTML || node.textContent) || "?").slice(0, 80);
  const add = list => list.getEntries().filter(one => !one.hadRecentInput).forEach(one => {
    moved += one.value;
    what.push(...one.sources.map(source => named(source.node)));
  });
  new PerformanceObserver(add).observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => done([moved, what])));
})"""

PAGES = {
    "desk": ("Anna", "/desk/"),
    "desk of a manager": ("Marta", "/desk/"),
    "desk of a marketer": ("Lena", "/desk/"),
    "desk with nothing": ("Olga", "/desk/"),
    "leads": ("Anna", "/leads/"),
    "leads, nobody found": ("Anna", "/leads/?q=zzzz"),
    "new lead": ("Anna", "/leads/new/"),
    "lead": ("Anna", "lead"),
    "lead returned": ("Lena", "lead returned"),
    "lead closed": ("Andrew", "lead closed"),
    "company of a lead": ("Anna", "lead company"),
    "changes of a lead": ("Olga", "lead changes"),
    "duplicates": ("Olga", "duplicates"),
    "move on the journey": ("Marta", "move"),
    "ask for material": ("Greta", "ask"),
    "library": ("Lena", "/library/"),
    "material": ("Lena", "material"),
    "new material": ("Lena", "/library/new/"),
    "content plan": ("Lena", "/library/plan/"),
    "requests": ("Lena", "/library/requests/"),
    "old words": ("Olga", "/words/"),
    "help": ("Anna", "/help/?screen=leads:desk"),
    "page of the help": ("Anna", "/help/handoff/#clocks"),
    "return": ("Anna", "return"),
    "handoff returned": ("Lena", "handoff returned"),
    "offer by hand": ("Lena", "offer"),
    "what came back": ("Lena", "/returns/"),
    "a group of returns": ("Lena", "/returns/group/"),
    "in nurture": ("Lena", "/nurture/?whose=all"),
    "seats": ("Marta", "seats"),
    "meetings": ("Anna", "meetings"),
    "teams": ("Marta", "/teams/"),
    "rules of a team": ("Marta", "/teams/inside-sales/rules/"),
    "leaving": ("Marta", "leaving"),
    "changes teams": ("Olga", "changes teams"),
    "a team joins or goes over": ("Tove", "/setup/teams/inside-sales/"),
    "split an agreement": ("Olga", "/agreements/all/split/inbound/"),
    "observation": ("Marta", "observation"),
    "hours": ("Anna", "/me/hours/"),
    "what is kept of me": ("Anna", "/me/records/"),
    "privacy": ("Olga", "/privacy/"),
    "privacy of a lead": ("Olga", "lead privacy"),
    "rules of retention": ("Olga", "/privacy/rules/"),
    "reassign": ("Marta", "reassign"),
    "outcome": ("Anna", "outcome"),
    "answer": ("Lena", "answer"),
    "decide": ("Marta", "decide"),
    "package": ("Lena", "package"),
    "deliver": ("Lena", "deliver"),
    "alerts": ("Anna", "/alerts/"),
    "clock late": ("Anna", "clock late"),
    "clock paused": ("Anna", "clock paused"),
    "scorecard": ("Andrew", "/scorecard/"),
    "review": ("Marta", "/review/"),
    "integrity": ("Andrew", "/integrity/"),
    "rows of a question": ("Andrew", "/integrity/rows/?check=accepted_and_left"),
    "rows of a figure": ("Andrew", "/scorecard/rows/?figure=clocks:sales:accept.due"),
    "forecast": ("Marta", "/forecast/"),
    "own forecast": ("Anna", "/forecast/"),
    "breaches": ("Marta", "/breaches/"),
    "cohort": ("Andrew", "/cohort/"),
    "coverage": ("Olga", "/coverage/"),
    "next year": ("Marta", "next year"),
    "seals": ("Andrew", "/seals/"),
    "proof": ("Andrew", "/proof/"),
    "agreement": ("Anna", "agreement"),
    "version": ("Marta", "version"),
    "changes": ("Marta", "diff"),
    "edit": ("Lena", "edit"),
    "propose": ("Lena", "propose"),
    "sign": ("Marta", "sign"),
    "decline": ("Marta", "decline"),
    "withdraw": ("Lena", "withdraw"),
    "second step": ("Priya", "/accounts/2fa/"),
    "say the password again": ("Priya", "/accounts/2fa/recovery-codes/generate/"),
    "password": ("Anna", "/accounts/password/change/"),
    "sign in": (None, "/accounts/login/"),
    "forgotten password": (None, "/accounts/password/reset/"),
    "one-time link": (None, "/welcome/"),
    "signed out": ("Anna", "/accounts/logout/"),
}


@pytest.fixture
def db() -> None:
    """The company lives for the whole module: nothing is rolled back after a test."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_open_to_everybody_in_every_size_and_colour(company, visit, violations, name):
    who, path = PAGES[name]
    page = visit(company.paths.get(path, path), user=company.people.get(who))

    found = {"weight": heavier(page), "shift": shifted(page)}
    found |= {"1440 light": violations(page), "1440 wide": wider(page)}
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    found |= {"390 dark": violations(page), "390 wide": wider(page)}

    assert {place: faults for place, faults in found.items() if faults} == {}
    assert page.complaints == []


GERMAN = [
    "desk", "lead", "offer by hand", "return", "scorecard", "review", "forecast", "breaches",
    "cohort", "proof", "version", "sign", "teams", "alerts", "clock late", "privacy",
]  # fmt: skip


@pytest.mark.parametrize("name", GERMAN)
def test_longer_words_find_room_on_a_phone(company, visit, name):
    who, path = PAGES[name]

    page = visit(
        company.paths.get(path, path), user=company.people[who], width=390, locale="de-DE"
    )

    assert page.locator("html").get_attribute("lang") == "de"
    assert wider(page) == ""
    assert page.complaints == []


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/", "admin user"])
def test_a_page_of_the_admin_is_quiet_under_the_strict_policy(company, visit, path):
    person = company.people["Lena"]
    path = f"/admin/accounts/user/{person.pk}/change/" if path == "admin user" else path

    page = visit(path, user=company.people["Tove"])

    assert page.locator("#site-name").inner_text() == "Concord administration"
    assert page.complaints == []


@pytest.mark.parametrize(
    ("who", "path", "status", "title"),
    [
        ("Anna", "/leads/99999999/", 404, "Nothing here"),
        (None, "/nowhere/", 404, "Nothing here"),
        ("Andrew", "/leads/new/", 403, "This is not yours to do"),
    ],
)
def test_a_page_that_refuses_says_so_in_the_same_look(
    company, visit, violations, who, path, status, title
):
    page = visit("/healthz/live", user=company.people.get(who))
    page.complaints.clear()

    answer = page.goto(visit.url + path)

    assert answer.status == status
    assert page.locator("h1").inner_text() == title
    assert violations(page) == []
    assert wider(page) == ""
    assert [c for c in page.complaints if f"status of {status}" not in c] == []


def test_what_the_agreement_refuses_is_said_on_the_dialog(company, visit, violations):
    page = visit(company.paths["return"], user=company.people["Andrew"])

    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.get_by_role("button", name="Country we do not serve").click()

    assert answer.value.status == 409
    assert page.get_by_role("alert").filter(has_text="Only").is_visible()
    assert violations(page) == []


def heavier(page: Page) -> str:
    """By how much the first load of a page weighs more than it may, as it is sent: text
    packed, fonts and pictures as they are. Empty where it does not."""
    loaded = [response for response in page.loaded if response.status < 300]
    for response in loaded:
        static = "/static/" in response.url
        if not static or response.url not in PACKED:
            body = response.body()
            packed = body if response.url.endswith(".woff2") else gzip.compress(body)
            PACKED[response.url] = len(packed)
    weight = sum(PACKED[url] for url in {response.url for response in loaded})
    return f"{weight:,} bytes" if weight > MOST_BYTES else ""


def shifted(page: Page) -> str:
    """How far what was drawn first moved while the page loaded; empty where nothing did."""
    moved, what = page.evaluate(SHIFT)
    return f"{moved:.4f}: {what}" if moved > NO_SHIFT else ""


def wider(page: Page) -> str:
    """By how much a page is wider than its window; empty where it is not."""
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return f"{width} px" if width > 0 else ""
