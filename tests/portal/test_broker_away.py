"""A broker that is away costs whoever would send a nudge one try, and no more."""

import os
import subprocess
import sys

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from tests.portal.hostile import hanging_up, serving

WEB = """
from concurrent.futures import ThreadPoolExecutor
from portal.wsgi import application
from django.urls import resolve
from portal.jobs import tasks

resolve("/desk/")
with ThreadPoolExecutor(1) as thread:
    sender = thread.submit(lambda: tasks.run.app).result()
print(sender.main, sender.conf.broker_url)
"""


def test_a_thread_of_the_web_process_sends_by_the_portals_own_application():
    done = subprocess.run(
        [sys.executable, "-c", WEB],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["concord", settings.CELERY_BROKER_URL]


def test_a_message_to_a_broker_that_hangs_up_is_tried_once():
    with serving(hanging_up) as broker:
        app = Celery(broker=f"redis://127.0.0.1:{broker.port}/0")
        app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        with pytest.raises(OperationalError):
            app.send_task("leads.sweep", retry=False)

        assert broker.came == 1
