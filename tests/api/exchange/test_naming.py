import pytest

from api.exchange.columns import ImportKind
from api.exchange.naming import field_title


@pytest.mark.parametrize(
    ("kind", "path", "title"),
    [
        (ImportKind.DEMANDS, "title", "标题"),
        (ImportKind.DEMANDS, "budget", "预算"),
        (ImportKind.DEMANDS, "budget.max_fen", "预算"),
        (ImportKind.DEMANDS, "requirements.1.text", "对服务机构的要求（第 2 项）"),
        (ImportKind.DEMANDS, "row", "整行"),
        (ImportKind.PROVIDERS, "capabilities.0.description", "第 1 项能力的能力描述"),
        (ImportKind.PROVIDERS, "capabilities.2.ipc.3", "第 3 项能力的IPC分类号（第 4 项）"),
        (ImportKind.CAPABILITIES, "provider_id", "所属机构"),
        (ImportKind.CASES, "nobody.knows", "nobody"),
    ],
)
def test_field_is_named_like_its_column(kind: ImportKind, path: str, title: str) -> None:
    assert field_title(kind, path) == title
