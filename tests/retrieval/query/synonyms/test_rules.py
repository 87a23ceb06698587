"""Rules of synonyms: how a list is read, and where a query meets them."""

import pytest

from retrieval.analysis import analyze_runs
from retrieval.query.synonyms import rules as rules_module
from retrieval.query.synonyms.rules import (
    LONGEST_LIST,
    LONGEST_RULE,
    MOST_ALTERNATIVES,
    MOST_RULES,
    MOST_WORDS,
    SynonymError,
    parse_synonyms,
    synonym_matches,
)


def met(query: str, rules: str, language: str = "en", written: str = "") -> dict[str, list[str]]:
    """The synonyms of the words of a query, by the words that they stand for."""
    runs = analyze_runs(query, language)
    as_meant = [run.text == written for run in runs]
    found: dict[str, list[str]] = {}
    for match in synonym_matches(runs, [parse_synonyms(rules)], as_meant):
        words = " ".join(run.text for run in runs[match.first : match.last + 1])
        found.setdefault(words, []).append(match.text)
    return found


def test_each_of_two_way_synonyms_stands_for_the_others() -> None:
    rules = "car, automobile, motor car"

    assert met("a car", rules) == {"car": ["automobile", "motor car"]}
    assert met("automobile tyres", rules) == {"automobile": ["car", "motor car"]}
    assert met("old motor car", rules) == {"motor car": ["car", "automobile"]}


def test_one_way_synonyms_stand_for_the_left_side_alone() -> None:
    rules = "gp, family doctor => general practitioner, physician"

    assert met("gp", rules) == {"gp": ["general practitioner", "physician"]}
    assert met("a family doctor", rules) == {"family doctor": ["general practitioner", "physician"]}
    assert met("general practitioner", rules) == {}


@pytest.mark.parametrize(
    ("language", "query", "rules", "expected"),
    [
        ("fr", "LE PÉDIATRE", "pediatre => médecin", {"PÉDIATRE": ["médecin"]}),
        ("de", "die strasse", "Straße, Weg", {"strasse": ["Weg"]}),
        ("ru", "ВРАЧ", "врач, доктор", {"ВРАЧ": ["доктор"]}),
        ("ja", "自動車の修理", "自動車, 車", {"自動車の修理": ["車"]}),
        ("zh", "電腦 價格", "电脑, 计算机", {"電腦": ["计算机"]}),
        ("el", "ιατρός", "ΙΑΤΡΟΣ, γιατρός", {"ιατρός": ["γιατρός"]}),
        ("ar", "سَيَّارة", "سيارة, مركبة", {"سَيَّارة": ["مركبة"]}),
        ("en", "wifi", "Wi-Fi, WLAN", {"wifi": ["WLAN"]}),
        ("en", "Wi-Fi", "wifi, WLAN", {"Wi-Fi": ["WLAN"]}),
        ("en", "wi fi", "Wi-Fi, WLAN", {"wi fi": ["WLAN"]}),
    ],
)
def test_words_are_compared_in_their_folded_form(
    language: str, query: str, rules: str, expected: dict[str, list[str]]
) -> None:
    assert met(query, rules, language) == expected


def test_words_of_a_side_stand_beside_each_other_in_their_order() -> None:
    rules = "motor car => automobile"

    assert met("car motor", rules) == met("motor of a car", rules) == {}


def test_the_longest_row_of_words_counts_and_words_are_used_once() -> None:
    rules = "new york => NYC\nyork => Yorkshire\nnew york city => Big Apple"

    assert met("new york city", rules) == {"new york city": ["Big Apple"]}
    assert met("new york york", rules) == {"new york": ["NYC"], "york": ["Yorkshire"]}


def test_a_name_with_signs_is_not_the_letters_alone() -> None:
    rules = "C++ => cplusplus"

    assert met("C++", rules) == {"C++": ["cplusplus"]}
    assert met("vitamin C", rules) == {}


def test_a_single_sign_is_no_word_inside_others() -> None:
    assert met("車", "車 => 自動車", "ja") == {"車": ["自動車"]}
    assert met("電車賃", "車 => 自動車", "ja") == {}


def test_what_is_meant_as_written_has_none_and_parts_its_neighbours() -> None:
    rules = "car => automobile\nmotor car => vehicle"

    assert met("motor car", rules, written="car") == {}
    assert met("motor car", rules) == {"motor car": ["vehicle"]}


def test_comments_blank_lines_and_escaped_commas_are_read_as_solr_reads_them() -> None:
    rules = "# ours\n\n  car ,automobile,\nan\\, b => c\n"

    assert met("car", rules) == {"car": ["automobile"]}
    assert met("an, b", rules) == {"an b": ["c"]}


def test_several_rules_for_the_same_words_add_up() -> None:
    assert met("gp", "gp => doctor\nGP => physician\ngp => doctor") == {
        "gp": ["doctor", "physician"]
    }


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("car", "A rule needs two different words or phrases, parted by commas or an arrow."),
        ("car, CAR", "A rule needs two different words or phrases, parted by commas or an arrow."),
        ("car =>", "One side of the arrow is empty."),
        ("=> car", "One side of the arrow is empty."),
        ("a => b => c", "A rule has one arrow at most."),
        ("car, !!", "What stands between two commas has no letter or digit."),
        ("a, " + "w " * (MOST_WORDS + 1), "A synonym may have 8 words."),
        (", ".join(f"w{n}" for n in range(MOST_ALTERNATIVES + 1)), "may have 30 synonyms."),
        ("a, " + "b" * LONGEST_RULE, "A rule may have 500 characters."),
    ],
)
def test_a_line_that_is_no_rule_is_named_with_the_reason(line: str, reason: str) -> None:
    with pytest.raises(SynonymError) as caught:
        parse_synonyms(f"# first\ncar, automobile\n{line}\ngp => doctor")

    [message] = caught.value.messages
    assert str(message).startswith("Line 3: ")
    assert reason in str(message)


def test_every_bad_line_is_named_at_once() -> None:
    with pytest.raises(SynonymError) as caught:
        parse_synonyms("alone\ncar, automobile\n=>")

    assert [str(each).split(":")[0] for each in caught.value.messages] == ["Line 1", "Line 3"]


def test_a_list_is_bounded() -> None:
    with pytest.raises(SynonymError, match="2,000 rules"):
        parse_synonyms("\n".join(f"a{n} => b{n}" for n in range(MOST_RULES + 1)))
    with pytest.raises(SynonymError, match="200,000 characters"):
        parse_synonyms("# " + "x" * LONGEST_LIST)
    assert parse_synonyms("\n".join(f"a{n} => b{n}" for n in range(MOST_RULES)))


def test_a_list_has_so_many_pairs_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules_module, "MOST_PAIRS", 12)
    row = ", ".join("abcd")  # each of four finds three

    assert parse_synonyms(row).pairs == 12
    with pytest.raises(SynonymError, match="From line 2 on"):
        parse_synonyms(f"{row}\ne => f\n{row}")
