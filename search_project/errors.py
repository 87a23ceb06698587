"""The one error that ends a command with a sentence instead of a traceback."""


class StartError(Exception):
    """Something the product needs cannot run; the message tells a person what to do."""
