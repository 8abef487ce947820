"""The company in which the authorization matrix is tried: who asks, and for what."""

import re
import tomllib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, cached_property
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver

from leads.actions import contributions
from leads.actions.handing import handoffs, returns
from leads.actions.journeys import attestations, meetings, merging, touches
from leads.actions.library import keeping
from leads.models import Alert, Handoff, RetentionRule, Seal
from leads.models.marks import WaiverRequest
from portal import ledger
from portal.accounts.actions import tokens
from portal.accounts.codes import onetime
from portal.accounts.models import Absence, GroupPlace, Role, Scope, SignedIn, User
from portal.cache.models import CacheRow
from portal.look.saved import actions as saved
from portal.notifications.models import Delivery, Endpoint
from sla.actions import comments, drafting, review
from sla.models import Agreement
from tests.authz_events import other_systems
from tests.authz_files import brought_files
from tests.factories import (
    MONDAY_NINE,
    PASSWORD,
    make_handoff,
    make_lead,
    make_operations,
    make_signatory,
    make_team,
    make_terms,
    make_user,
    make_version,
)

NOW = MONDAY_NINE + timedelta(minutes=20)
WEEK = timedelta(weeks=1)
JUST_NOW = NOW - timedelta(seconds=10)
PARTNERS = {"key": "partner", "field": "lead.segment", "op": "is", "value": "partner"}
ACTORS = (
    "anonymous", "deactivated", "marketer", "sdr", "ae", "marketing_manager",
    "sales_manager", "operations", "auditor", "admin", "superuser",
)  # fmt: skip
DECLARED = tomllib.loads(Path(__file__).with_name("authz.toml").read_text())


def addresses() -> dict[str, str]:
    """Every URL pattern of the portal as it is written, with the name that reverses it."""
    return dict(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, route: str, space: str) -> Iterator[tuple[str, str]]:
    for found in resolver.url_patterns:
        here = route + str(found.pattern)
        if isinstance(found, URLPattern):
            here = re.sub(r"\(\?P<app_label>[^)]*\)", "<app_label>", here)  # any order
            yield here, f"{space}{found.name}" if found.name else ""
        else:
            inner = f"{space}{found.namespace}:" if found.namespace else space
            yield from _walk(found, here, inner)


@cache
def classes() -> dict[str, list[str]]:
    """The classes that declare each address: exactly one, if the matrix is whole."""
    found: dict[str, list[str]] = {}
    for name, routes in DECLARED["urls"].items():
        for route in routes:
            found.setdefault(route, []).append(name)
    for model in admin.site._registry:
        label = f"{model._meta.app_label}.{model._meta.model_name}"
        for kind, models in DECLARED["models"].items():
            if label in models:
                for page, name in DECLARED["pages"][kind].items():
                    route = f"admin/{label.replace('.', '/')}/{page}"
                    found.setdefault(route, []).append(name)
    return found


def outcome(name: str, method: str, actor: str) -> Any:
    """What a class declares for one method and actor; the narrowest group wins."""
    row = DECLARED["class"][name][method]
    for group in (actor, *DECLARED["groups"][actor], "all"):
        if group in row:
            return row[group]
    raise LookupError(f"{name} says nothing of {method} by {actor}")


_QUERIES = {
    "returns/group/": "?department=marketing",
    "forecast/rows/": "?figure=today",
    "forecast/rows.csv": "?figure=today",
    "forecast/rows.xlsx": "?figure=today",
    "cohort/rows/": "?figure=after:sales",
    "cohort/rows.csv": "?figure=after:sales",
    "cohort/rows.xlsx": "?figure=after:sales",
    "scorecard/rows/": "?figure=clocks:sales:accept.all",
    "coverage/rows/": "?figure=seen",
    "coverage/rows.csv": "?figure=seen",
    "coverage/rows.xlsx": "?figure=seen",
    "integrity/rows/": "?check=bulk",
    "integrity/rows.csv": "?check=bulk",
    "integrity/rows.xlsx": "?check=bulk",
    "scorecard/rows.csv": "?figure=clocks:sales:accept.all",
    "scorecard/rows.xlsx": "?figure=clocks:sales:accept.all",
    "desk/several/": "?do=accept",
}


def _row(route: str) -> dict[str, Any]:
    """The id of the first row of the model that a page of the admin is about."""
    found = re.match(r"admin/(\w+)/(\w+)/", route)
    if found is None or "<path:object_id>" not in route:
        return {}
    model = apps.get_model(*found.groups())
    return {
        "<path:object_id>": model._default_manager.values_list("pk", flat=True).first() or 1
    }


@dataclass
class Company:
    """People who are signed in, and one object of each kind in the state its URL needs."""

    people: dict[str, User]
    objects: dict[str, dict[str, Any]]
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    handlers: dict[tuple[tuple[str, Any], ...], ClientHandler] = field(default_factory=dict)

    @cached_property
    def before(self) -> tuple[Any, ...]:
        """How the database stands before and after each question."""
        return state()

    def client(self, actor: str, **defaults: Any) -> Client:
        """A browser in which the actor is signed in; each its own, so none is signed out."""
        client = Client(raise_request_exception=False, **defaults)
        known = tuple(defaults.items())  # its middleware is loaded once
        client.handler = self.handlers.setdefault(known, client.handler)
        if actor in self.cookies:
            client.cookies = SimpleCookie(self.cookies[actor].output(header=""))
        return client

    def path(self, route: str) -> str:
        """The address with the ids of this company in it."""
        parts = self.objects["any"] | self.objects.get(route, {}) | _row(route)
        path = route
        for name, value in parts.items():
            path = path.replace(name, str(value))
        return f"/{path}{_QUERIES.get(route, '')}"


def tried(
    company: Company, route: str, method: str, actor: str, *, unless: str = "", **extra: Any
) -> tuple[HttpResponse, bool]:
    """Ask once and take it back: the response, and whether anything was written."""
    data = DECLARED["post"].get(route, {}) if method == "POST" else {}
    data = {name: company.objects["post"].get(value, value) for name, value in data.items()}
    point, wrote = transaction.savepoint(), watched(company)
    try:
        client = company.client(actor)
        response = client.generic(
            method, unless or company.path(route), urlencode(data),
            content_type="application/x-www-form-urlencoded", headers=extra or None,
        )  # fmt: skip
        return response, wrote()
    finally:
        transaction.savepoint_rollback(point)


def watched(company: Company) -> Callable[[], bool]:
    """What tells later whether anything was written since now, when nothing was yet."""
    before, changes = company.before, _changes()

    def wrote() -> bool:
        unwritten = changes is not None and _changes() == changes
        return not unwritten and state() != before

    return wrote


def _changes() -> int | None:
    """How many rows were ever written by this connection; where it does not say so, None."""
    return getattr(connection.connection, "total_changes", None)


# What a visit leaves behind by itself: who is signed in, how often somebody tried.
PASSING = {one._meta.db_table for one in (Session, SignedIn, CacheRow)}


def state() -> tuple[Any, ...]:
    """The tip of the ledger and the number of rows of every table but the passing ones."""
    with connection.cursor() as cursor:
        sqlite = connection.vendor == "sqlite"
        cursor.execute(_counting() if sqlite else _planned(cursor.connection))
        return *ledger.tip(), *cursor.fetchone()


@cache
def _counting() -> str:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    quoted = [connection.ops.quote_name(t) for t in sorted(tables - PASSING)]
    return "SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in quoted)


@cache
def _planned(line: Any) -> str:
    """The same for a connection to PostgreSQL, which takes longer to plan it than to count."""
    line.execute(f"PREPARE counting AS {_counting()}")
    return "EXECUTE counting"


def make_company() -> Company:
    """Build everything, and sign everybody in."""
    people = _people()
    version = make_version()
    company = Company(people, {})
    company.objects = _objects(people, version.agreement)
    for actor, person in people.items():
        person.set_password(PASSWORD)
        person.save()
        client = Client()
        client.force_login(person)
        company.cookies[actor] = client.cookies
    onetime.activate(people["deactivated"], "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    SocialAccount.objects.create(user=people["deactivated"], provider="company", uid="left")
    GroupPlace.objects.create(group="auditors", role="auditor")
    Absence.objects.create(user=people["ae"], starts_at=NOW + WEEK, ends_at=NOW + 2 * WEEK)
    people["deactivated"].is_active = False
    people["deactivated"].save()
    return company


def _people() -> dict[str, User]:
    heads = {side: make_signatory(side) for side in ("marketing", "sales")}
    make_team("demand-generation", manager=heads["marketing"])
    make_team("inside-sales", manager=heads["sales"])
    return {
        "deactivated": make_user("Left Long Ago"),
        "marketer": make_user("Mara Keter", team="demand-generation"),
        "sdr": make_user("Sid Rowe", team="inside-sales"),
        "ae": make_user("Ada Eck", team="outside-sales"),
        "marketing_manager": heads["marketing"],
        "sales_manager": heads["sales"],
        "operations": make_operations("Olga Perez"),
        "auditor": make_user("Aud Itor", team=None, role=Role.AUDITOR),
        "admin": make_user("Ad Min", team=None, role=Role.ADMIN, is_staff=True),
        "superuser": make_user(
            "Su Per", team=None, role=Role.ADMIN, is_staff=True, is_superuser=True
        ),
    }


def _objects(people: dict[str, User], agreement: Any) -> dict[str, dict[str, Any]]:
    sdr, marketer = people["sdr"], people["marketer"]
    offered = _handoff(people)
    returned, disputed = _returned(people), _returned(people)
    returns.answer_dispute(handoff_id=disputed.pk, by=marketer, at=JUST_NOW)
    accepted = _handoff(people)
    handoffs.accept(handoff_id=accepted.pk, by=sdr, at=JUST_NOW)
    clock = offered.clocks.get(kind="accept")
    alert = Alert.objects.create(
        clock=clock, step="before", level="warn", due_at=JUST_NOW, raised_at=JUST_NOW
    )
    asked, delivered = _material(people, accepted), _material(people, accepted)
    contributions.deliver(contribution_id=delivered.pk, by=marketer, at=JUST_NOW)
    pausable = accepted.clocks.get(kind="disposition")
    by = people["marketing_manager"]
    draft, proposed = (
        drafting.draft(
            agreement_id=agreement.pk, terms=make_terms(title=title), by=by, at=JUST_NOW
        )
        for title in ("A draft", "A proposal")
    )
    review.propose(version_id=proposed.pk, by=by, at=JUST_NOW)
    comment = comments.write(
        version_id=proposed.pk, path="title", text="Is that its name?", by=by, at=JUST_NOW
    )
    partners = [
        Agreement.objects.create(key=key, name=key, position=place, scope=PARTNERS)
        for place, key in enumerate(("resellers", "partners"))
    ][-1]
    nurture = make_lead(marketer=marketer, seller=sdr, at=MONDAY_NINE)
    double, gone, vouched, noted = (
        make_lead(marketer=marketer, seller=sdr, at=MONDAY_NINE, stage="noticed")
        for _ in "1234"
    )
    merging.merge(lead_id=gone.pk, into_id=double.pk, by=marketer, at=JUST_NOW)
    attestations.attest(lead_id=vouched.pk, fact="need_confirmed", by=marketer, at=JUST_NOW)
    any_of_them: dict[str, Any] = {
        "<slug:key>": agreement.key,
        "<int:number>": proposed.number,
        "<slug:part>": "words",
        "<int:comment_id>": comment.pk,
        "<int:lead_id>": nurture.pk,
        "<int:content_id>": _content(marketer),
        "<int:seal_id>": _seal(agreement, proposed),
        "<int:handoff_id>": offered.pk,
        "<int:clock_id>": clock.pk,
        "<int:alert_id>": alert.pk,
        "<int:contribution_id>": asked.pk,
        "<int:company_id>": nurture.company_id,
        "<int:meeting_id>": 1,
        "<int:passkey_id>": 1,
        "<int:group_id>": 1,
        "<int:signed_in_id>": 1,
        "<int:token_id>": _token(sdr),
        "<int:touch_id>": touches.log(lead_id=noted.pk, kind="note", by=sdr, at=JUST_NOW).pk,
        "<int:view_id>": saved.keep(
            page="desk", name="Hot", query="kind=accept", by=sdr, at=JUST_NOW
        ).pk,
        "<int:delivery_id>": _given_up(marketer),
        "<int:seq>": 1,
        "<path:content_type_id>": 1,
        "<path:object_id>": 1,
        "<anything:rest>": "nothing/here",
        "^accounts/confirm-email/": "accounts/confirm-email/",
        "^accounts/password/reset/key/[0-9A-Za-z]+-(?!set-password/$).+/$": (
            "accounts/password/reset/key/1-a/"
        ),
        "<id>": sdr.pk,
        "^confirm-email/(?P<key>[-:\\w]+)/$": "confirm-email/abc/",
        "^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (
            "password/reset/key/1-set-password/"
        ),
        "^<app_label>/$": "leads/",
        "(?P<url>.*)$": "nowhere/",
    }
    specific = {
        **_arranged(people),
        "help/<slug:key>/": {"<slug:key>": "desk"},
        "proof/<slug:name>.py": {"<slug:name>": "verify_figures"},
        "handoffs/<int:handoff_id>/answer/": {"<int:handoff_id>": returned.pk},
        "handoffs/<int:handoff_id>/package/": {
            "<int:handoff_id>": _handoff(people, source="").pk
        },
        "handoffs/<int:handoff_id>/decide/": {"<int:handoff_id>": disputed.pk},
        "handoffs/<int:handoff_id>/outcome/": {"<int:handoff_id>": accepted.pk},
        "handoffs/<int:handoff_id>/undo/": {"<int:handoff_id>": accepted.pk},
        "desk/undo/<int:handoff_id>/": {"<int:handoff_id>": accepted.pk},
        "desk/used/<int:contribution_id>/": {"<int:contribution_id>": delivered.pk},
        "clocks/<int:clock_id>/pause/": {"<int:clock_id>": pausable.pk},
        "contributions/<int:contribution_id>/used/": {"<int:contribution_id>": delivered.pk},
    }
    specific |= _waivers(people, nurture)
    specific |= _kept(people)
    about = {"unmerge": gone, "merge": vouched, "withdraw": vouched}
    for verb, lead in about.items():
        specific[f"leads/<int:lead_id>/{verb}/"] = {"<int:lead_id>": lead.pk}
    for page in ("order", "scope"):
        specific[f"agreements/all/{page}/<slug:key>/"] = {"<slug:key>": partners.key}
    for name in ("agreement.pdf", "evidence.zip"):
        specific[f"agreements/<slug:key>/versions/<int:number>/{name}"] = {"<int:number>": 1}
    for verb in ("edit", "edit/<slug:part>", "import", "propose"):
        route = f"agreements/<slug:key>/versions/<int:number>/{verb}/"
        specific[route] = {"<int:number>": draft.number}
    for made in (brought_files, other_systems):
        any_more, specific_more = made(people["operations"], at=JUST_NOW)
        any_of_them |= any_more
        specific |= specific_more
    post = {
        "{colleague}": make_user(team="inside-sales").pk, "{digest}": proposed.digest,
        "{clock}": clock.pk,
    }  # fmt: skip
    post["{seller_lead}"] = nurture.pk
    post |= {"{other_lead}": double.pk, "{marketer}": marketer.pk, "{returned}": returned.pk}
    return {"any": any_of_them, "post": post, **specific}


def _waivers(people: dict[str, User], lead: Any) -> dict[str, dict[str, Any]]:
    """A lead that lacks a criterion for outside sales, and a waiver that waits for Sales."""
    sdr = people["sdr"]
    lacking = _handoff(people, phone="+49 30 123", job_title="Head of IT")
    handoffs.accept(handoff_id=lacking.pk, by=sdr, at=JUST_NOW)
    waits = WaiverRequest.objects.create(
        lead=lead, handoff_kind="to_inside_sales", team=make_team("inside-sales"), why="Soon",
        asked_by=people["marketer"], asked_at=JUST_NOW,
    )  # fmt: skip
    return {
        "leads/<int:lead_id>/waivers/ask/": {"<int:lead_id>": lacking.lead_id},
        "waivers/<int:request_id>/refuse/": {"<int:request_id>": waits.pk},
        "api/v1/waivers/<int:request_id>/refuse": {"<int:request_id>": waits.pk},
    }


def _kept(people: dict[str, User]) -> dict[str, dict[str, Any]]:
    """A lead that was kept long enough, and the rule that says so."""
    long_ago = MONDAY_NINE - timedelta(days=1_000)
    old = make_lead("Olaf Old", at=long_ago, closed_at=long_ago, closed_as="lost")
    rule = RetentionRule.objects.create(
        kind="closed", months=12, changed_at=JUST_NOW, changed_by=people["operations"]
    )
    verbs = ("privacy/export", "privacy/erase", "privacy/asked", "privacy", "consent")
    return {
        **{f"leads/<int:lead_id>/{verb}/": {"<int:lead_id>": old.pk} for verb in verbs},
        "privacy/rules/<int:rule_id>/": {"<int:rule_id>": rule.pk},
    }


def _arranged(people: dict[str, User]) -> dict[str, dict[str, Any]]:
    """A meeting that nobody came to, a team of Sales, and a colleague of it."""
    sdr, starts_at = people["sdr"], MONDAY_NINE + timedelta(minutes=5)
    lead = make_lead(marketer=people["marketer"], seller=sdr, at=MONDAY_NINE)
    meeting = meetings.book(lead_id=lead.pk, host=sdr, starts_at=starts_at, at=MONDAY_NINE)
    colleague = {"<int:user_id>": make_user(team="inside-sales").pk}
    to_offer = make_lead(marketer=people["marketer"], seller=sdr, at=MONDAY_NINE)
    return {
        "leads/<int:lead_id>/offer/": {"<int:lead_id>": to_offer.pk},
        "meetings/<int:meeting_id>/missed/": {"<int:meeting_id>": meeting.pk},
        "teams/<slug:key>/rules/": {"<slug:key>": "inside-sales"},
        "setup/teams/<slug:key>/": {"<slug:key>": "inside-sales"},
        "leads/<int:lead_id>/would-get/<slug:key>/": {"<slug:key>": "inside-sales"},
        "scim/v2/Users/<int:user_id>": colleague,
        "people/<int:user_id>/leaving/": colleague,
        "people/<int:user_id>/team/": colleague,
        "people/<int:user_id>/hours/": colleague,
    }


def _given_up(recipient: User) -> int:
    """A message that died; and an endpoint whose address the guard refuses."""
    endpoint = Endpoint(kind="teams", name="Sales floor")
    endpoint.keep(address="https://192.0.2.1/")
    endpoint.save()
    row = Delivery.objects.create(
        about="outage:1", recipient=recipient, channel="mail", title="Late", level="late",
        state="dead", created_at=JUST_NOW, died_at=JUST_NOW, attempts=10,
    )  # fmt: skip
    return row.pk


def _content(owner: User) -> int:
    """A piece of material in the library."""
    said = keeping.Described(
        title="A firm like theirs",
        kind="case_study",
        owner=owner,
        link="https://example.test/a",
    )
    return keeping.add(described=said, by=owner, at=JUST_NOW).pk


def _seal(agreement: Any, version: Any) -> int:
    """A period that was sealed, without a figure."""
    return Seal.objects.create(
        agreement=agreement, version=version, length="month", first=MONDAY_NINE.date(),
        ends_at=JUST_NOW, sealed_at=JUST_NOW, head_seq=1, head_hash="0" * 64,
        document='{"figures":[]}', digest="0" * 64, evidence=zlib.compress(b'{"figures":{}}'),
    ).pk  # fmt: skip


def _token(owner: User) -> int:
    token, _ = tokens.make(
        by=owner, name="A script", scopes=[Scope.READ], expires_at=NOW + WEEK, at=JUST_NOW
    )
    return token.pk


def _handoff(people: dict[str, User], **fields: Any) -> Handoff:
    lead = make_lead(marketer=people["marketer"], at=MONDAY_NINE, **fields)
    return make_handoff(lead=lead, receiver=people["sdr"], at=MONDAY_NINE)


def _returned(people: dict[str, User]) -> Handoff:
    handoff = _handoff(people)
    returns.give_back(
        handoff_id=handoff.pk, by=people["sdr"], at=JUST_NOW, reason="no_need", note="later"
    )
    handoff.refresh_from_db()
    return handoff


def _material(people: dict[str, User], handoff: Handoff) -> Any:
    return contributions.ask(
        lead_id=handoff.lead_id, kind="case_study", subject="A firm like theirs",
        by=people["sdr"], at=JUST_NOW,
    )  # fmt: skip
