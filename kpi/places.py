"""The page of a place: a provider, a municipality, a care domain, or a whole selection."""

from django.urls import reverse

from kpi.pages import query
from kpi.selection import Selection

KINDS = {"domain": "zorgdomein", "municipality": "gemeente", "provider": "aanbieder"}
PAGES = {"domain": "kpi:domain", "municipality": "kpi:municipality"}


def place_url(place: Selection, dimension: str) -> str:
    """The page of the place that ``dimension`` names, with the rest of the selection as its filter."""
    if dimension == "provider":
        return reverse("kpi:provider", args=[place.provider]) + query(place, without=["provider"])
    return reverse(PAGES.get(dimension, "kpi:overview")) + query(place)
