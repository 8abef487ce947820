"""One event, one line; whose it is, its ids say, from the request to the task it wakes."""

import json
import logging
import sys
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from portal import celery, logs
from portal.operations.away import InOneLine
from portal.settings import logs as settings_of_logs


def record(message="it %s", *args, exc_info=None, **extra):
    made = logging.makeLogRecord({"name": "leads.x", "levelname": "INFO", "levelno": 20})
    made.msg, made.args, made.exc_info = message, args, exc_info
    made.__dict__ |= extra
    return made


def shown(*args, **extra):
    return json.loads(logs.JsonFormatter().format(record(*args, **extra)))


@pytest.fixture(autouse=True)
def no_ids():
    logs.forget()
    yield
    logs.forget()


def test_a_line_of_json_says_when_who_what_and_the_data():
    line = shown("it %s", "rains", sent=3, thing=object())

    assert line["at"].endswith("+00:00")
    assert (line["level"], line["logger"], line["message"]) == ("info", "leads.x", "it rains")
    assert line["sent"] == 3
    assert "thing" not in line


def test_an_error_stays_on_the_line():
    try:
        raise ValueError("a\nb")
    except ValueError:
        formatted = logs.JsonFormatter().format(record("oh", exc_info=sys.exc_info()))

    assert "\n" not in formatted
    assert "ValueError: a\nb" in json.loads(formatted)["error"]


def failing_with(error, *, created):
    made = record("Service Unavailable: %s", "/leads/", exc_info=(type(error), error, None))
    made.created = created
    return made


def test_a_database_that_is_away_has_one_trace_a_minute_and_one_line_each_time():
    away = InOneLine()
    told = [failing_with(OperationalError("no route"), created=at) for at in (0, 1, 59, 60)]

    assert all(away.filter(one) for one in told)

    assert {one.getMessage() for one in told} == {"the database is away"}
    assert [one.exc_info is not None for one in told] == [True, False, False, True]
    assert len(logs.LineFormatter().format(told[1]).splitlines()) == 1


def test_any_other_fault_keeps_its_trace():
    away = InOneLine()
    told = [failing_with(ValueError("seven"), created=at) for at in (0, 1)]

    assert all(away.filter(one) and one.exc_info for one in told)
    assert told[0].getMessage() == "Service Unavailable: /leads/"


def test_requests_are_logged_past_that_filter():
    told = settings_of_logs.logging("INFO")

    assert told["loggers"]["django.request"]["filters"] == ["away"]
    assert told["filters"]["away"]["()"] == "portal.operations.away.InOneLine"


@pytest.mark.parametrize("form", ["line", "json"])
def test_what_people_wrote_makes_no_line_of_its_own(form):
    made = settings_of_logs.FORMATS[form].rpartition(".")[2]
    formatted = getattr(logs, made)().format(record("a\r\nb", name_given="x\ny"))

    assert len(formatted.splitlines()) == 1


def test_lines_carry_the_ids_of_their_work_and_no_longer():
    with logs.about(request="abc"):
        assert shown("in")["request"] == "abc"
        assert logs.LineFormatter().format(record("in")).endswith(" request=abc")
    assert "request" not in shown("out")


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "with space here", "line\nbreak-here", "<script>alert(1)"]
)
def test_an_id_that_is_none_is_replaced(given):
    made = logs.request_id(given)

    assert made != given
    assert len(made) == 32


def test_an_id_of_the_proxy_is_kept():
    assert logs.request_id("7f3c-aa.01_B") == "7f3c-aa.01_B"


def test_a_request_answers_with_its_id(client):
    assert client.get("/healthz/live").headers["X-Request-ID"] != ""
    known = client.get("/healthz/live", headers={"X-Request-ID": "from-the-proxy"})
    assert known.headers["X-Request-ID"] == "from-the-proxy"


def test_a_task_carries_the_id_of_the_request_that_woke_it():
    headers = {}
    with logs.about(request="from-the-proxy"):
        celery.send_the_id_along(headers=headers)
    task = SimpleNamespace(name="leads.sweep", request=SimpleNamespace(**headers))

    celery.write_the_ids(task_id="task-1", task=task)

    assert logs.ids() == {"request": "from-the-proxy", "task": "task-1"}


def test_a_task_of_beat_has_its_own_id_only():
    headers = {}
    celery.send_the_id_along(headers=headers)
    task = SimpleNamespace(name="leads.sweep", request=SimpleNamespace())
    celery.write_the_ids(task_id="task-2", task=task)

    assert (headers, logs.ids()) == ({}, {"task": "task-2"})
