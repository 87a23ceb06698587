"""The one error that ends a command with a sentence instead of a traceback."""


class StartError(Exception):
    """The product or a command cannot start; the message says what to do."""
