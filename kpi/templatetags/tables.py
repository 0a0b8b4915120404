"""What templates need for the cards that rows are on a phone, and for amounts in sentences."""

from collections.abc import Iterable, Sequence

from django import template

from kpi.wording import unbroken

register = template.Library()
register.filter(unbroken)


@register.filter
def labelled(cells: Iterable[object], heads: Sequence[str]) -> list[tuple[str, object]]:
    """Each cell with the head of its column; the first head is that of the row itself."""
    return list(zip(heads[1:], cells, strict=True))
