"""Every address of the portal, from the URL configuration itself: a new page is in every test that walks them."""

from collections.abc import Iterator, Mapping, Sequence

from django.urls import URLPattern, get_resolver, reverse


def patterns() -> Iterator[tuple[str, URLPattern]]:
    """The full name and pattern of every address."""
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLPattern):
            continue
        for pattern in entry.url_patterns:
            yield ":".join(filter(None, (entry.app_name, pattern.name))), pattern


def filled(name: str, pattern: URLPattern, values: Mapping[str, Sequence[object]]) -> list[str]:
    """The addresses of a pattern with each of the values that its parameters may have."""
    ways: list[dict[str, object]] = [{}]
    for parameter in pattern.pattern.regex.groupindex:
        ways = [way | {parameter: value} for way in ways for value in values[parameter]]
    return [reverse(name, kwargs=way) for way in ways]
