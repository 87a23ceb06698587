"""The ASGI application that the web server loads."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "search_project.settings")
django.setup(set_prefix=False)

from search_project.warmup import load_web  # noqa: E402
from search_project.web.application import WebApplication  # noqa: E402

application = WebApplication(startup=load_web)
