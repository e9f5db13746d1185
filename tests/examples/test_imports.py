import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.exchange.results import RowResult
from tests.api.exchange.conftest import run_import, service, wired  # noqa: F401 - fixtures

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def convert(script: str, folder: Path, target: Path) -> list[dict[str, Any]]:
    """The rows a script writes; it runs as a reader would run it."""
    command = [sys.executable, str(EXAMPLES / script), str(folder), str(target)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own script
    return [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def write(path: Path, *rows: dict[str, Any]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


@pytest.fixture
def procurement(tmp_path: Path) -> Path:
    write(
        tmp_path / "notices.jsonl",
        {
            "id": "n1",
            "title": "某市场改造项目施工招标公告",
            "content": "招标条件。" * 1_200,
            "date": "",
        },
    )
    write(
        tmp_path / "intentions.jsonl",
        {
            "title": "荒漠化治理课题研究",
            "need": "形成治理措施与典型案例报告，供主管部门决策参考使用。",
            "org": "某规划院",
            "region": "山东省本级",
            "budget_wan": "25.000000",
        },
    )
    return tmp_path


@pytest.fixture
def companies(tmp_path: Path) -> Path:
    write(
        tmp_path / "company.jsonl",
        {"name": "甲气", "fullname": "甲气体股份有限公司", "code": "600001.SH", "location": "上海"},
        {"name": "乙仓", "fullname": "乙仓储股份有限公司", "code": "000002", "location": "深圳"},
    )
    products = [("600001", f"特种气体{n}", f"0.{n:02}") for n in range(1, 13)]
    products.append(("600001", '未闭合的"引号', "0.5"))
    table = ["code\texchange\tcompany\tfullname\tproduct\trevenue_share"]
    table += [f"{code}\tSH\t甲\t甲\t{name}\t{share}" for code, name, share in products]
    (tmp_path / "company_product.tsv").write_text("\n".join(table) + "\n", "utf-8")
    return tmp_path


def test_procurement_texts_are_cut_and_stored(
    procurement: Path,
    tmp_path: Path,
    run_import: Callable[..., list[RowResult]],  # noqa: F811 - the fixture
) -> None:
    rows = convert("import_procurement.py", procurement, tmp_path / "out.jsonl")
    assert len(rows[0]["description"]) == 5_000
    results = run_import(tmp_path / "out.jsonl")
    assert [(r.status.value, r.errors) for r in results] == [("created", ())] * 2


def test_companies_are_joined_with_products_and_stored(
    companies: Path,
    tmp_path: Path,
    run_import: Callable[..., list[RowResult]],  # noqa: F811 - the fixture
) -> None:
    with_products, without = convert("import_companies.py", companies, tmp_path / "out.jsonl")
    first, second = with_products["capabilities"]
    assert first["title"].startswith('未闭合的"引号、特种气体12')
    assert "占营业收入 50.0%" in first["description"]
    assert second["title"].count("特种气体") == 5
    assert without["capabilities"] == []
    results = run_import(tmp_path / "out.jsonl", "providers")
    assert [(r.status.value, r.errors) for r in results] == [("created", ())] * 2


def test_script_without_rows_fails(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        convert("import_procurement.py", tmp_path, tmp_path / "out.jsonl")
