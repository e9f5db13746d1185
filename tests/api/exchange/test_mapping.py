from pathlib import Path

import pytest

from api.exchange.columns import ImportKind, columns_of
from api.exchange.mapping import MappingRefusedError, read_mappings, shipped_mappings

DEMANDS = columns_of(ImportKind.DEMANDS)


def test_read_mappings_later_words_go_first(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text(
        '[columns]\n"项目"="title"\n"说明"="background"\n[defaults]\nurgent=true\n', "utf-8"
    )
    mapping = read_mappings([str(file), "说明=description"], DEMANDS)
    assert mapping.columns == {"项目": "title", "说明": "description"}
    assert mapping.defaults == {"urgent": True}


@pytest.mark.parametrize("name", shipped_mappings())
def test_read_mappings_every_shipped_one_is_valid(name: str) -> None:
    assert read_mappings([name], DEMANDS).columns


@pytest.mark.parametrize("word", ["项目=没有", "nowhere.toml", "=title", "x"])
def test_read_mappings_nonsense_is_refused(word: str) -> None:
    with pytest.raises(MappingRefusedError):
        read_mappings([word], DEMANDS)
