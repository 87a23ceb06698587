"""Which passwords are good enough."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from search_project.errors import StartError
from search_project.supervisor.bootstrap import check_admin_password


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",  # too short
        "aaaaaaaaaaaa", "abababababab", "lanternlantern", "xyz-xyz-xyz-",  # repeats itself
        "password1234", "!qwertyuiop!!", "12345sunshine",  # a common one with something around it
        "482915737720",  # digits alone
        "ada.lovelace.1815",  # the user's own name
    ],
)  # fmt: skip
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, User(username="ada.lovelace"))


@pytest.mark.parametrize(
    "password",
    [
        "lantern-night",
        "moonlit harbour",
        "correct horse battery",
        "9f2c71d04be8a6",
        "Zug-um-7-Uhr!",
    ],
)
def test_a_password_of_words_or_chance_is_taken(password: str) -> None:
    validate_password(password, User(username="ada.lovelace"))


def test_the_password_of_the_first_administrator_is_judged_as_everybodys(settings) -> None:
    settings.ADMIN_PASSWORD = "admin"
    with pytest.raises(StartError, match=r"^ADMIN_PASSWORD is too weak. .*12 characters") as error:
        check_admin_password()
    assert "Choose another, or leave it empty" in str(error.value)
    settings.ADMIN_PASSWORD = "a lantern in the fog"
    check_admin_password()
    settings.ADMIN_PASSWORD = ""
    check_admin_password()
