"""Who asks, as the conditions on what they may see know them."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, String, bindparam

from models.sight import area_of, own_id, province_of
from models.viewer import ANONYMOUS, Viewer
from models.vocabulary.access import Role


@dataclass(frozen=True)
class Asker:
    """Who asks, and what of them stands in conditions.

    Conditions that sessions put into every query are made once for all who are alike in what they
    may see: what tells them apart is bound when the query is sent. One set of conditions is seven
    thousand objects and 1.3 MB; one a viewer would be gigabytes in a process that serves a
    thousand organisations.

    Attributes:
        viewer: Who asks, or somebody like them.
        is_bound: Whether values are those of the viewer of the query under way.
    """

    viewer: Viewer
    is_bound: bool = False

    @property
    def role(self) -> Role:
        """As what they act."""
        return self.viewer.role

    def organisation(self) -> Any | None:  # noqa: ANN401 - what a column is compared with
        """Return their organisation; None when they act for none."""
        if own_id(self.viewer) is None or not self.is_bound:
            return own_id(self.viewer)
        return _bound(lambda: own_id(binding.viewer))

    def area(self) -> Any | None:  # noqa: ANN401 - what a column is compared with
        """Return the pattern of the regions an operator answers for; None when they are none."""
        return self._pattern(_area_of)

    def province(self) -> Any | None:  # noqa: ANN401 - what a column is compared with
        """Return the pattern of the province that opens rows to them; None when none does."""
        return self._pattern(province_of)

    def _pattern(self, digits_of: Callable[[Viewer], str | None]) -> Any | None:  # noqa: ANN401
        digits = digits_of(self.viewer)
        if digits is None or not self.is_bound:
            return None if digits is None else f"{digits}%"
        return _bound(lambda: f"{digits_of(binding.viewer)}%")


class _Binding(threading.local):
    """Whose query is being sent by this thread."""

    viewer: Viewer = ANONYMOUS


binding: Final = _Binding()
"""Set before a query with bound conditions is sent."""


def _bound(value: Callable[[], str | None]) -> ColumnElement[str]:
    return bindparam(None, callable_=value, type_=String())


def _area_of(viewer: Viewer) -> str | None:
    if viewer.role != Role.REGIONAL_OPERATOR or not viewer.region_code:
        return None
    return area_of(viewer.region_code)
