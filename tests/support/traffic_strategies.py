"""Random message traffic in which messages often touch each other, for property tests."""

from hypothesis import strategies as st

from tests.support.xmlmessages import (
    ANNA,
    BRAM,
    Line,
    Message,
    allocation,
    answer,
    claim_answer,
    message,
    request,
    start,
    stop,
)


def mostly(usual: object, *others: object) -> st.SearchStrategy:
    """One value nearly always, sometimes another: much has to agree before care comes of messages."""
    return st.sampled_from([*[usual] * 9, *others])


# Few values, so that messages often touch each other: same numbers, same days, same moments.
numbers = mostly(1, 2)
days = st.sampled_from(["2025-01-06", "2025-01-06", "2025-01-06", "2025-01-07", "2025-02-03"])
begins = st.sampled_from(["2025-01-06", "2025-01-06", "2025-01-06", "2025-01-07", "2025-04-07"])
later = st.sampled_from(["2025-03-03", "2025-03-31", "2025-05-30"])
header = st.fixed_dictionaries(
    {
        "day": st.sampled_from(["2025-01-08", "2025-02-04", "2025-04-01"]),
        "wet": mostly("jeugdwet", "wmo"),
        "release": st.sampled_from(["2.3", "3.2"]),
        "town": mostly("0080", "0059"),
        "identification": st.integers(1, 12).map(str),
    }
)
codes = mostly("45A04", "45A05", None).map(lambda code: ("45", code))
allocations = st.builds(
    allocation,
    numbers,
    days,
    st.none() | later,
    decided=days,
    time=st.sampled_from(["09:00:00", "14:00:00"]),
    reason=mostly(None, "05", "13", "01"),
    product=codes,
    size=st.sampled_from([None, (3, "04", "2")]),
    reference=st.sampled_from([None, "REF1", "REF2"]),
)
status = mostly("1", "3")
starts = st.builds(start, numbers, begins, status, codes)
stops = st.builds(stop, numbers, begins, later, st.sampled_from(["20", "31", "32"]), status, codes)
requests = st.builds(request, st.sampled_from(["REF1", "REF2"]), referrer=st.sampled_from(["02", "04", "07"]))
lines = st.builds(
    Line,
    st.sampled_from(["R1", "R2", "R3"]),
    st.sampled_from([100, 250]),
    number=numbers,
    sign=st.sampled_from(["D", "D", "C"]),
    previous=st.sampled_from([None, "R1"]),
    bsn=st.sampled_from([ANNA, BRAM]),
)
WEIGHTED = ["301", "301", "305", "305", "307", "307", "307", "315", "claim", "claim"]
PARTS = {"301": allocations, "305": starts, "307": stops, "315": requests}


@st.composite
def heen(draw: st.DrawFn) -> Message:
    soort = draw(st.sampled_from(WEIGHTED))
    head = draw(header)
    if soort != "claim":
        parts = draw(st.lists(PARTS[soort], min_size=1, max_size=3))
        return message(soort, *parts, person=draw(mostly(ANNA, BRAM)), **head)
    claims = draw(st.lists(lines, min_size=1, max_size=3))
    return message("303" if head["release"] == "2.3" else "323", *claims, **head)


@st.composite
def answered(draw: st.DrawFn) -> list[Message]:
    """A message with up to two returns of it."""
    item = draw(heen())
    found = [item]
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        day = draw(st.sampled_from(["2025-04-02", "2025-04-03"]))
        own = draw(st.sampled_from(["Q", "R"]))
        code = draw(mostly("0200", "0233", "9332", "8004"))
        if item.soort in ("303", "323"):
            listed = tuple((line, code) for line in draw(st.lists(lines, max_size=2)))
            whole = draw(st.sampled_from([("8001",), ("0200",), ("9333",)]))
            found.append(
                claim_answer(item, day, whole=whole, listed=listed, granted=(50,) * len(listed), identification=own)
            )
        else:
            records = draw(st.sampled_from([(), ((item.parts[0], code),)]))
            top = draw(mostly((), ("0001",)))
            found.append(answer(item, day, header=top, records=records, identification=own))
    return found


@st.composite
def traffic(draw: st.DrawFn) -> tuple[list[Message], list[Message]]:
    """Messages, and the same messages in another order, some of them more than once."""
    groups = draw(st.lists(answered(), min_size=5, max_size=14))
    items = [item for group in groups for item in group]
    again = draw(st.lists(st.sampled_from(items), max_size=4))
    return items, draw(st.permutations(items + again))
