"""What must hold of both indicators on relapse, whatever the end of the trajectory that they follow."""

import pytest

from tests.support.care import care, delivered
from tests.support.facts import values


class Relapse:
    """``kind``: how the measures call the end; ``code``: an end reason of that class."""

    kind: str
    code: str

    def ended(self, who, number, reason=None):
        return care(who, number, "2025-01-01", "2025-03-31", reason or self.code)

    def band(self, name, *spells, as_of="2026-12-31"):
        return values(delivered(*spells, as_of=as_of), f"recidive_{self.kind}_{name}", "2025-Q1")

    def test_the_example(self):
        assert self.band("0_4", self.ended(1, 1), self.ended(2, 2), care(1, 3, "2025-06-01"))[""] == (1, 2)

    @pytest.mark.parametrize(
        ("begin", "bands"),
        [
            ("2025-04-01", (0, 0, 0)),  # adjoins: the same trajectory, that has not ended
            ("2025-04-02", (1, 0, 0)),
            ("2025-07-31", (1, 0, 0)),  # four months after 31 March
            ("2025-08-01", (0, 1, 0)),
            ("2025-11-30", (0, 1, 0)),  # eight months: November has no 31st
            ("2025-12-01", (0, 0, 1)),
        ],
    )
    def test_the_borders_of_the_bands(self, begin, bands):
        spells = self.ended(1, 1), self.ended(2, 2), care(1, 3, begin)
        assert tuple(self.band(name, *spells)[""][0] for name in ("0_4", "4_8", "8_plus")) == bands

    @pytest.mark.parametrize(("as_of", "ripe"), [("2025-07-30", 0), ("2025-07-31", 1)])
    def test_who_cannot_be_judged_yet_is_told_apart(self, as_of, ripe):
        expected = {"": (0, 1)} if ripe else {"nog_niet_rijp": (1, 1)}
        assert self.band("0_4", self.ended(1, 1), as_of=as_of) == expected

    def test_other_ends_are_no_cohort(self):
        assert self.band("0_4", self.ended(1, 1, reason="36")) == {}
