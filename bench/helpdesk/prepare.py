"""Fill a new database of django-helpdesk: its tables, its mail templates, a queue, an agent.

Prints the cookies with which the agent is signed in.
"""

# ruff: noqa: PLC0415 - rows are known once Django is ready

import json
import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.middleware.csrf import get_token
    from django.test import Client, RequestFactory
    from helpdesk.models import Queue

    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    agent = get_user_model().objects.create_superuser("agent", "agent@helpdesk.example", "agent")
    queue = Queue.objects.create(title="Desk", slug="desk", allow_public_submission=True)
    client = Client()
    client.force_login(agent)
    request = RequestFactory().get("/")
    get_token(request)
    told = {
        "queue": queue.pk,
        "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "csrf": request.META["CSRF_COOKIE"],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
