"""A broker that is away costs whoever would send a nudge one try, and no more."""

import pytest
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from tests.portal.hostile import hanging_up, serving


def test_a_message_to_a_broker_that_hangs_up_is_tried_once():
    with serving(hanging_up) as broker:
        app = Celery(broker=f"redis://127.0.0.1:{broker.port}/0")
        app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        with pytest.raises(OperationalError):
            app.send_task("leads.sweep", retry=False)

        assert broker.came == 1
