"""The Celery task of the accounts."""

from celery import shared_task

from frontend.account.session_limits import delete_expired


@shared_task(ignore_result=True)
def delete_expired_sessions() -> None:
    """Delete sessions that nobody can use any more."""
    delete_expired()
