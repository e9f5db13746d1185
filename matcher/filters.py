"""Which documents a query may look at: exact in every case, decided before anything is ranked.

What a viewer may not see is left out here, so that no result, count or explanation knows of it.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.types import NATION, Document
from indexer.view import KindView
from matcher.types import Filters
from models.regions import RegionTable
from models.sight import SEES_ALL, may_see
from models.viewer import Viewer, current_viewer

Test = Callable[[Document], bool]
"""One condition on a document."""


def allowed_rows(
    view: KindView, filters: Filters, regions: RegionTable, today: str
) -> NDArray[np.int64]:
    """Return the rows that pass every filter, ascending; int64.

    Args:
        view: The documents.
        filters: The conditions; all must hold.
        regions: Table that knows which region lies in which.
        today: ISO day on which credentials and the documents themselves must still be valid.
    """
    rows = np.intersect1d(
        _by_key(view, filters), seen_rows(view, filters.viewer or current_viewer())
    )
    ended = [row for row, end in view.ends if end < today]
    if ended:
        rows = np.setdiff1d(rows, np.array(ended, np.int64))
    tests = tuple(_tests(filters, regions, today))
    if not tests:
        return rows
    kept = [row for row in rows.tolist() if all(test(view.documents[row]) for test in tests)]
    return np.array(kept, np.int64)


def seen_rows(view: KindView, viewer: Viewer) -> NDArray[np.int64]:
    """Return the rows a viewer may see, ascending: the same for all of one placement."""
    if viewer.role in SEES_ALL:
        return view.alive_rows
    placements, numbers = view.placements
    seen = np.array([may_see(viewer, placement) for placement in placements], np.bool_)
    return view.alive_rows[seen[numbers[view.alive_rows]]]


def _by_key(view: KindView, filters: Filters) -> NDArray[np.int64]:
    """Return the rows that pass by their keys alone."""
    rows = view.alive_rows
    if filters.only_ids is not None:
        rows = np.array(sorted(_rows_of(view.row_by_id, filters.only_ids)), np.int64)
    if not filters.exclude_ids:
        return rows
    gone = list(_rows_of(view.row_by_id, filters.exclude_ids))
    for key in filters.exclude_ids:
        gone.extend(view.rows_by_group.get(key, ()))
    return np.setdiff1d(rows, np.array(gone, np.int64))


def _rows_of(row_by_id: dict[str, int], ids: Iterable[str]) -> Iterator[int]:
    return (row_by_id[key] for key in ids if key in row_by_id)


def _tests(filters: Filters, regions: RegionTable, today: str) -> Iterator[Test]:
    """Yield a test for every condition that is set, the cheap ones first."""
    is_within = cache(regions.is_within)
    if filters.scenarios:
        yield lambda d: _has_code(d.scenarios, filters.scenarios)
    if filters.industries:
        yield lambda d: d.any_industry or _has_code(d.industries, filters.industries)
    if filters.credentials:
        yield lambda d: _holds(d, filters.credentials, today)
    if filters.regions:
        yield lambda d: _lies_in(d.region_code, filters.regions, is_within)
    if filters.serves:
        yield lambda d: _serves(d, filters.serves, is_within)
    if words := filters.text.lower().split():
        yield lambda d: _contains(d, words)


def _lies_in(
    code: str | None, wanted: Iterable[str], is_within: Callable[[str, str], bool]
) -> bool:
    return code is not None and any(is_within(code, outer) for outer in wanted)


def _serves(
    document: Document, wanted: Iterable[str], is_within: Callable[[str, str], bool]
) -> bool:
    served = document.profile.service_regions if document.profile else ()
    return NATION in served or any(is_within(code, area) for code in wanted for area in served)


def _has_code(tags: Iterable[tuple[str, float]], wanted: Iterable[str]) -> bool:
    """Return whether a code is wanted itself or lies below a wanted one (`ENT`, `1`)."""
    return any(c == w or c.startswith(f"{w}.") for c, _ in tags for w in wanted)


def _holds(document: Document, wanted: Iterable[str], today: str) -> bool:
    held = (document.profile.credentials if document.profile else None) or ()
    valid = {c.type for c in held if c.valid_to is None or c.valid_to >= today}
    return all(credential in valid for credential in wanted)


def _contains(document: Document, words: Iterable[str]) -> bool:
    text = f"{document.title}\n{document.body}".lower()
    return all(word in text for word in words)
