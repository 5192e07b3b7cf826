"""What one ticket through the public form, or one through the REST API, costs of a processor: the
peer's half of `bench/intake_cpu.py`, in an interpreter of its own.

    python cpu.py COUNT QUEUE CSRF SESSION
"""

import io
import json
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection
from wsgi import application

FORM = {"submitter_email": "sam@customer.example", "priority": 3}
TITLE = "Outlook asks for a password again and again"
WORDS = "Since this morning, after the update. In every folder."


def database_seconds() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9


def post(path: str, body: bytes, kind: str, cookies: str, csrf: str) -> str:
    found: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": cookies,
        "HTTP_X_CSRFTOKEN": csrf,
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "REMOTE_ADDR": "127.0.0.1",
    }
    answer = application(environ, lambda status, _headers, *_: found.append(status))
    b"".join(answer)
    answer.close()
    return found[0]


def main() -> None:
    count, queue, csrf, session = int(sys.argv[1]), *sys.argv[2:]

    def form(number: int) -> None:
        told = {**FORM, "queue": queue, "title": f"{TITLE} ({number})", "body": WORDS}
        kind = "application/x-www-form-urlencoded"
        body = urlencode(told).encode()
        assert post("/tickets/submit/", body, kind, f"csrftoken={csrf}", csrf)[:3] == "302"

    def rest(number: int) -> None:
        told = {**FORM, "queue": queue, "title": f"{TITLE} ({number})", "description": WORDS}
        cookies = f"csrftoken={csrf}; sessionid={session}"
        body = json.dumps(told).encode()
        assert post("/api/tickets/", body, "application/json", cookies, csrf)[:3] == "201"

    found = {}
    for lane in (form, rest):
        for number in range(20):
            lane(number)
        python, database = time.process_time(), database_seconds()
        for number in range(count):
            lane(number)
        spent = time.process_time() - python, database_seconds() - database
        found[lane.__name__] = [each / count * 1e3 for each in spent]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
