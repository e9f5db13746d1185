import pytest

from api.exchange.choices import ChoiceWords
from api.exchange.columns import CellKind, ColumnTable, ImportKind, columns_of
from api.exchange.rows import SCHEMAS
from models.labels import Labels
from models.vocabulary.taxonomy import Scheme


@pytest.mark.parametrize("kind", list(ImportKind))
def test_columns_of_every_field_of_the_schema_has_one(kind: ImportKind) -> None:
    outer = {column.path.partition(".")[0] for column in columns_of(kind).columns}
    assert set(SCHEMAS[kind].model_fields) <= outer


@pytest.mark.parametrize("kind", list(ImportKind))
def test_columns_of_every_choice_has_a_vocabulary(kind: ImportKind) -> None:
    words = ChoiceWords(Labels.load())
    for column in columns_of(kind).columns:
        if column.cell in (CellKind.CHOICE, CellKind.CHOICES):
            assert words.names(column.of)
        elif column.of:
            assert column.of in set(Scheme)


@pytest.mark.parametrize(
    "heading", ["标题", "需求名称", " 标 题＊", "Title", "title", "采购项目名称"]
)
def test_find_heading_means_the_title(heading: str) -> None:
    column = columns_of(ImportKind.DEMANDS).find(heading)
    assert column is not None
    assert column.path == "title"


def test_find_unknown_heading_means_nothing() -> None:
    assert columns_of(ImportKind.DEMANDS).find("备注") is None


def test_column_table_heading_for_two_fields_is_refused() -> None:
    entry = {"header": "名称", "cell": "text"}
    with pytest.raises(ValueError, match="two fields"):
        ColumnTable.from_toml({"a": entry, "b": entry})
