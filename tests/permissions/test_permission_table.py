"""Who may do what: every address of the product, every method and operation, every caller."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from tests.permissions.addresses import addresses, kinds_of
from tests.permissions.client import ActClient, Answer
from tests.permissions.requests import Act
from tests.permissions.sample import SEEN_BY, WORDS, Sample, make_sample
from tests.permissions.table import (
    API,
    METHODS,
    PAGE,
    SECTIONS,
    TABLE,
    Operation,
    Row,
    markdown,
    read_table,
)  # fmt: skip

pytestmark = pytest.mark.volume

ROWS = read_table(TABLE.read_text("utf-8"))
ADD_A_ROW = "Decide who may do this, and say so in a row of tests/permissions/table.txt."

LIVE, TRASHED = {"public", "internal", "restricted"}, {"trashed"}
LISTS = {
    Operation("GET", "/", "search"): LIVE,
    Operation("GET", "/documents/"): LIVE,
    Operation("GET", "/documents/trash"): TRASHED,
    Operation("GET", f"{API}v1/search"): LIVE,
    Operation("GET", f"{API}v1/documents"): LIVE,
    Operation("GET", f"{API}v1/documents", "trash"): TRASHED,
}


@pytest.fixture
def sample(db: None, tmp_path: Any, settings: Any) -> Iterator[Sample]:
    settings.ORIGINALS_DIR = tmp_path
    logging.disable(logging.ERROR)  # each refusal is a warning
    yield make_sample()
    logging.disable(logging.NOTSET)


def test_every_address_has_a_row_for_each_kind_of_object() -> None:
    known = {row.operation.address for row in ROWS}
    assert [address for address in addresses() if address not in known] == [], ADD_A_ROW
    kinds: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in ROWS:
        kinds[row.operation.method, row.operation.address].add(row.which)
    missing = {place: kinds_of(*place) - found for place, found in kinds.items()}
    assert {place: left for place, left in missing.items() if left} == {}, ADD_A_ROW


def test_every_row_is_of_an_address() -> None:
    left = {row.operation.address for row in ROWS} - {*addresses()}
    assert left == set(), "Take the rows of these addresses out: they are not there any more."


@pytest.mark.django_db
def test_a_method_without_a_row_is_refused(sample: Sample) -> None:
    """The admin's views take every method but POST for GET."""
    client, known = ActClient(), {(row.operation.method, row.operation.address) for row in ROWS}
    accepted = []
    for address in addresses():
        for method in METHODS[:2] if address.startswith("/admin/") else METHODS:
            operation = Operation(method, address)
            acts = [Act(operation, "public", who, sample) for who in ("admin", "anonymous")]
            if (method, address) not in known and not any(
                client.perform(act).status == 405 for act in acts
            ):
                accepted.append(str(operation))
    assert accepted == [], ADD_A_ROW


@pytest.mark.parametrize("section", SECTIONS)
def test_each_caller_gets_what_the_table_says_and_reads_nothing_hidden(
    sample: Sample, section: str
) -> None:
    client, problems = ActClient(), []
    for row in (row for row in ROWS if row.operation.section == section):
        acts = [Act(row.operation, row.which, caller, sample) for caller in row.operation.callers]
        answers = [client.perform(act) for act in acts]
        measured = Row(row.operation, row.which, tuple(answer.outcome for answer in answers))
        if measured != row:
            problems.append(f"{row.operation}\n{row}\n{measured}  is what they get")
        for act, answer in zip(acts, answers, strict=True):
            problems += leaks(act, answer)
            problems += differences(client, act, answer)
    assert not problems, "\n".join(problems)


def test_each_caller_finds_what_they_may_see(sample: Sample) -> None:
    """Else that nothing hidden is read would say nothing."""
    client = ActClient()
    for operation, kinds in LISTS.items():
        for caller in operation.callers:
            answer = client.perform(Act(operation, "any", caller, sample))
            if answer.outcome == "ok":
                found = {kind for kind in kinds if WORDS[kind].lower() in answer.text.lower()}
                assert found == SEEN_BY[caller] & kinds, (operation, caller)


def leaks(act: Act, answer: Answer) -> list[str]:
    hidden = act.sample.hidden_words(act.caller)
    found = sorted(word for word in hidden if word.lower() in answer.text.lower())
    return [f"{act.operation} of {act.which} tells {act.caller} of {found}"] if found else []


def differences(client: ActClient, act: Act, answer: Answer) -> list[str]:
    """What is hidden is answered as what is not there: 404, or 400 for a collection in the body."""
    names_collection = answer.status == 400 and "<uuid:pk>" not in act.operation.address
    if answer.status != 404 and not names_collection:
        return []
    if client.answer_for_missing(act) == (answer.status, answer.comparable):
        return []
    return [f"{act.operation}: {act.caller} can tell {act.which} from what is not there"]


def test_a_token_opens_no_page(sample: Sample) -> None:
    client = ActClient()
    opened = [
        str(row.operation)
        for row in ROWS
        if not row.operation.takes_tokens
        and client.perform(Act(row.operation, row.which, "admin token", sample)).outcome
        != row.outcomes[0]
    ]
    assert opened == []


def test_the_page_is_written_from_the_table() -> None:
    message = "Run “python -m tests.permissions”."
    assert PAGE.read_text("utf-8") == markdown(ROWS), message
