"""URLs of the search API."""

from django.urls import path

from retrieval.api.autocomplete import AutocompleteView
from retrieval.api.judgements import JudgementsView
from retrieval.api.pins import PinsView, PinView
from retrieval.api.synonyms import CollectionSynonymsView, InstallationSynonymsView
from retrieval.api.views import SearchView

urlpatterns = [
    path("search", SearchView.as_view(), name="api_search"),
    path("autocomplete", AutocompleteView.as_view(), name="api_autocomplete"),
    path("judgements", JudgementsView.as_view(), name="api_judgements"),
    path("synonyms", InstallationSynonymsView.as_view(), name="api_installation_synonyms"),
    path("collections/<slug:slug>/synonyms", CollectionSynonymsView.as_view(), name="api_synonyms"),
    path("collections/<slug:slug>/pins", PinsView.as_view(), name="api_pins"),
    path("collections/<slug:slug>/pins/<int:pk>", PinView.as_view(), name="api_pin"),
]
