"""Names of fields as people know them: the headings of their columns."""

from typing import Final

from api.exchange.columns import Column, ImportKind, columns_of
from api.exchange.jsonl import WHOLE_ROW

_WHOLE: Final = "整行"
_CAPABILITIES: Final = "capabilities"


def field_title(kind: ImportKind, path: str) -> str:
    """Return the Chinese name of a field a problem speaks of.

    Args:
        kind: What the rows of the file are.
        path: Path of the field in the input, positions of lists among its steps.
    """
    if path == WHOLE_ROW:
        return _WHOLE
    head, _, rest = path.partition(".")
    if head == _CAPABILITIES and rest:
        place, _, inner = rest.partition(".")
        title = field_title(ImportKind.CAPABILITIES, inner) if inner else _WHOLE
        return f"第 {int(place) + 1} 项能力的{title}" if _is_place(place) else title
    names = [step for step in path.split(".") if not _is_place(step)]
    places = [int(step) + 1 for step in path.split(".") if _is_place(step)]
    column = _nearest(kind, names)
    title = column.header if column is not None else head
    return f"{title}（第 {places[0]} 项）" if places else title


def _is_place(step: str) -> bool:
    return step.isascii() and step.isdigit()


def _nearest(kind: ImportKind, names: list[str]) -> Column | None:
    """Return the column of a field, else that of the object it stands in."""
    table = columns_of(kind).by_path
    for n_steps in range(len(names), 0, -1):
        column = table.get(".".join(names[:n_steps]))
        if column is not None:
            return column
    inside = (c for path, c in table.items() if path.startswith(f"{names[0]}."))
    return next(inside, None)
