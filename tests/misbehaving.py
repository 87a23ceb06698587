"""What a child process may do wrong; imported there by name, so this imports nothing of ours."""

import os
import signal
import time
from typing import Any


def sleep(*_: Any) -> None:
    time.sleep(60)


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
