"""The texts that programs write: every one of the description of the API, and each column of
a file of leads."""

import csv
import json
import re
from collections.abc import Iterator
from io import StringIO
from itertools import count, pairwise, product
from typing import Any

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.test import Client

from leads.actions.imports.files import brought, uploads
from leads.core.files import mapping
from leads.errors import FileRefused
from portal.api import description
from portal.jobs import runner
from tests.authz_actors import DECLARED, NOW, Company
from tests.leads.api.programs import ALL
from tests.security.xss.doors import Door, Wrap
from tests.sla.programs import DAY, a_token

PEOPLE = ("operations", "sales_manager", "marketing_manager", "sdr", "marketer")
HOPELESS = {401, 403, 404, 405}
Way = tuple[Any, ...]
_numbers = count(1)


def doors(company: Company) -> list[Door]:
    """A door for each free text in each body of the API that somebody may send."""
    programs = [
        Client(headers={"Authorization": f"Bearer {a_token(one, *ALL, at=NOW - DAY)[1]}"})
        for one in map(company.people.__getitem__, PEOPLE)
    ]
    found = []
    for path, methods in description()["paths"].items():
        for method, call in methods.items():
            if "requestBody" not in call:
                continue
            schema = _plain(call["requestBody"]["content"]["application/json"]["schema"])
            body = _example(company, schema)
            for way in _texts(schema):
                room = int(_at(schema, way).get("maxLength", 200))
                tried = list(product(programs, _paths(company, path)))
                send = _sender(method, tried, body, way, _at(schema, way))
                found.append(
                    Door(f"{call['operationId']} {'.'.join(map(str, way))}", room, send)
                )
    return found


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, where it is a reference or a choice between one and nothing."""
    if "$ref" in schema:
        return _plain(description()["components"]["schemas"][schema["$ref"].split("/")[-1]])
    for one in schema.get("anyOf", schema.get("allOf", [])):
        if one.get("type") != "null":
            return {**_plain(one), **{k: v for k, v in schema.items() if k == "maxLength"}}
    return schema


def _texts(schema: dict[str, Any], way: Way = ()) -> Iterator[Way]:
    schema = _plain(schema)
    for name, one in schema.get("properties", {}).items():
        yield from _texts(one, (*way, name))
    if schema.get("type") == "array":
        yield from _texts(schema["items"], (*way, 0))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _texts(schema["additionalProperties"], (*way, "note"))
    elif schema.get("additionalProperties") is True:
        yield (*way, "note")
    if schema.get("type") == "string" and not {"enum", "const", "format"} & set(schema):
        yield way


def _at(schema: dict[str, Any], way: Way) -> dict[str, Any]:
    for step in way:
        schema = _plain(schema)
        inside = schema.get("properties", {})
        more = schema.get("additionalProperties", {})
        schema = schema["items"] if step == 0 else inside.get(step, more if more else {})
        schema = schema if isinstance(schema, dict) else {}
    return _plain(schema)


def _example(company: Company, schema: dict[str, Any], name: str = "") -> Any:
    """The least that fits: words that the matrix sends by that name, else any text."""
    schema = _plain(schema)
    kind = schema.get("type")
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if kind == "array":
        return [_example(company, schema["items"], name)]
    if kind == "object":
        wanted = schema.get("required", [])
        inside = schema.get("properties", {})
        return {one: _example(company, inside[one], one) for one in wanted}
    if kind == "integer":
        return company.people["sdr"].pk if name in {"to", "owner", "host"} else 1
    if kind == "boolean":
        return True
    if schema.get("format") == "date-time":
        return (NOW + DAY).isoformat()
    known = (values[name] for values in DECLARED["post"].values() if name in values)
    return next(known, "A text of the least")


def _paths(company: Company, path: str) -> list[str]:
    """The address with each of the rows in it that some page of the company is about."""
    names = re.findall(r"{(\w+)}", path)
    choices = []
    for name in names:
        every = (
            str(value)
            for parts in company.objects.values()
            for key, value in parts.items()
            if key.endswith(f":{name}>")
        )
        choices.append(list(dict.fromkeys(every)))
    found = []
    for chosen in product(*choices):
        one = path
        for name, value in zip(names, chosen, strict=True):
            one = one.replace(f"{{{name}}}", value)
        found.append(one)
    return found


def _sender(method: str, tried: list[Any], body: Any, way: Way, schema: Any) -> Any:
    """Sends to the first program and row at which the call succeeds, found once."""
    known: list[Any] = []

    def send(text: str, wrap: Wrap) -> HttpResponse:
        whole = json.loads(json.dumps(body))
        said = _put(whole if whole is not None else {}, way, wrap(text, "A text"))
        answer: Any = None
        for program, path in known or list(tried):
            point = transaction.savepoint()
            answer = program.generic(
                method.upper(), path, json.dumps(said), "application/json",
                headers={"Idempotency-Key": f"a-key-of-its-own-{next(_numbers)}"},
            )  # fmt: skip
            assert answer.status_code < 500, (path, answer.content)
            if answer.status_code < 300:
                known[:] = [(program, path)]
                return answer
            transaction.savepoint_rollback(point)
            if answer.status_code in HOPELESS:  # whatever is sent
                tried.remove((program, path))
        return answer or JsonResponse({}, status=404)

    return send


def _put(whole: Any, way: Way, text: str) -> Any:
    here = whole
    for step, following in pairwise(way):
        if isinstance(here, list):
            here = here[0]
            continue
        here = here.setdefault(step, [{}] if following == 0 else {})
    if isinstance(here, list):
        here[0] = text
    else:
        here[way[-1]] = text
    return whole


def columns(company: Company) -> list[Door]:
    """A door for each meaning that a column of a file may have as a text."""
    meanings = [*mapping.TEXTS, "attributes.note"]
    return [Door(f"csv {to}", 200, _bringer(company, to)) for to in meanings]


def _bringer(company: Company, to: str) -> Any:
    by = company.people["operations"]
    known = {"Id": "external_id", "Name": "name", "Email": "email"}
    columns = {name: one for name, one in known.items() if one != to} | {"Text": to}

    def send(text: str, wrap: Wrap) -> HttpResponse:
        number = next(_numbers)
        row = {"Id": f"row-{number}", "Name": "Ana", "Email": f"ana{number}@acme.example"}
        row |= {"Text": wrap(text, "A text")}
        out = StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(columns)
        writer.writerow([row[name] for name in columns])
        body = {"columns": columns} | ({} if to == "source" else {"source": "crm"})
        try:
            upload = uploads.keep(name="a.csv", blocks=[out.getvalue().encode()], by=by, at=NOW)
            brought.map_and_rehearse(upload_id=upload.pk, mapping=body, by=by, at=NOW)
            runner.run_all(now=lambda: NOW)
            brought.take(upload_id=upload.pk, by=by, at=NOW)
            runner.run_all(now=lambda: NOW)
        except (FileRefused, mapping.MappingError) as refused:
            return JsonResponse({"refused": str(refused)}, status=422)
        return JsonResponse({})

    return send
