"""Training rows as lists for a listwise loss: a query, its answer and other passages."""

import hashlib
import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from retrieval.training.data.rows import TrainingRow
from retrieval.training.errors import TrainingError

# Draws from other rows before a list stays shorter than `size`.
TRIES = 50


@dataclass(frozen=True)
class ListwiseExample:
    """The first of `texts` is the answer. `scores` are the fused ones of all texts, or empty."""

    query: str
    texts: tuple[str, ...]
    scores: tuple[float, ...] = ()


def query_key(query: str) -> str:
    """A hash that is equal for queries that differ only in case and white space."""
    return hashlib.sha256(" ".join(query.casefold().split()).encode()).hexdigest()[:16]


def split_rows(
    rows: Sequence[TrainingRow], books: Collection[str], share: float, seed: int
) -> tuple[list[TrainingRow], list[TrainingRow]]:
    """Rows for training, and held-out rows for evaluation; no query is in both.

    The rows of `books` are held out. Without `books`, random books are, until they have `share` of
    the rows; if rows name fewer than two books, that share of the queries. Raises TrainingError.
    """
    if not 0 <= share < 1:
        raise TrainingError(f"The share held out is to be between 0 and 1, not {share}.")
    known = sorted({row.book for row in rows})
    unknown = sorted(set(books) - set(known))
    if unknown:
        raise TrainingError(f"No row is of the book {unknown[0]}; there are {', '.join(known)}.")
    if books or (len(known) > 1 and "" not in known):
        chosen = frozenset(books) or _some_books(rows, known, share, seed)
        held_out = {query_key(row.query) for row in rows if row.book in chosen}
    else:
        held_out = _some_queries(rows, share, seed)
    learnt = [row for row in rows if query_key(row.query) not in held_out]
    return learnt, [row for row in rows if query_key(row.query) in held_out]


def listwise_examples(rows: Sequence[TrainingRow], size: int, seed: int) -> list[ListwiseExample]:
    """A list of `size` texts for each row, its own negatives first.

    If these are too few, answers of other rows fill the list, though they are easy negatives. An
    answer to the same query in another row is not a negative.
    """
    answers: dict[str, set[str]] = {}
    for row in rows:
        answers.setdefault(query_key(row.query), set()).add(row.positive)
    chance = random.Random(f"{seed} lists")  # noqa: S311
    return [_example(row, answers, rows, size, chance) for row in rows]


def _example(
    row: TrainingRow,
    answers: Mapping[str, set[str]],
    rows: Sequence[TrainingRow],
    size: int,
    chance: random.Random,
) -> ListwiseExample:
    known = answers[query_key(row.query)]
    kept = [0, *(n for n, text in enumerate(row.negatives, start=1) if text not in known)][:size]
    own = (row.positive, *row.negatives)
    texts = [own[at] for at in kept]
    scores = tuple(row.scores[at] for at in kept) if row.scores else ()
    for _ in range(TRIES):
        if len(texts) >= size:
            break
        other = rows[chance.randrange(len(rows))]
        same_place = row.section and other.section == row.section
        if not same_place and other.positive not in known and other.positive not in texts:
            texts.append(other.positive)
            scores = ()  # nothing is known of how a search would have ranked it
    return ListwiseExample(row.query, tuple(texts), scores)


def _some_books(
    rows: Sequence[TrainingRow], books: Sequence[str], share: float, seed: int
) -> frozenset[str]:
    order = list(books)
    random.Random(f"{seed} books").shuffle(order)  # noqa: S311
    chosen: set[str] = set()
    while sum(row.book in chosen for row in rows) < share * len(rows):
        chosen.add(order.pop())
    return frozenset(chosen)


def _some_queries(rows: Sequence[TrainingRow], share: float, seed: int) -> set[str]:
    keys = sorted({query_key(row.query) for row in rows})
    random.Random(f"{seed} queries").shuffle(keys)  # noqa: S311
    return set(keys[: round(share * len(keys))])
