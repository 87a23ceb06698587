"""Messages: every code has its sentence, and gets the parameters that it names."""

import ast
from collections.abc import Iterator
from pathlib import Path

import documents
from documents.messages import SENTENCES, Message, placeholders

ROOT = Path(documents.__file__).parent.parent
ERRORS = {
    "ConfirmationMissing",
    "IngestError",
    "IntakeError",
    "QueueUnavailable",
    "DrawingError",
    "ModelUnavailable",
    "CollectionDeleted",
    "QuotaExceeded",
    "QueueQuotaExceeded",
    "StorageFull",
    "TokenLimitReached",
    "PinError",
    "SynonymsChanged",
    "_NoRule",
}


def said_in(code: str) -> Iterator[tuple[str, set[str]]]:
    """The codes that a module says, each with the names of the parameters that it gives."""
    for node in ast.walk(ast.parse(code)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        if node.func.id in ERRORS:
            given = {str(one.arg) for one in node.keywords} - {"permanent"}
        elif node.func.id == "Message":
            keys = (
                node.args[1].keys
                if len(node.args) > 1 and isinstance(node.args[1], ast.Dict)
                else ()
            )
            given = {str(key.value) for key in keys if isinstance(key, ast.Constant)}
        else:
            continue
        for part in ast.walk(node.args[0]):
            if isinstance(part, ast.Constant):
                yield str(part.value), given


def test_every_code_that_is_said_has_a_sentence_and_gets_the_parameters_it_names() -> None:
    said = [
        one
        for folder in ("documents", "retrieval", "frontend", "search_project")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for one in said_in(path.read_text())
    ]
    assert len(said) > len(SENTENCES)
    assert [one for one in said if one[0] not in SENTENCES] == []
    assert [one for one in said if one[1] != placeholders(SENTENCES[one[0]])] == []
    assert set(SENTENCES) - {code for code, _ in said} == set()


def test_a_message_is_an_english_sentence_where_no_language_is_asked_for() -> None:
    assert str(Message("text_too_long", {"characters": 20_000_000})).startswith(
        "The file has more than 20,000,000 characters of text"
    )
    formats = ["PDF", "Word", "text"]
    assert str(Message("unsupported_format", {"formats": formats})) == (
        "This kind of file is not supported. Upload PDF, Word or text."
    )
    assert str(Message("unsupported_format", {"formats": ["text"]})).endswith("Upload text.")
    reason = Message("model_not_fetched", {"model": "a/b"})
    assert str(Message("lexical_only", {"reason": reason})).endswith(
        "so this is keyword search. The model a/b cannot be fetched from the hub."
    )


def test_a_code_that_is_not_known_any_more_stands_for_itself() -> None:
    assert str(Message("of_an_older_version", {"n": 7})) == "of_an_older_version"
