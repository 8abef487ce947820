"""Tags and filters of the look. `{% load look %}`; what each prints is shown at /style/."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.look import states, words
from portal.look.charts import bars
from portal.look.charts.drawing import Drawing
from portal.look.qr import qr
from portal.spreadsheet import KINDS, address

register = template.Library()

register.filter("duration", words.duration)
register.filter("whole_seconds", words.seconds_of)
register.filter("signed", words.signed)
register.filter("left_word", words.left_word)
register.filter("time_left", words.time_left)
register.filter("is_late", words.is_late)
register.filter("percent", words.percent)
register.filter("whole_percent", words.whole_percent)
register.filter("count", words.count)
register.filter("quoted", words.quoted)
register.filter("initials", words.initials)
register.filter("fingerprint", words.fingerprint)
register.filter("fingerprint_lines", words.fingerprint_lines)

SPRITE = "portal/icons.svg"
BARE = (
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
)  # controls without a box of their own


@cache
def sprite() -> str:
    """The address of the sprite; worked out once, since a page asks a hundred times."""
    return static(SPRITE)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One icon of the sprite: `{% icon "check" %}`. Decorative, unless a label is given."""
    address = f"{sprite()}#i-{name}"
    if label:
        return format_html(
            '<svg class="i" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html('<svg class="i" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def brand() -> SafeString:
    """The mark and the wordmark, with the name for those who do not see them."""
    return format_html(
        '<svg class="mark" aria-hidden="true"><use href="{0}#brand-mark"/></svg>'
        '<svg class="word" aria-hidden="true"><use href="{0}#brand-word"/></svg>'
        '<span class="sr">Concord</span>',
        sprite(),
    )


@register.simple_tag(takes_context=True)
def instant(context: Context, value: datetime | None) -> SafeString | str:
    """An instant in the reader's zone, as short as it may be: `Thu 10:52`. None: nothing."""
    if value is None:
        return ""
    text = words.instant(timezone.localtime(value), _now(context))
    return _time(value, text)


@register.simple_tag(takes_context=True)
def day(context: Context, value: datetime | None) -> SafeString | str:
    """The date alone, in the reader's zone: `Fri 25 Sep`. None: nothing."""
    if value is None:
        return ""
    return _time(value, words.day(timezone.localtime(value), _now(context)))


def _now(context: Context) -> datetime | None:
    shell = context.get("shell")
    return timezone.localtime(shell.at) if shell is not None else None


def _time(value: datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', words.machine(value), text)


@register.inclusion_tag("components/files.html", takes_context=True)
def files(context: Context) -> dict[str, str]:
    """What the page lists as CSV and as XLSX: the same filters, over all its pages."""
    return {kind: address(context["request"], kind) for kind in KINDS}


@register.filter
def beside(names: Iterable[str], cells: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Each cell of a row with the name of its column."""
    return zip(names, cells, strict=True)


@register.filter
def side(department: Any) -> str:
    """`mk`, `sl`, or `op` for who belongs to neither: the class that colours a party."""
    return states.side(department).form


@register.filter
def party(department: Any) -> str:
    """The name of a department, given its key or the row."""
    return str(states.side(department).word)


@register.inclusion_tag("components/charts/drawing.html")
def drawing(shown: Drawing) -> dict[str, Drawing]:
    """A drawing of `portal.look.charts` as SVG."""
    return {"drawing": shown}


@register.inclusion_tag("components/charts/drawing.html", name="qr")
def qr_code(text: str, title: str) -> dict[str, Drawing]:
    """A QR code, inline: `{% qr totp_url "…" %}`."""
    return {"drawing": qr(text, title)}


@register.inclusion_tag("components/charts/burn.html")
def burn(used: float, state: str) -> dict[str, str]:
    """The share of a target that is used; the row says it in words."""
    return bars.burn(used, state)


@register.inclusion_tag("components/charts/meter.html")
def meter(share: float) -> dict[str, str]:
    """A share of a whole, on the ink of a live count."""
    return bars.meter(share)


@register.simple_tag
def control(field: BoundField, named: bool = False, plain: bool = False) -> SafeString:
    """The control of a form field in the look.

    `named`: its label is only read aloud. `plain`: without placeholder and help.
    """
    css = "" if isinstance(field.field.widget, BARE) else "in"
    classes = [*field.field.widget.attrs.get("class", "").split(), css]
    attributes: dict[str, str | bool] = {"class": " ".join(classes)}
    if named:
        attributes["aria-label"] = str(field.label)
    if plain:
        attributes |= {"placeholder": False, "aria-describedby": _error_of(field)}
    return field.as_widget(attrs=attributes)


def _error_of(field: BoundField) -> str | bool:
    return f"{field.auto_id}_error" if field.errors else False


@register.simple_tag
def dept(department: Any, name: str = "") -> SafeString:
    """The mark of a party: `{% dept "sales" %}`, `{% dept "sales" "Anna Keller" %}`."""
    look = states.side(department)
    if look == states.NEITHER:
        return format_html("<strong>{}</strong>", name)
    return format_html('<span class="dept {}">{}</span>', look.form, name or look.word)


@register.simple_tag
def state(key: str, label: str = "", icon_name: str = "") -> SafeString:
    """The badge of a state, with its own word or another: `{% state "back" "Round 2" %}`."""
    look = states.STATES[key]
    return format_html(
        '<span class="state st-{}">{}{}</span>',
        look.form,
        icon(icon_name or look.icon),
        label or look.word,
    )


@register.simple_tag
def verdict(key: str, label: str = "") -> SafeString:
    """`yes`, `no`, `few`, `none`, `kept` or `below`, with its own words or others."""
    look = states.VERDICTS[key]
    return format_html(
        '<span class="verdict {}">{}{}</span>', look.form, icon(look.icon), label or look.word
    )


@register.simple_tag
def who(name: str, department: Any = "", seat: bool = False) -> SafeString:
    """Initials in the form of the party; `seat` says aloud whose seat of a lead it is."""
    look = states.side(department)
    letters = words.initials(str(name))
    if not seat:
        return format_html(
            '<span class="who {}" aria-hidden="true">{}</span>', look.form, letters
        )
    label = _("%(party)s seat: %(name)s") % {"party": look.word, "name": name}
    return format_html(
        '<span class="who {}" role="img" aria-label="{}" title="{}: {}">{}</span>',
        look.form,
        label,
        look.word,
        name,
        letters,
    )
