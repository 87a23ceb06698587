"""What a password must be beyond long enough and not in Django's list of common ones."""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FEWEST_CHARACTERS = 5
_REPETITION = re.compile(r"(.{1,8}?)\1+", re.S)
_AROUND_WORD = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class PredictablePasswordValidator:
    """Refuses few different characters, a repeated part, and a common password with digits or
    signs around it: `aaaaaaaaaaaa`, `lanternlantern`, `password1234!`."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator()

    def validate(self, password: str, user: Any = None) -> None:
        if len(set(password)) < FEWEST_CHARACTERS or _REPETITION.fullmatch(password):
            raise ValidationError(
                _("The password repeats itself: use more different characters."),
                code="password_repeats",
            )
        word = _AROUND_WORD.sub("", password)
        if word != password and word:
            self.common.validate(word, user)

    def get_help_text(self) -> str:
        return _("Your password must not repeat itself, nor be a common one with digits added.")
