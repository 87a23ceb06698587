"""The facets with their counts and the switches of a search, as links."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from frontend.search.params import SearchParams
from frontend.search.retriever_labels import retriever_label
from retrieval.search import HYBRID, MODES, FacetValue, SearchResponse, field_of

SHOWN = 8  # of a facet's values, before "more"


@dataclass(frozen=True)
class FacetOption:
    """A value of a facet or a setting of a switch: a link that turns it on or off."""

    key: str
    label: str
    address: str
    selected: bool
    count: int | None = None
    hint: str = ""


@dataclass(frozen=True)
class FacetGroup:
    """A facet: the values shown at once, and those behind "more"."""

    title: str
    shown: list[FacetOption]
    more: list[FacetOption]

    @property
    def chosen(self) -> list[FacetOption]:
        return [choice for choice in self.shown if choice.selected]


def facet_groups(page: SearchResponse, params: SearchParams) -> Iterator[FacetGroup]:
    """The facets of a page; selected values are always among those shown."""
    for name, values in page.facets.items():
        if not values or _is_idle(name, values, page.total):
            continue
        choices = [_choice(name, value, params) for value in values]
        if len(choices) > SHOWN:
            choices.sort(key=lambda choice: not choice.selected)
        at_once = max(SHOWN, sum(choice.selected for choice in choices))
        yield FacetGroup(_title(name), choices[:at_once], choices[at_once:])


def _is_idle(name: str, values: list[FacetValue], total: int) -> bool:
    """Whether a facet offers no choice, as all results have its one value. Fields that are always
    shown (`FilterField`) are not idle."""
    only = values[0]
    says = field_of(name).stated or only.selected
    return len(values) == 1 and only.count == total and not says


def _choice(name: str, facet: FacetValue, params: SearchParams) -> FacetOption:
    label = _(facet.label) if facet.label and field_of(name).translated else facet.label
    return FacetOption(
        key=f"{name}-{quote(facet.value, safe='')}",
        label=label,
        address=params.url_with_facet(name, facet.value),
        selected=facet.selected,
        count=facet.count,
    )


def _title(facet: str) -> str:
    """The label of a field, or of a keyed field its key as a title: "Cost center"."""
    field = field_of(facet)
    if not field.keyed:
        return str(field.label)
    name = field.key(facet).replace("_", " ")
    return name[:1].upper() + name[1:]


def mode_switches(params: SearchParams) -> list[tuple[str, list[FacetOption]]]:
    """The switches for the mode of a search and for reranking."""
    both = (HYBRID, _("Both"), _("Words and meaning together (hybrid search)"))
    alone = [(mode, retriever_label(mode)) for mode in MODES if mode != HYBRID]
    modes = [both, *((mode, label.title, label.hint) for mode, label in alone)]
    rerank = [(True, pgettext("switch", "On")), (False, pgettext("switch", "Off"))]
    return [
        (
            _("Match by"),
            [
                FacetOption(
                    f"mode-{key}", label, params.url_for_mode(key), key == params.mode, hint=hint
                )
                for key, label, hint in modes
            ],
        ),
        (
            _("Rerank top results"),
            [
                FacetOption(
                    f"rerank-{on}".lower(), label, params.url_with_rerank(on), on == params.rerank
                )
                for on, label in rerank
            ],
        ),
    ]
