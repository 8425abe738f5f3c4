"""Beat's errands: each calls one service. Safe to re-run, because the services claim their work by row lock."""

from celery import shared_task

from claims import services


@shared_task(acks_late=True)  # safe to re-run: unprocessed rows are claimed with SKIP LOCKED
def assess_changes() -> int:
    return services.assess_changes()


@shared_task(acks_late=True)  # safe to re-run: a waiting name change is claimed with SKIP LOCKED
def announce_name_changes() -> int:
    return services.announce_name_changes()


@shared_task(acks_late=True)  # safe to re-run: notices are claimed by lease, and what was mailed is not due
def send_notices() -> int:
    return services.send_notices()


@shared_task(acks_late=True)  # safe to re-run: one row per person and day, claimed by lease
def send_digests() -> int:
    return services.send_digests()


@shared_task(acks_late=True)  # safe to re-run: what is gone is gone
def forget_old_words() -> int:
    return services.forget_old_words()


@shared_task(acks_late=True)  # safe to re-run: one open alarm per kind, by constraint
def raise_alarms() -> int:
    return services.raise_alarms()


@shared_task(acks_late=True)  # safe to re-run: what was told is marked, rows are claimed with SKIP LOCKED
def tell_of_due_looks() -> int:
    return services.tell_of_due_looks()


@shared_task(acks_late=True)  # safe to re-run: what is forgotten is gone
def forget_contacts() -> int:
    return services.forget_contacts()


@shared_task(acks_late=True)  # safe to re-run: a file that is gone is not deleted again
def erase_withheld_files() -> int:
    return services.erase_withheld_files()


# Safe to re-run: a file is taken by an advisory lock, and a row is logged once.
@shared_task(acks_late=True, time_limit=3600)
def work_on_claim_files() -> int:
    return services.work_on_claim_files()


@shared_task(acks_late=True)  # safe to re-run: what was given up waits no more
def forget_claim_files() -> int:
    return services.forget_claim_files()


@shared_task(acks_late=True)  # safe to re-run: all is counted anew
def count_shares() -> None:
    services.count_shares()


@shared_task(acks_late=True)  # safe to re-run: due rows are claimed with SKIP LOCKED
def write_due_words() -> int:
    return services.write_due_words()
