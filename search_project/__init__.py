"""Settings, Celery, and the processes that make up a running installation."""

from search_project.celery import app as celery_app

__all__ = ["celery_app"]
