"""A text search finds a name's one definition, and a folder can be read at a glance."""

import ast
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("documents", "retrieval", "frontend", "search_project", "docker")
MODULES = [
    path
    for folder in FOLDERS
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
# Django finds a command and the options of a class by these names.
DJANGO_CLASSES = {"Command", "Meta"}
# What `if __name__ == "__main__"` calls, in each file that is a program.
PROGRAM_FUNCTIONS = {"main"}
# Words in -ing that are things: the spelling of a word, the encoding of a text.
NOUNS_IN_ING = ("spelling", "encoding")
MOST_MODULES = 15

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def definitions(*kinds: type[Definition], nested: bool) -> dict[str, list[str]]:
    """The modules that define each name; private names are their module's own affair."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree) if nested else tree.body:
            if isinstance(node, kinds) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(ROOT).as_posix())
    return found


def repeated(found: dict[str, list[str]], allowed: set[str]) -> dict[str, list[str]]:
    return {name: at for name, at in found.items() if len(at) > 1 and name not in allowed}


def test_a_class_has_a_name_of_its_own() -> None:
    assert repeated(definitions(ast.ClassDef, nested=True), DJANGO_CLASSES) == {}


def test_a_public_function_of_a_module_has_a_name_of_its_own() -> None:
    functions = definitions(ast.FunctionDef, ast.AsyncFunctionDef, nested=False)
    assert repeated(functions, PROGRAM_FUNCTIONS) == {}


def test_a_module_is_named_for_a_thing_and_not_for_an_activity() -> None:
    stems = [path for path in MODULES if path.stem.endswith("ing")]
    activities = [path for path in stems if not path.stem.endswith(NOUNS_IN_ING)]
    assert [path.relative_to(ROOT).as_posix() for path in activities] == []


def test_a_folder_holds_no_more_modules_than_a_reader_can_survey() -> None:
    counts = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    crowded = {folder.name: count for folder, count in counts.items() if count > MOST_MODULES}
    assert crowded == {}
