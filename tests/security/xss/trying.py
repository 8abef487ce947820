"""The whole trial: every door is found, every text is offered, every page is looked at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from leads.actions.sweeping import sweep
from portal import wallclock
from portal.accounts.actions import tokens
from tests.authz_actors import NOW, Company, make_company
from tests.kept import kept
from tests.security.xss import calls, corpus, forms, places
from tests.security.xss.doors import Door
from tests.security.xss.places import Place

Page = tuple[str, str]  # (who, address)


class Eye(Protocol):
    """What looks at a page: a Chromium, or a reader of its HTML. `faults` grows."""

    faults: list[str]

    def visit(self, path: str, client: Client, texts: list[str]) -> tuple[int, set[str]]: ...

    def show(self, answer: HttpResponse, client: Client, texts: list[str]) -> set[str]: ...


@dataclass
class Trial:
    """What was found of doors and places, and what was seen on which page."""

    company: Company
    texts: list[str] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    asking: list[forms.Form] = field(default_factory=list)
    kept: dict[Place, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    answers: dict[str, tuple[str, HttpResponse]] = field(default_factory=dict)
    seen: dict[Page, set[str]] = field(default_factory=lambda: defaultdict(set))

    def find(self) -> None:
        """Every door there is, and where what it takes is kept."""
        found = forms.discovered(self.company)
        self.asking = [form for form in found if form.method == "GET"]
        self.doors = forms.doors(self.company, found)
        self.doors += calls.doors(self.company) + calls.columns(self.company)
        for number, door in enumerate(self.doors):
            point = transaction.savepoint()
            door.find(f"zq{number}z")
            transaction.savepoint_rollback(point)

    def open_all(self) -> None:
        """Every place in which doors keep such texts is open, without asking any door."""
        found = forms.discovered(self.company)
        self.asking = [form for form in found if form.method == "GET"]
        for place in places.listed():
            self.kept[place] = dict.fromkeys(self.texts)

    def begin(self, texts: list[str]) -> None:
        """Nothing was offered or seen of these texts yet."""
        self.texts = texts
        self.kept.clear()
        self.answers.clear()
        self.seen.clear()

    def offer(self, door: Door, number: int, *, whole: bool = False) -> int:
        """One bunch to one door, or with `whole` every text; what it keeps of them is put
        where it lies again by `fill`. The number of texts offered."""
        some = corpus.bunches(self.texts, number * 7, door.room)
        return sum(self._send(door, text) for text in (some if whole else some[:1]))

    def _send(self, door: Door, text: str) -> int:
        point = transaction.savepoint()
        answer = door.offer(text)
        assert answer.status_code < 500, (door.name, text)
        if answer.status_code != 302:
            self.answers[door.name] = (text, answer)
        sent = corpus.within(text, self.texts)
        for place in door.reaches:
            for said in places.said(place):
                if corpus.within(said, sent):
                    self.kept[place][said] = None
        transaction.savepoint_rollback(point)
        return len(sent)

    def fill(self, turn: int, room: int = 60) -> int:
        """What doors kept, others in every row, in each place of theirs; and the texts in the
        places that no door of ours reaches. As many together as there is room for, at most
        `room` characters; how many rows took theirs."""
        took = 0
        past = {Place(*name.split(".")) for name in places.doorless("past_doors")}
        for number, place in enumerate(sorted(self.kept.keys() | past, key=repr)):
            texts = list(self.kept.get(place, ())) or self.texts
            long = places.room(place, room)
            for step, row in enumerate(places.rows(place)):
                start = number * 11 + step * 5 + turn
                one, more = (corpus.bunches(texts, start, n)[0] for n in (60, long))
                took += places.put(place, row, more) or places.put(place, row, one)
        return took

    def look(self, eye: Eye, turn: int) -> None:
        """Every page that has not yet shown every text."""
        for page in self.pages(turn):
            if self.seen[page] == set(self.texts):
                continue
            who, path = page
            word = self.texts[(len(path) + turn) % len(self.texts)]
            path = path.replace("{text}", quote(word, safe=""))
            status, seen = eye.visit(path, self.company.client(who), self.texts)
            if status >= 500:
                eye.faults.append(f"{path}: {status}")
            self.seen[page] |= seen

    def look_at_answers(self, eye: Eye) -> None:
        """What each form that was refused, and each call, answered to its texts."""
        for _, answer in self.answers.values():
            eye.show(answer, self.company.client("anonymous"), self.texts)

    def pages(self, turn: int) -> Iterable[Page]:
        """Each page by one of those who get it, another one each turn; and each page that
        one asks with a text, with the text in its address."""
        for route, people in forms.pages().items():
            if not route.endswith((".csv", ".xlsx", ".pdf", ".zip", ".py", ".json", ".js")):
                yield people[turn % len(people)], self.company.path(route)
        for form in self.asking:
            for name, _ in form.texts:
                path = form.action.partition("?")[0]
                yield form.who, f"{path}?{urlencode({name: ''})}{{text}}"
        yield "sdr", "/nowhere/{text}/"


@contextmanager
def opened(blocker: Any, *, doors: bool = True) -> Iterator[Trial]:
    """One for all tests of a file; what it writes is taken back at the end. Without `doors`
    none is looked for."""
    with kept(blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(wallclock, "now", lambda: NOW)
        patch.setattr(sweep, "if_overdue", lambda at: None)
        patch.setattr(tokens, "CALLS", 10**6)
        trial = Trial(make_company())
        if doors:
            trial.find()
        yield trial
