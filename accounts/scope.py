"""What rows somebody may see. Calculations and selectors take a Scope, never a user.

A Scope is made in one place, :func:`scope_of`; a filter can only narrow it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.roles import PERMISSIONS, Permission, Role

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows somebody may see.

    ``region``: every row. Otherwise only rows of ``municipality`` (CBS code, four digits);
    with neither, no row at all.
    """

    region: bool = False
    municipality: str | None = None

    def __post_init__(self) -> None:
        if self.region and self.municipality is not None:
            raise ValueError("a scope is the region or one municipality, not both")

    @property
    def key(self) -> str:
        """For cache keys: two users with the same rows share it, others never."""
        if self.region:
            return "regio"
        return f"gemeente-{self.municipality}" if self.municipality else "geen"

    def allows(self, municipality: str | None) -> bool:
        """Whether a row of this municipality (None: of the whole region) may be seen."""
        return self.region or (municipality is not None and municipality == self.municipality)


NOTHING = Scope()


def scope_of(user: "User") -> Scope:
    """The scope of a user; an inactive user or one without a known role sees nothing."""
    if not user.is_active or user.role not in Role.values:
        return NOTHING
    permissions = PERMISSIONS[Role(user.role)]
    if Permission.SEE_REGION in permissions:
        return Scope(region=True)
    if Permission.SEE_DASHBOARD in permissions and user.municipality:
        return Scope(municipality=user.municipality)
    return NOTHING
