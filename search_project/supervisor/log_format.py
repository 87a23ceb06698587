"""How a line of the logs is written."""

import logging
import re

# What ends a line, moves the cursor of a terminal, or turns the direction of the text.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class LineFormatter(logging.Formatter):
    """Writes each message as one line, control characters escaped: a user name that was typed with
    a line break must not pass for an entry of its own. Tracebacks keep their lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return CONTROL.sub(lambda found: ascii(found[0])[1:-1], super().formatMessage(record))
