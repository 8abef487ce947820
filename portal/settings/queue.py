"""Celery: a message is a wake-up. Every duty is also reached by the sweep of the rows."""

from kombu.entity import Queue

CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60  # seconds; less than the visibility timeout
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: the broker may be away for an hour
# Kombu looks for lost messages each interval x throttle; its defaults make that 100 s
# on top of an hour's visibility timeout.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    # Kombu tries again for six seconds even where the sender said not to. A worker that waits
    # for the broker does so by CELERY_BROKER_CONNECTION_MAX_RETRIES.
    "max_retries": 0,
}
CELERY_BEAT_SCHEDULER = "portal.scheduler:DueScheduler"
CELERY_TIMEZONE = "UTC"
# A worker without -Q serves both. Endpoints that hang can hold a process of the second one
# for half a minute, and never a message of the first.
CELERY_TASK_QUEUES = [
    # Each its own routing key: with the same one a message would go into both.
    Queue(name, routing_key=name)  # type: ignore[no-untyped-call]  # kombu has no types
    for name in ("celery", "endpoints")
]
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_ROUTES = {
    "notifications.deliver_endpoints": {"queue": "endpoints"},
    "leads.events_out": {"queue": "endpoints"},
}
