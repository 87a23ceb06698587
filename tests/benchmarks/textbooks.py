"""Turns a folder of textbook passages and queries into rows and passages to train on.

    python -m tests.benchmarks.textbooks ../shared/data/reranker-training var/training

writes `passages.jsonl`, to look for negatives in, and a file of rows for each kind of query:
`written`, `headings`, `questions`, `glossary`, from the cleanest labels to the weakest.
"""

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rank_bm25 import BM25Okapi

from documents.chunking.indexed_text import indexed_text
from retrieval.analysis.analyzer import analyzed_terms
from retrieval.training.data.rows import CorpusPassage, TrainingRow, write_rows

PASSAGES = ("passages.jsonl.gz", "passages_md.jsonl.gz")


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit("Say from where and to where: python -m tests.benchmarks.textbooks FOLDER OUT")
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    try:
        lines = [line for name in PASSAGES for line in _lines(source / name)]
        passages = {line["id"]: _passage(line) for line in lines}
        counts = {"passages": write_rows(target / "passages.jsonl", passages.values())}
        for name, rows in {
            "written": written(_lines(source / "written_queries.jsonl.gz"), passages),
            "headings": headings(lines, passages),
            "questions": questions(_lines(source / "questions.jsonl.gz"), passages),
            "glossary": glossary(_lines(source / "weak_pairs.jsonl.gz")),
        }.items():
            counts[name] = write_rows(target / f"{name}.jsonl", rows)
    except OSError as error:
        sys.exit(f"{error.filename} cannot be read or written: {error.strerror}.")
    print(", ".join(f"{count} {name}" for name, count in counts.items()))


def written(lines: Iterator[Any], passages: Mapping[str, CorpusPassage]) -> Iterator[TrainingRow]:
    """Queries written by reading the passage: a question, keywords and a claim for each."""
    for line in lines:
        if line["id"] in passages:
            yield from (_row(query, passages[line["id"]]) for query in line["q"])


def headings(lines: Sequence[Any], passages: Mapping[str, CorpusPassage]) -> Iterator[TrainingRow]:
    """The first passage under each heading, looked for by its module's title and the heading.

    They name no passage, so that none is mined for: passages found would have their titles above
    them, and this one must not, since its title is what is asked for.
    """
    seen = set()
    for line in lines:
        place = (line["book"], line["module"], tuple(line["path"]))
        if line["path"] and place not in seen:
            seen.add(place)
            passage = passages[line["id"]]
            query = f"{line['module']} {line['path'][-1]}"
            yield TrainingRow(query, passage.text, section=passage.section, book=passage.book)


def questions(lines: Iterator[Any], passages: Mapping[str, CorpusPassage]) -> Iterator[TrainingRow]:
    """Review questions, each with that passage of its module that BM25 finds best for it."""
    modules: dict[tuple[str, str], list[CorpusPassage]] = defaultdict(list)
    for passage in passages.values():
        modules[passage.book, passage.id.rsplit("/", 2)[-2]].append(passage)
    ranked = {place: _Module(found) for place, found in modules.items()}
    for line in lines:
        module = ranked.get((line["book"], line["mod"]))
        if module:
            yield _row(line["q"], module.best(f"{line['q']} {_solution(line)}"))


def glossary(lines: Iterator[Any]) -> Iterator[TrainingRow]:
    """Terms and their definitions, which stand in no passage."""
    for line in lines:
        yield TrainingRow(line["q"], line["p"], book=line["book"])


class _Module:
    """The passages of a module, searched by their words."""

    def __init__(self, passages: Sequence[CorpusPassage]) -> None:
        self._passages = passages
        self._index = BM25Okapi([analyzed_terms(passage.text, "en") for passage in passages])

    def best(self, query: str) -> CorpusPassage:
        return self._passages[int(self._index.get_scores(analyzed_terms(query, "en")).argmax())]


def _solution(line: Mapping[str, Any]) -> str:
    """The answer in words: of a multiple choice, the option that the solution names."""
    options, solution = line.get("opts") or [], str(line.get("sol") or "")
    place = ord(solution[0]) - ord("A") if solution[:1].isalpha() else -1
    return str(options[place]) if len(solution) == 1 and 0 <= place < len(options) else solution


def _passage(line: Mapping[str, Any]) -> CorpusPassage:
    title = " > ".join([line["module"], *line["path"]])
    module = line["id"].rsplit("/", 1)[0]
    return CorpusPassage(line["id"], line["text"], title, f"{module} {title}", line["book"])


def _row(query: str, passage: CorpusPassage) -> TrainingRow:
    text = indexed_text(passage.title, (), passage.text)
    return TrainingRow(query, text, (), passage.id, passage.section, passage.book)


def _lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
