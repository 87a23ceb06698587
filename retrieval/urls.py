"""URLs of the search API."""

from django.urls import path

from retrieval.api.autocomplete import AutocompleteView
from retrieval.api.judgements import JudgementsView
from retrieval.api.views import SearchView

urlpatterns = [
    path("search", SearchView.as_view(), name="api_search"),
    path("autocomplete", AutocompleteView.as_view(), name="api_autocomplete"),
    path("judgements", JudgementsView.as_view(), name="api_judgements"),
]
