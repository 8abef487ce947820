"""Long work: in slices, one worker at a time, taken up again where it broke off, stopped."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from portal.errors import DomainError
from portal.jobs import actions, runner
from portal.jobs.kinds import Step
from portal.jobs.models import Job
from tests.factories import MONDAY_NINE, make_operations, make_user

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
AT = MONDAY_NINE
worked: list[int] = []


def count_up(job, at):
    """Ten records in all, three a step; breaks down or refuses where its arguments say so."""
    if job.cursor == job.arguments.get("breaks_at"):
        raise ZeroDivisionError
    if job.cursor == job.arguments.get("refuses_at"):
        raise DomainError("The third one is not there.")
    if job.cursor == job.arguments.get("stopped_at"):
        actions.cancel(job_id=job.pk, by=job.by, at=at)
    worked.append(job.cursor)
    cursor = min(job.cursor + 3, 10)
    return Step(cursor, 10, cursor == 10, {"new": cursor}, {"last": cursor}, "/desk/")


@pytest.fixture(autouse=True)
def counting(settings):
    settings.JOBS = {"count": f"{__name__}.count_up"}
    worked.clear()


@pytest.fixture
def operator():
    return make_operations()


@pytest.fixture
def ask(operator):
    def make(**arguments):
        return actions.ask(
            kind="count", title="Counting", arguments=arguments, by=operator, at=AT
        )

    return make


def now():
    return AT


def test_a_job_is_done_step_by_step_and_says_what_came_of_it(ask):
    job = ask()

    assert runner.run_all(now=now) == 1

    job.refresh_from_db()
    assert worked == [0, 3, 6, 9]
    assert (job.state, job.cursor, job.total, job.ended_at) == ("done", 10, 10, AT)
    assert (job.counts, job.result, job.back) == ({"new": 10}, {"last": 10}, "/desk/")
    assert (job.lease, job.lease_until) == ("", None)


def test_a_slice_gives_the_job_back_and_the_next_one_goes_on(ask):
    first, second = ask(), ask()

    runner.run_one(now=lambda: AT + SECOND, seconds=0)
    runner.run_one(now=lambda: AT + 2 * SECOND, seconds=0)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.cursor, second.cursor) == (3, 3)  # each had its turn
    assert first.lease_until is None


def test_a_worker_that_dies_leaves_the_job_to_another_when_its_lease_has_run_out(ask):
    job = ask()
    actions.move_on(actions.take(at=AT), Step(6, 10), at=AT)  # and then nothing more

    assert runner.run_one(now=lambda: AT + 59 * SECOND) is None
    runner.run_one(now=lambda: AT + 61 * SECOND)

    job.refresh_from_db()
    assert worked == [6, 9]
    assert job.state == "done"


def test_who_lost_the_lease_can_move_nothing(ask):
    ask()
    slow = actions.take(at=AT)
    quick = actions.take(at=AT + 61 * SECOND)

    assert not actions.move_on(slow, Step(9, 10), at=AT + 62 * SECOND)
    actions.fail(slow, "too late", at=AT + 62 * SECOND)

    assert actions.move_on(quick, Step(3, 10), at=AT + 62 * SECOND)
    assert Job.objects.get().cursor == 3


def test_work_that_kills_each_worker_ends_after_five(ask):
    job = ask(breaks_at=3)
    for n in range(5):
        with pytest.raises(ZeroDivisionError):
            runner.run_one(now=lambda n=n: AT + n * 61 * SECOND)

    assert runner.run_one(now=lambda: AT + 306 * SECOND) is None

    job.refresh_from_db()
    assert (job.state, job.cursor) == ("failed", 3)
    assert "broke down each time" in job.error


def test_a_refusal_ends_the_job_with_its_reason(ask):
    job = ask(refuses_at=6)

    runner.run_all(now=now)

    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "The third one is not there.")


def test_a_job_that_waits_is_cancelled_at_once_and_one_under_way_after_its_step(ask, operator):
    waiting = ask()
    actions.cancel(job_id=waiting.pk, by=operator, at=AT)
    running = ask(stopped_at=3)
    runner.run_all(now=now)

    waiting.refresh_from_db()
    running.refresh_from_db()
    assert (waiting.state, waiting.cursor) == ("cancelled", 0)
    assert (running.state, running.cursor) == ("cancelled", 6)


def test_a_kind_that_nobody_bound_is_refused():
    with pytest.raises(KeyError):
        actions.ask(kind="nothing", title="", arguments={}, by=None, at=AT)


@pytest.mark.now(AT)
def test_the_page_of_a_job_moves_by_itself_and_leads_on(client, ask, operator):
    job = ask()
    client.force_login(operator)

    assert "Waits for its turn" in client.get(f"/jobs/{job.pk}/").content.decode()
    part = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in part.content.decode()
    assert "<html" not in part.content.decode()

    runner.run_all(now=now)
    led = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert led.headers["HX-Redirect"] == "/desk/"
    assert client.get(f"/jobs/{job.pk}/").headers["Location"] == "/desk/"


@pytest.mark.now(AT)
def test_a_job_is_its_owners_alone(client, ask):
    job = ask()
    client.force_login(make_user())

    assert client.get(f"/jobs/{job.pk}/").status_code == 404
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 404


@pytest.mark.now(AT)
def test_stopping_by_the_button_leads_back_to_the_page(client, ask, operator):
    job = ask()
    client.force_login(operator)

    response = client.post(f"/jobs/{job.pk}/cancel/", follow=True)

    assert "Cancelled" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gets_the_job(ask):
    ask()
    gate, got = Barrier(4), []

    def take():
        gate.wait()
        try:
            got.append(actions.take(at=AT))
        finally:
            connections.close_all()

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert connection.vendor
    assert len([job for job in got if job is not None]) == 1
