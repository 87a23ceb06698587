"""Synonyms: rules, one a line in the format of Solr, and where the words of a query meet them.

    car, automobile, motor car            each finds the others
    gp, g.p. => general practitioner      the left finds the right, too, and not the other way
    # what follows is a comment           \\, is a comma within words

The words that are typed are always looked for themselves. They are compared folded: without case,
accents and signs that join (`Wi-Fi`, `wi fi`). Where rules overlap, the longest counts.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from documents.messages import Message
from retrieval.analysis import IDENTIFIER_MARK, UNSPACED, RunTerms, analyze_runs, fold_letters

MOST_RULES = 2000  # of one list
LONGEST_RULE = 500  # characters
MOST_ALTERNATIVES = 30  # in one rule
MOST_PAIRS = 200_000  # of words and what they stand for, in one list; some 3 MB
MOST_WORDS = 8  # of one alternative
LONGEST_LIST = 200_000  # characters, comments too
MOST_MATCHES = 40  # synonyms that one query may get
MOST_ERRORS = 20  # that are told at once

_COMMA = re.compile(r"(?<!\\),")

Words = tuple[str, ...]
Scope = int | None


class SynonymError(ValueError):
    """Lines that are no rules; `messages` say which and why."""

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__("\n".join(map(str, messages)))
        self.messages = tuple(messages)


@dataclass(frozen=True)
class SynonymRules:
    """The rules of one list: what each folded row of words stands for besides, in the order of the
    list. `scope` is the collection for whose documents they are, None where they are for all."""

    targets: Mapping[Words, tuple[str, ...]] = field(default_factory=dict)
    scope: Scope = None
    longest: int = 0  # words of the longest row

    def __bool__(self) -> bool:
        return bool(self.targets)

    @property
    def pairs(self) -> int:
        return sum(map(len, self.targets.values()))


@dataclass(frozen=True)
class SynonymMatch:
    """The words number `first` to `last` of a query may be replaced by `text` in `scope`."""

    first: int
    last: int
    text: str
    scope: Scope = None


def parse_synonyms(text: str, scope: Scope = None) -> SynonymRules:
    """The rules of a list. Raises SynonymError that names every line that is none."""
    if len(text) > LONGEST_LIST:
        raise SynonymError([Message("synonyms_too_long", {"most": LONGEST_LIST})])
    targets: dict[Words, dict[str, None]] = defaultdict(dict)
    problems: list[Message] = []
    rules = pairs = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        rules += 1
        try:
            for words, target in _read(line):
                targets[words][target] = None
                pairs += 1
        except _NoRule as problem:
            problems.append(Message("synonym_line", {"line": number, "reason": problem.reason}))
        if pairs > MOST_PAIRS:
            raise SynonymError([Message("synonyms_too_many_pairs", {"line": number})])
    if rules > MOST_RULES:
        problems.insert(0, Message("synonyms_too_many", {"most": MOST_RULES}))
    if problems:
        raise SynonymError(problems[:MOST_ERRORS])
    longest = max(map(len, targets), default=0)
    return SynonymRules({words: tuple(found) for words, found in targets.items()}, scope, longest)


def synonym_matches(
    runs: Sequence[RunTerms], rules: Sequence[SynonymRules], written: Sequence[bool]
) -> list[SynonymMatch]:
    """The synonyms of a query's runs, for each list of rules from left to right; `first` and `last`
    are places in `runs`. Runs that are `written` as they are meant have none."""
    words, owners = _words_of(runs, written)
    found: dict[SynonymMatch, None] = {}
    for each in rules:
        at = 0
        while at < len(words):
            targets, length = _longest_at(words, owners, at, each, runs)
            for text in targets:
                last = owners[at + length - 1]
                found[SynonymMatch(owners[at], last, text, each.scope)] = None
            at += length
    return list(found)[:MOST_MATCHES]


class _NoRule(Exception):
    def __init__(self, code: str, **params: int) -> None:
        self.reason = Message(code, params)


def _read(line: str) -> Iterator[tuple[Words, str]]:
    """Each row of words that a line names, with what it stands for."""
    if len(line) > LONGEST_RULE:
        raise _NoRule("synonym_line_too_long", most=LONGEST_RULE)
    sides = [_alternatives(side) for side in line.split("=>")]
    if len(sides) > 2:
        raise _NoRule("synonym_two_arrows")
    left, right = sides[0], sides[-1]
    if len(sides) == 1 and len(set(left.values())) < 2:
        raise _NoRule("synonym_alone")
    if not left or not right:
        raise _NoRule("synonym_side_empty")
    if max(len({*each.values()}) for each in sides) > MOST_ALTERNATIVES:
        raise _NoRule("synonym_too_many_alternatives", most=MOST_ALTERNATIVES)
    for words in left:
        for other, text in right.items():
            if "".join(other) != "".join(words):
                yield words, text


def _alternatives(side: str) -> dict[Words, str]:
    """The alternatives of one side of a rule, by their folded words."""
    found: dict[Words, str] = {}
    for part in _COMMA.split(side):
        text = " ".join(part.replace("\\,", ",").split())
        if not text:
            continue
        runs = analyze_runs(text, "")
        words, _ = _words_of(runs, ())
        if not words:
            raise _NoRule("synonym_without_words")
        if len(words) > MOST_WORDS and not UNSPACED.search(text):
            raise _NoRule("synonym_too_many_words", most=MOST_WORDS)
        found.setdefault(words, text)
        if len(runs) == 1 and not UNSPACED.search(text):  # wifi where the rule has Wi-Fi
            found.setdefault(("".join(words),), text)
    return found


def _words_of(runs: Sequence[RunTerms], written: Sequence[bool]) -> tuple[Words, list[int]]:
    """The folded words of runs, and the run of each. An empty word stands for a run that has no
    synonyms, so that nothing is matched across it."""
    words: list[str] = []
    owners: list[int] = []
    for at, run in enumerate(runs):
        own = [""] if written and written[at] else _words(run)
        words += own
        owners += [at] * len(own)
    return tuple(words), owners


def _words(run: RunTerms) -> list[str]:
    parts = [
        next((word for word, at, width in run.words if at == place and width == 1), "")
        for place in range(run.width)
    ]
    if len(parts) <= 1 and any(term.startswith(IDENTIFIER_MARK) for term in run.terms):
        return [fold_letters(run.text)]  # C++ is not C
    return [part for part in parts if part]


def _longest_at(
    words: Words, owners: Sequence[int], at: int, rules: SynonymRules, runs: Sequence[RunTerms]
) -> tuple[tuple[str, ...], int]:
    """What the longest row of words of a rule that begins here stands for, and how many words it
    has; nothing and one word if there is none. A single sign of a script without spaces is no word
    inside others."""
    run = runs[owners[at]]
    for length in range(min(rules.longest, len(words) - at), 0, -1):
        row = words[at : at + length]
        inside = length == 1 and run.width > 1 and UNSPACED.match(row[0])
        if row in rules.targets and not inside:
            return rules.targets[row], length
    size = owners.count(owners[at])
    whole = ("".join(words[at : at + size]),)  # Wi-Fi where the rule has wifi
    if whole in rules.targets and owners.index(owners[at]) == at:
        return rules.targets[whole], size
    return (), 1
