"""The stages of the journey and their entry criteria, with what each side does in them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.reader.language import say
from sla.core.criteria import sentence
from sla.core.criteria.nodes import read
from sla.core.diff import words
from sla.core.terms import TermsError, parse_criteria
from sla.forms.around import DEPARTMENTS, Around, Part
from sla.forms.criteria.acts import CRITERIA_ACTS
from sla.forms.criteria.tree import Criteria, name_conditions
from sla.forms.parts.words import KEY
from sla.forms.tree import Choice, Group, Prose, Rows, Several, Text
from sla.forms.tree.branches import Errors
from sla.forms.tree.choices import Option
from sla.forms.tree.posted import Posted

if TYPE_CHECKING:
    from sla.forms.editor import PartForm


@dataclass(frozen=True, kw_only=True)
class Stages(Rows):
    """The stages. A stage in force that is renamed here is replaced by its new name."""

    in_force: frozenset[str] = frozenset()

    def shown(self, value: Any) -> list[dict[str, Any]]:
        return _beside_each_other(super().shown(value))

    def posted(self, sent: Posted, path: str) -> list[dict[str, Any]]:
        return _beside_each_other(super().posted(sent, path))

    def read(self, said: list[dict[str, Any]], path: str, errors: Errors) -> Any:
        name_conditions([one["criteria"] for one in said])
        stages = super().read(said, path, errors)
        for one, stage in zip(said, stages, strict=True):
            was, now = one["was_"], stage.get("key")
            others = {other.get("key") for other in stages}
            if was in self.in_force and now and was != now and was not in others:
                stage["replaces"] = list(dict.fromkeys([*stage.get("replaces", ()), was]))
        return stages


class Replaces(Several):
    """Of the stages in force, those that are here no more."""

    def offered(self, said: dict[str, Any]) -> list[Option]:
        here = set(said.get("here", ())) - set(said["said"])
        return [one for one in super().offered(said) if one[0] not in here]


def _beside_each_other(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each stage knows which ones are here, under their name now or before."""
    here = [one[name] for one in rows for name in ("key", "was_")]
    for one in rows:
        one["replaces"]["here"] = here
    return rows


def _stages_before(around: Around) -> list[tuple[str, str]]:
    """The stages in force, of which a stage may take the place when they are dropped."""
    return [(one["key"], one["name"]) for one in (around.base or {}).get("journey", ())]


def _beside_criteria(around: Around) -> tuple[Any, ...]:
    return (
        Group(
            name="contributes",
            label=_("What each side contributes"),
            needed=False,
            empty={},
            parts=(
                Prose(
                    name="marketing",
                    label=_("Marketing"),
                    needed=False,
                    rows=2,
                    size="l",
                ),
                Prose(name="sales", label=_("Sales"), needed=False, rows=2, size="l"),
            ),
        ),
        Replaces(
            name="replaces",
            label=_("Takes the place of these stages, which are dropped"),
            options=_stages_before(around),
            needed=False,
        ),
    )


def _stage(around: Around) -> Group:
    return Group(
        parts=(
            Text(
                name="name",
                label=_("Name, in the customer’s words"),
                hint=str(_("comparing")),
                size="l",
            ),
            Text(
                name="legacy",
                label=_("Old label"),
                hint="MQL",
                needed=False,
                size="s",
            ),
            Choice(name="acts", label=_("Who acts"), options=DEPARTMENTS, size="s"),
            Prose(name="definition", label=_("Definition"), needed=False, rows=2),
            Criteria(name="criteria", label=_("Entry criteria")),
            *_beside_criteria(around),
            KEY,
        )
    )


def _title(said: dict[str, Any]) -> str:
    legacy = f" ({said['legacy']})" if said["legacy"] else ""
    return f"{said['name']}{legacy}" if said["name"] else ""


def _spec(around: Around) -> Group:
    stages = Stages(
        name="journey",
        label=_("Stages, in the order of the journey"),
        one=_("a stage"),
        row=_stage(around),
        title=_title,
        folded=True,
        in_force=frozenset(key for key, _name in _stages_before(around)),
    )
    return Group(parts=(stages,))


def _draw(form: "PartForm") -> None:
    """Beside each stage who acts; below its criteria the sentence that they make."""
    _beside_each_other(form.said["journey"])
    parties = dict(DEPARTMENTS)
    before = {one["key"]: one for one in (form.around.base or {}).get("journey", ())}
    for index, said in enumerate(form.said["journey"]):
        path = f"journey-{index}"
        form.page.texts[path] = _now("%(who)s acts") % {"who": parties.get(said["acts"], "—")}
        asked = entered(form, said["criteria"], f"{path}-criteria")
        old = before.get(said["was_"] or said["key"], {})
        form.page.spoken[f"{path}-criteria"] = words(
            _reads(old.get("name", ""), old.get("criteria")), _reads(said["name"], asked)
        )
    form.page.texts["journey"] = _dropped(form, list(before.values()))


def entered(form: "PartForm", said: dict[str, Any], path: str) -> dict[str, Any] | None:
    """The criteria as they were entered; None for none, and while they cannot be read."""
    errors: Errors = {}
    name_conditions([one["criteria"] for one in form.said["journey"]])
    raw = Criteria(label="").read(said, path, errors)
    if errors or not isinstance(raw, dict):
        return None
    try:
        parse_criteria(raw)
    except TermsError:
        return None
    return raw


def _reads(name: str, raw: dict[str, Any] | None) -> str:
    if raw is None:
        return ""
    return _now("A person is %(stage)s when %(criteria)s.") % {
        "stage": name,
        "criteria": sentence(read(raw), say),
    }


def _dropped(form: "PartForm", before: list[dict[str, Any]]) -> list[str]:
    """The names of the stages in force that are neither here nor replaced by one."""
    here = {one["key"].strip() for one in form.said["journey"]}
    renamed = {one["was_"] for one in form.said["journey"]}
    claimed = {key for one in form.said["journey"] for key in one["replaces"]["said"]}
    gone = (one for one in before if one["key"] not in here | renamed | claimed)
    return [one["name"] for one in gone]


PART = Part(
    "journey",
    _("Stages and criteria"),
    _("The journey in the customer’s words, and what must be true to enter each stage."),
    ("journey",),
    _spec,
    {"journey": "stage", "criteria": "criterion"},
    _draw,
    CRITERIA_ACTS,
)
