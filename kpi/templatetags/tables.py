"""What a template needs to make a card of each row of a table on a phone."""

from collections.abc import Iterable, Sequence

from django import template

register = template.Library()


@register.filter
def labelled(cells: Iterable[object], heads: Sequence[str]) -> list[tuple[str, object]]:
    """Each cell with the head of its column; the first head is that of the row itself."""
    return list(zip(heads[1:], cells, strict=True))
