"""A line of the log for each record, whatever names and addresses of strangers it repeats."""

import logging

# The control characters of ASCII and Latin-1, and the separators that end a line in Unicode.
CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
ESCAPED = {code: ascii(chr(code))[1:-1] for code in CONTROLS if chr(code) != "\t"}


class OneLineFormatter(logging.Formatter):
    """Escapes what would begin a new line or steer a terminal; a traceback keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = record.message.translate(ESCAPED)
        return super().formatMessage(record)
