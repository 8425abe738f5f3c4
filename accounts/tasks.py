"""Beat's errands: each calls one service."""

from celery import shared_task

from accounts import services


@shared_task(acks_late=True)  # safe to re-run: letters are claimed by lease, and what was sent is not due
def send_letters() -> int:
    return services.send_letters()


@shared_task(acks_late=True)  # safe to re-run: what is gone is not found again
def forget_old() -> int:
    return services.forget_old()
