"""The Celery application of beat: the schedule alone, without tasks and models.

celery -A search_project.beat beat
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "search_project.settings")
app = Celery("search_project", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
