"""The page of a place: a provider, a municipality, a care domain, a product, or a whole selection."""

from django.urls import reverse

from kpi.pages import query
from kpi.selection import Selection

KINDS = {"domain": "zorgdomein", "municipality": "gemeente", "provider": "aanbieder"}
PAGES = {"domain": "kpi:domain", "municipality": "kpi:municipality", "product": "kpi:providers"}


def place_url(place: Selection, dimension: str) -> str:
    """The page of the place that ``dimension`` names, with the rest of the selection as its filter.

    A product has no page: it is a filter on that of its provider or municipality, or else on the list of providers.
    """
    if dimension == "provider" or (dimension == "product" and place.provider):
        return reverse("kpi:provider", args=[place.provider]) + query(place, without=["provider"])
    if dimension == "product" and place.municipality:
        return reverse("kpi:municipality") + query(place)
    return reverse(PAGES.get(dimension, "kpi:overview")) + query(place)
