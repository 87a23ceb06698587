"""What the documents say of the code is so: names, links, commands, tables and diagrams."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.db.models import ForeignKey, Model

from documents.models import Document
from search_project.servers import lifecycle
from search_project.supervisor import programs

ROOT = Path(__file__).resolve().parent.parent
APPS = ("documents", "retrieval", "frontend", "search_project")
FILES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Folders that Django prescribes.
PRESCRIBED = {"migrations", "management", "commands", "templatetags"}
MADE = "docker/secrets/"  # by docker/make-secrets.sh
# Of libraries that the documents speak of.
THEIRS = {"CrossEncoderTrainer", "LambdaLoss"}

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
INDENTED = re.compile(r"^    (.+)$", re.M)
SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\((?!\w+:)([^)\s#]*)(?:#([\w-]+))?\)")
PLACE = re.compile(rf"(?:{'|'.join((*APPS, 'tests', 'docker', 'docs'))})(?:/[\w.*-]+)*/?")
MODULE = re.compile(rf"(?:{'|'.join((*APPS, 'tests'))})(?:\.\w+)+")

each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


ARCHITECTURE = text_of(ROOT / "docs/architecture.md")
OPERATIONS = text_of(ROOT / "docs/operations.md")
SECURITY = text_of(ROOT / "docs/security.md")
# The chapters of OWASP's ASVS 5.0.
CHAPTERS = range(1, 18)


def spans_of(text: str) -> list[str]:
    """The code between words."""
    return [" ".join(span.split()) for span in SPAN.findall(FENCE.sub("", text))]


def code_of(text: str) -> str:
    """All code: between words, in blocks and in indented lines."""
    blocks = [block for _, block in FENCE.findall(text)]
    return "\n".join([*spans_of(text), *blocks, *INDENTED.findall(text)])


def rows_of(text: str, header: str) -> list[list[str]]:
    """The cells of all tables whose first column is headed so."""
    found: list[list[str]] = []
    for table in re.findall(r"^\|.*?(?=^[^|]|\Z)", text, re.M | re.S):
        lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]
        lines = [cells for cells in lines if cells]
        if lines[0][0] == header:
            found += lines[2:]
    assert found, f"There is no table of {header}."
    return found


def names_in(cell: str) -> list[str]:
    return SPAN.findall(cell)


@cache
def source() -> str:
    """All modules as one text, with strings that go on in the next line put together."""
    modules = [text_of(path) for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return re.sub(r'"\s*\n\s*f?"', "", "\n".join(modules))


def anchors_of(path: Path) -> set[str]:
    """The names under which GitHub knows the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text_of(path)), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_file
def test_every_link_within_the_repository_leads_somewhere(path: Path) -> None:
    for name, anchor in LINK.findall(FENCE.sub("", text_of(path))):
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), name
        assert not anchor or anchor in anchors_of(target), f"{name}#{anchor}"


def test_every_recipe_is_linked_where_contributors_look() -> None:
    linked = {name for name, _ in LINK.findall(text_of(ROOT / "CONTRIBUTING.md"))}
    recipes = {f"docs/recipes/{path.name}" for path in (ROOT / "docs/recipes").glob("*.md")}
    assert recipes and recipes <= linked


@each_file
def test_every_file_and_folder_named_is_there(path: Path) -> None:
    named = {span for span in spans_of(text_of(path)) if PLACE.fullmatch(span)}
    named -= {name for name in named if name.startswith(MADE)}
    assert sorted(name for name in named if not list(ROOT.glob(name.rstrip("/")))) == []


def is_module_or_in_one(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        place, inner = ROOT.joinpath(*parts[:length]), parts[length:]
        modules = [one for one in (place.with_suffix(".py"), place / "__init__.py") if one.exists()]
        if modules:
            return all(re.search(rf"\b{word}\b", text_of(modules[0])) for word in inner)
    return False


@each_file
def test_every_module_named_is_there_and_has_the_name_looked_for(path: Path) -> None:
    text = text_of(path)
    named = {span for span in spans_of(text) if MODULE.fullmatch(span)}
    named |= {name for name in re.findall(r"python -m (\S+)", code_of(text)) if MODULE.match(name)}
    assert sorted(name for name in named if not is_module_or_in_one(name)) == []


@each_file
def test_every_class_and_constant_named_is_in_the_code(path: Path) -> None:
    spans = set(spans_of(text_of(path)))
    classes = {span for span in spans if re.fullmatch(r"(?:[A-Z][a-z0-9]+){2,}", span)}
    settings_named = {
        span for span in spans if re.fullmatch(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", span)
    }
    elsewhere = source() + "".join(
        map(text_of, [ROOT / "Makefile", *(ROOT / "tests").glob("*.py")])
    )
    known = set(re.findall(r"\w+", elsewhere.replace(text_of(Path(__file__)), ""))) | THEIRS
    assert sorted((classes | settings_named) - known) == []


@each_file
def test_every_make_target_named_is_there(path: Path) -> None:
    named = set(re.findall(r"\bmake ([a-z][\w-]*)", code_of(text_of(path))))
    targets = set(re.findall(r"^([a-z][\w-]*):", text_of(ROOT / "Makefile"), re.M))
    assert sorted(named - targets) == []


@each_file
def test_every_command_named_is_there(path: Path) -> None:
    named = set(re.findall(r"manage\.py ([a-z]\w*)", code_of(text_of(path))))
    assert sorted(named - set(get_commands())) == []


def packages() -> Iterator[str]:
    for init in (path for app in APPS for path in (ROOT / app).rglob("__init__.py")):
        place = init.parent.relative_to(ROOT)
        holds_modules = any(path != init for path in init.parent.glob("*.py"))
        if holds_modules and PRESCRIBED.isdisjoint(place.parts):
            yield place.as_posix()


def test_the_table_of_packages_has_a_row_for_each() -> None:
    rows = [name for cells in rows_of(ARCHITECTURE, "Package") for name in names_in(cells[0])]
    assert sorted(rows) == sorted(packages())


def models() -> list[type[Model]]:
    every = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return [model for model in every if not model._meta.proxy]


def references(model: type[Model]) -> list[str]:
    fields = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    return sorted(field.related_model.__name__ for field in fields)


def test_the_data_model_names_every_table_and_what_it_points_to() -> None:
    rows = {names_in(cells[0])[0]: names_in(cells[2]) for cells in rows_of(ARCHITECTURE, "Table")}
    assert rows == {model.__name__: references(model) for model in models()}


def test_the_diagram_of_the_data_model_has_every_foreign_key() -> None:
    drawn = re.findall(r"^ +(\w+) [|}o]+--[|{o]+ (\w+) :", ARCHITECTURE, re.M)
    keys = [(target, model.__name__) for model in models() for target in references(model)]
    assert sorted(drawn) == sorted(keys)


def test_the_diagram_of_states_has_the_states_of_a_document() -> None:
    drawn = re.findall(r"^ +(\S+) --> (\w+) : ", ARCHITECTURE, re.M)
    assert {state for arrow in drawn for state in arrow} - {"[*]"} == set(Document.State.values)


def test_every_process_has_a_row_in_both_tables(tmp_path: Path) -> None:
    described = {names_in(cells[0])[0] for cells in rows_of(ARCHITECTURE, "Process")}
    placed = {names_in(cells[0])[0] for cells in rows_of(OPERATIONS, "Process")}
    state = type(settings.STATE)(tmp_path)
    product = {program.name for program in programs.product_programs(state)}
    servers = {server.name for server in lifecycle.embedded(state)}
    assert product == placed
    assert product | servers == described


def test_the_table_of_upkeep_is_the_schedule() -> None:
    seconds = {"s": 1, "h": 3600}
    rows = {}
    for task, every, _ in rows_of(ARCHITECTURE, "Upkeep task"):
        number, unit = every.split()
        rows[names_in(task)[0]] = float(number) * seconds[unit]
    schedule = settings.CELERY_BEAT_SCHEDULE.values()
    assert rows == {entry["task"]: entry["schedule"] for entry in schedule}


def test_every_folder_kept_under_var_dir_has_a_row() -> None:
    rows = {name for cells in rows_of(OPERATIONS, "Folder") for name in names_in(cells[0])}
    made = re.findall(r"\bfolder\(\"(\w+)\"\)|\bVAR_DIR\)? / \"(\w+)\"", source())
    servers = {server.name for server in lifecycle.embedded(settings.STATE)}
    assert {one or other for one, other in made} | servers <= rows


def test_the_messages_of_troubleshooting_are_those_of_the_code() -> None:
    cells = [cells[0] for cells in rows_of(OPERATIONS, "Message")]
    quoted = [match for cell in cells for match in re.findall(r'"([^"]+)"', cell)]
    assert len(quoted) == len(cells)
    assert [message for message in quoted if message not in source()] == []


def test_whatever_is_said_to_be_guarded_names_a_module_and_a_test() -> None:
    for what, _, module, tests in rows_of(SECURITY, "What"):
        by_library = module == "Django"
        assert by_library or all((ROOT / name).is_file() for name in names_in(module)), what
        assert evidence_in(tests), what


def evidence_in(cell: str) -> list[str]:
    found = [name for name in names_in(cell) if name.startswith("tests/")]
    return [name for name in found if (ROOT / name).is_file()]


def test_every_chapter_of_the_asvs_has_a_verdict_with_a_test_or_a_reason() -> None:
    rows = rows_of(SECURITY, "Section")
    judged: set[int] = set()
    for section, verdict, evidence in rows:
        assert verdict in ("met", "partly", "not", "none"), section
        said = LINK.sub("", SPAN.sub("", evidence))
        assert evidence_in(evidence) if verdict == "met" else len(said.split()) >= 3, section
        judged.add(int(section.removeprefix("V").partition(".")[0]))
    assert judged == set(CHAPTERS)
