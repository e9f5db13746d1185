"""Which documents a query may look at: exact in every case, decided before anything is ranked."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.types import NATION, Document
from indexer.view import KindView
from matcher.types import Filters
from models.regions import RegionTable


def allowed_rows(
    view: KindView, filters: Filters, regions: RegionTable, today: str
) -> NDArray[np.int64]:
    """Return the rows that pass every filter, ascending; int64.

    Args:
        view: The documents.
        filters: The conditions; all must hold.
        regions: Table that knows which region lies in which.
        today: ISO day on which credentials must still be valid.
    """
    rows = view.alive_rows
    if filters == Filters():
        return rows
    kept = [int(r) for r in rows if passes(view.document(int(r)), filters, regions, today)]
    return np.array(kept, np.int64)


def passes(document: Document, filters: Filters, regions: RegionTable, today: str) -> bool:
    """Return whether one document passes every filter."""
    return (
        document.visibility in filters.visibilities
        and document.id not in filters.exclude_ids
        and (filters.only_ids is None or document.id in filters.only_ids)
        and document.group_id not in filters.exclude_ids
        and _lies_in(document.region_code, filters.regions, regions)
        and _serves(document, filters.serves, regions)
        and _has_industry(document, filters.industries)
        and _has_code([code for code, _ in document.scenarios], filters.scenarios)
        and _holds(document, filters.credentials, today)
        and _contains(document, filters.text)
    )


def _lies_in(code: str | None, wanted: Sequence[str], regions: RegionTable) -> bool:
    if not wanted:
        return True
    return code is not None and any(regions.is_within(code, outer) for outer in wanted)


def _serves(document: Document, wanted: Sequence[str], regions: RegionTable) -> bool:
    if not wanted:
        return True
    served = document.profile.service_regions if document.profile else ()
    return NATION in served or any(
        regions.is_within(code, area) for code in wanted for area in served
    )


def _has_industry(document: Document, wanted: Sequence[str]) -> bool:
    return document.any_industry or _has_code([code for code, _ in document.industries], wanted)


def _has_code(codes: Sequence[str], wanted: Sequence[str]) -> bool:
    """Return whether a code is wanted itself or lies below a wanted one (`ENT`, `1`)."""
    return not wanted or any(c == w or c.startswith(f"{w}.") for c in codes for w in wanted)


def _holds(document: Document, wanted: Sequence[str], today: str) -> bool:
    if not wanted:
        return True
    held = (document.profile.credentials if document.profile else None) or ()
    valid = {c.type for c in held if c.valid_to is None or c.valid_to >= today}
    return all(credential in valid for credential in wanted)


def _contains(document: Document, text: str) -> bool:
    haystack = f"{document.title}\n{document.body}".lower()
    return all(word in haystack for word in text.lower().split())
