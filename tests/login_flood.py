"""Many sign-ins at once, in a process of its own so that the measuring one is not slowed by it.

`python -m tests.login_flood URL here|everywhere`: loops of password tries until the end of its
input. It prints a line once a try was refused, and at the end how often each status was answered.
Those from everywhere come from another loopback address each time.
"""

import itertools
import json
import re
import sys
import threading
from collections import Counter
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

LOOPS = 8
LOOPBACK = (f"127.0.{high}.{low}" for high, low in itertools.product(range(1, 255), range(1, 255)))


def main(url: str, origin: str) -> None:
    done, refused = threading.Event(), threading.Event()
    answers: Counter[int] = Counter()
    arguments = (url, origin == "everywhere", done, refused, answers)
    threads = [threading.Thread(target=try_passwords, args=arguments) for _ in range(LOOPS)]
    for thread in threads:
        thread.start()
    print("full" if refused.wait(60) else "not refused", flush=True)
    sys.stdin.read()
    done.set()
    for thread in threads:
        thread.join()
    print(json.dumps(answers))


def try_passwords(
    url: str,
    from_everywhere: bool,
    done: threading.Event,
    refused: threading.Event,
    answers: Counter[int],
) -> None:
    """One after the other, each for another account, as fast as they are answered."""
    connection = connected(url)
    connection.request("GET", "/account/login/")
    page = connection.getresponse()
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[0]
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    for number in itertools.count():
        if done.is_set():
            return
        if from_everywhere:
            connection.close()
            connection = connected(url, next(LOOPBACK))
        sent = {"csrfmiddlewaretoken": token, "login": f"user{number}", "password": "guess"}
        connection.request("POST", "/account/login/", urlencode(sent), headers)
        answer = connection.getresponse()
        answer.read()
        answers[answer.status] += 1
        if answer.status == 429:
            refused.set()


def connected(url: str, source: str = "") -> HTTPConnection:
    place = urlsplit(url)
    return HTTPConnection(
        place.hostname or "", place.port, source_address=(source, 0) if source else None
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
