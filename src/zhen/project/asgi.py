"""The ASGI application (`zhen web` serves it with granian)."""

import os

from django.core.asgi import get_asgi_application

from zhen.project.bodies import bounded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhen.project.settings")
application = bounded(get_asgi_application())  # type: ignore[arg-type]  # Django types its scope as a dict
