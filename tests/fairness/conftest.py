"""A small set with an encoder of hashes, on which every attack can be tried in a minute."""

import json
from collections.abc import Iterator

import pytest

from bench.quality.compare import open_set
from bench.quality.sets import LabelledSet
from bench.quality.systems import Opened
from bench.quality.vectors import RememberingEncoder
from indexer.encoder import HashEncoder
from tests.factories import SUBJECTS, WORKS

ASKS = (
    "我们想做{subject}，希望找一家机构{work}。要求三个月内完成，预算二十万元以内，"
    "提交报告和清单，董事会据此决定是否立项，请推荐有经验的团队。"
)
OFFERS = "面向{subject}，{work}。由{n}人团队承担，逐件核对权利要求，附依据清单，按约定日期交付。"


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("set")
    pairs = [(subject, work) for subject in SUBJECTS for _, work in WORKS]
    documents, queries, grades = [], [], []
    for n, (subject, work) in enumerate(pairs):
        offer = OFFERS.format(subject=subject, work=work, n=n + 3)
        title = f"{subject}专利服务"
        documents.append({"id": f"cp-{n:03}", "title": title, "text": offer, "group": f"g{n:03}"})
        if n % 2 == 0:
            asked = ASKS.format(subject=subject, work=work)
            queries.append({"id": f"dm-{n:03}", "title": f"{subject}专利需求", "text": asked})
            right = [m for m, (other, _) in enumerate(pairs) if other == subject]
            grades += [f"dm-{n:03} 0 g{m:03} 3\n" for m in right]
    for name, rows in (("documents", documents), ("queries.dev", queries)):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text("".join(lines), "utf-8")
    (folder / "qrels.dev.trec").write_text("".join(grades), "utf-8")
    encoder = RememberingEncoder(HashEncoder(), tmp_path_factory.mktemp("vectors"))
    yield open_set(LabelledSet("small", folder, "dev", None, ()), "dev", encoder)
    encoder.close()
