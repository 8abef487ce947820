"""The forms of the pages as a browser finds them: none is listed here, so a new one counts."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse
from django.urls import Resolver404, resolve
from lxml import html

from tests.authz_actors import DECLARED, Company, classes, outcome
from tests.security.xss.doors import Door, Wrap

WRITTEN = {"text", "search", "email", "url", "tel", None}
PEOPLE = ("superuser", "operations", "sales_manager", "marketer", "sdr")
ROOM = {"input": 200, "textarea": 1_000}


@dataclass(frozen=True)
class Form:
    """One form as one person sees it: where it goes, what it would send, its texts."""

    who: str
    method: str
    action: str
    route: str
    sends: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, int], ...]


def pages() -> dict[str, list[str]]:
    """Every address that shows something, and who of `PEOPLE` gets it."""
    found = {}
    for route, (name, *_) in sorted(classes().items()):
        if route.startswith(("api/", "scim/", "in/", "healthz", "metrics")):
            continue
        people = ("superuser",) if route.startswith("admin/") else PEOPLE
        who = [one for one in people if outcome(name, "GET", one) == 200]
        if who:
            found[route] = who
    return found


def discovered(company: Company) -> list[Form]:
    """Every form of every page, each once, as the first one who sees it."""
    found: dict[tuple[Any, ...], Form] = {}
    for route, people in pages().items():
        for who in people:
            path = company.path(route)
            answer = company.client(who).get(path)
            if answer.status_code != 200 or "text/html" not in answer.headers["Content-Type"]:
                continue
            for form in _forms(company, who, path, answer):
                names = tuple(name for name, _ in form.texts)
                pressed = dict(form.sends).get("do", "")
                found.setdefault((form.method, form.route, names, pressed), form)
    return list(found.values())


def _forms(company: Company, who: str, path: str, answer: HttpResponse) -> list[Form]:
    said = answer.content.decode()
    if "<form" not in said:
        return []
    page = html.fromstring(said)
    found = []
    for one in page.iter("form"):
        action = one.get("action") or path
        method = (one.get("method") or "get").upper()
        texts = tuple(_texts(one))
        try:
            route = resolve(urlsplit(action).path).route
        except Resolver404:
            continue
        if texts:
            found += [
                Form(who, method, action, route, _sends(company, one, route, press), texts)
                for press in _presses(one)
            ]
    return found


def _texts(form: Any) -> list[tuple[str, int]]:
    found = []
    for one in [*form.iter("input"), *form.iter("textarea")]:
        written = one.tag == "textarea" or one.get("type") in WRITTEN
        if written and one.get("name") and not {"readonly", "disabled"} & set(one.attrib):
            found.append((one.get("name"), int(one.get("maxlength") or ROOM[one.tag])))
    return found


def _presses(form: Any) -> list[Any]:
    """The button that Enter presses, and where that one says nothing the first that does."""
    buttons = [one for one in form.iter("button") if one.get("type", "submit") == "submit"]
    named = [one for one in buttons if one.get("name")]
    return buttons[:1] + [one for one in named[:1] if one is not buttons[0]] or [None]


def _sends(company: Company, form: Any, route: str, press: Any) -> tuple[tuple[str, str], ...]:
    """What a browser would send as it stands, and what the matrix knows to be wanted."""
    sent = {name: str(value) for name, value in form.form_values() if name}
    if press is not None and press.get("name"):
        sent.setdefault(press.get("name"), press.get("value") or "")
    for one in form.iter("select"):
        choices = [option.get("value") for option in one.iter("option")]
        if one.get("name") and not sent.get(one.get("name")):
            sent[one.get("name")] = next((choice for choice in choices if choice), "")
    given = company.objects["post"]
    for name, value in DECLARED["post"].get(route, {}).items():
        sent[name] = str(given.get(value, value))
    return tuple(sent.items())


def doors(company: Company, forms: list[Form]) -> list[Door]:
    """A door for each text of each form that writes."""
    return [
        Door(f"{form.route} {name}", room, _sender(company, form, name), dict(form.sends))
        for form in forms
        if form.method == "POST"
        for name, room in form.texts
    ]


def _sender(company: Company, form: Form, name: str) -> Any:
    def send(text: str, wrap: Wrap) -> HttpResponse:
        body = dict(form.sends)
        body[name] = wrap(text, body.get(name, ""))
        return company.client(form.who).post(
            form.action, urlencode(body), content_type="application/x-www-form-urlencoded"
        )

    return send
