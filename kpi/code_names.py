"""Codes of messages in words, as the code lists of releases 2.3 and 3.2 mean them."""

from collections.abc import Mapping

from providers.models import Wet

IN_BOTH_LAWS = {
    "02": "overlijden",
    "20": "tijdelijk",
    "36": "op initiatief van de gemeente",
    "37": "door een verzoek om wijziging",
    "38": "overstap naar een andere aanbieder",
    "39": "uitstroom naar een ander domein",
}
END_REASONS = {
    "jeugdwet": {
        **IN_BOTH_LAWS,
        "31": "volgens plan",
        "32": "voortijdig door de cliënt",
        "33": "voortijdig door de aanbieder",
        "34": "voortijdig in overleg",
        "35": "voortijdig door omstandigheden van buiten",
    },
    "wmo": {
        **IN_BOTH_LAWS,
        "19": "volgens plan",
        "21": "voortijdig door de cliënt",
        "22": "voortijdig door de aanbieder",
        "23": "voortijdig in overleg",
        "31": "verhuizing naar een andere gemeente",
    },
}
REFERRERS = {
    "01": "gemeente",
    "02": "huisarts",
    "03": "jeugdarts",
    "04": "gecertificeerde instelling",
    "05": "medisch specialist",
    "06": "geen verwijzer",
    "07": "onbekend",
    "08": "rechter of officier van justitie",
}


def end_reason(wet: str, code: str) -> str:
    """The code of an end reason with its meaning in that law, where it has one."""
    return _named(code, END_REASONS.get(wet, {}))


def end_reason_of_law(both: str) -> str:
    """``end_reason`` of ``wet:code``, with the name of the law."""
    wet, _, code = both.partition(":")
    return f"{end_reason(wet, code)}, {dict(Wet.choices).get(wet, wet)}"


def product(key: str, names: Mapping[str, str]) -> str:
    """Category and code of a product (``wet:category:code``), with its name where the catalogue has one."""
    codes = "-".join(filter(None, key.split(":")[1:]))
    return f"{codes} ({names[key]})" if key in names else codes


def referrer(code: str) -> str:
    """The code of a type of referrer with its meaning; a request need not have one."""
    return _named(code, REFERRERS) if code else "onbekend"


def _named(code: str, names: dict[str, str]) -> str:
    return f"{code} ({names[code]})" if code in names else code
