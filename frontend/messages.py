"""Translation of messages into the language of the page."""

from django.utils.formats import number_format
from django.utils.translation import gettext

from documents.messages import Message


def translate_message(message: Message | None) -> str:
    """The sentence in the active language; empty without a message."""
    return message.text(gettext, _number) if message else ""


def _number(value: float) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)
