from celery import shared_task

from portal import ledger, wallclock


@shared_task(  # type: ignore[untyped-decorator]  # celery has no types
    name="ledger.publish_head", ignore_result=True
)
def publish_head() -> None:
    """Show the head of the chain outside. Beat asks for it every hour; a head that is
    published already is not published again."""
    ledger.publish_head(at=wallclock.now())
