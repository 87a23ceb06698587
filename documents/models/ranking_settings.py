"""What a collection says of the ranking of its documents: field weights, recency, token vectors."""

from dataclasses import dataclass
from math import exp2, isnan

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

HEAVIEST = 5
LONGEST_HALF_LIFE = 36_500  # days
WEIGHT_FIELDS = ("title_weight", "headings_weight", "text_weight")


@dataclass(frozen=True)
class FieldWeights:
    """How often each word of a field counts in BM25, as if it stood there so often."""

    title: int = 1
    headings: int = 1
    text: int = 1

    def check(self) -> None:
        """Raises ValidationError, by the field of a collection that has to change."""
        if not (self.title or self.headings or self.text):
            raise ValidationError({"text_weight": _("One of the weights must be more than 0.")})


@dataclass(frozen=True)
class Recency:
    """A document keeps the share floor + (1 - floor) * 2 ** (-age / half_life) of its score."""

    half_life: int  # days
    floor: float

    def factor(self, age: int) -> float:
        """The share kept at an age in days; a document of the future is new."""
        return self.floor + (1 - self.floor) * exp2(-max(age, 0) / self.half_life)


def check_is_number(value: float) -> None:
    """Raises ValidationError for NaN, which no bounds refuse."""
    if isnan(value):
        raise ValidationError("Enter a number.")


class RankingSettings(models.Model):
    """The fields of a collection that decide how its documents rank."""

    title_weight = models.PositiveSmallIntegerField(
        default=1,
        db_default=1,
        validators=[MaxValueValidator(HEAVIEST)],
        help_text="How much words of title and file name count in a search by words, 0 to 5.",
    )
    headings_weight = models.PositiveSmallIntegerField(
        default=1,
        db_default=1,
        validators=[MaxValueValidator(HEAVIEST)],
        help_text="How much words of headings count, 0 to 5.",
    )
    text_weight = models.PositiveSmallIntegerField(
        default=1,
        db_default=1,
        validators=[MaxValueValidator(HEAVIEST)],
        help_text="How much words of the text itself count, 0 to 5.",
    )
    recency_half_life = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_HALF_LIFE)],
        help_text="Newer documents rank higher: after so many days, half of what age can take from "
        "a score is gone. Empty: age does not count.",
    )
    recency_floor = models.FloatField(
        default=0.5,
        db_default=0.5,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0), check_is_number],
        help_text="The share of its score that the oldest document keeps, 0 to 1.",
    )
    token_vectors = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Whether the vectors of each passage's tokens are stored, 6 to 8 kB, by which "
        "results are reranked. A change holds for what is indexed after it.",
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Raises ValidationError for weights that leave nothing to count."""
        self.field_weights.check()

    @property
    def field_weights(self) -> FieldWeights:
        return FieldWeights(self.title_weight, self.headings_weight, self.text_weight)
