"""The least that Celery can do: a task that says how long it was on its way, one that counts
itself, and one that counts the many things it was handed at once."""

import os
import time

import redis
from celery import Celery

HOPS, DONE = "bench-hops", "bench-done"
url = os.environ.get("REDIS_URL", "memory://")
server = redis.Redis.from_url(url.replace("redis+socket://", "unix://"), socket_timeout=None)
app = Celery("bare", broker=url)
app.conf.update(
    task_default_queue="bare",
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
)


@app.task(name="bare.hop")
def hop(sent_at: float) -> None:
    server.rpush(HOPS, time.time() - sent_at)


@app.task(name="bare.one")
def one() -> None:
    server.incr(DONE)


@app.task(name="bare.many")
def many(items: list[int]) -> None:
    server.incrby(DONE, len(items))
