"""What the web server calls."""

import gc
import os
from typing import Final

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afspraak.project.settings")

_UNCOLLECTED: Final = 50_000
"""Objects that a process makes before it looks for circles among them. At Python's own 700 it
looked through every contract it holds, again and again: a third of a batch's time, and circles are
rare.
"""

gc.set_threshold(_UNCOLLECTED)
application = get_wsgi_application()
