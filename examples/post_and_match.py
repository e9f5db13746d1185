"""发布一条需求，看谁能做：用 Python 客户端的最短的完整程序。

    .venv/bin/python examples/post_and_match.py --service http://127.0.0.1:8000 --key-file key.txt

密钥要能写入和匹配（navmatch keys create，见 docs/how-to/sign-in-and-keys.md）。
"""

import argparse
from pathlib import Path

from navmatch.client import (
    Client,
    DemandCreate,
    MatchOptions,
    ProblemError,
    ServiceUnreachableError,
)

TITLE = "车规级碳化硅功率模块出口侵权风险排查"
DESCRIPTION = (
    "我公司计划明年向欧洲出口车规级碳化硅功率模块，需要对封装互连和栅极驱动方面的专利做侵权风险"
    "排查，给出规避设计建议，并提交分析报告和风险专利名单。预算30-50万元，三个月内完成。"
)


def post_and_match(service: Client) -> list[str]:
    """Post a demand and return who can do it, one line each."""
    demand = service.demands.create(
        DemandCreate(title=TITLE, description=DESCRIPTION, publish=True),
        once="example-post-and-match-1",  # 再运行一次也只有这一条
    )
    answer = service.matches(demand.id, MatchOptions(k=5))
    if answer.no_good_match is not None:
        return [answer.no_good_match.message, *answer.no_good_match.advice]
    return [
        f"{found.rank}. [{found.band_label}] "
        f"{found.organisation.name if found.organisation else found.item.title}："
        f"{found.explanation.summary if found.explanation else ''}"
        for found in answer.matches
    ]


def main() -> int:
    """Ask the service named on the command line."""
    parser = argparse.ArgumentParser(description="发布一条需求并匹配")
    parser.add_argument("--service", default="http://127.0.0.1:8000", help="服务的地址")
    parser.add_argument("--key-file", type=Path, required=True, help="存放密钥的文件")
    given = parser.parse_args()
    key = given.key_file.read_text(encoding="utf-8").strip()
    try:
        with Client(given.service, key=key) as service:
            print("\n".join(post_and_match(service)))
    except ProblemError as problem:
        print(f"{problem.title}：{problem.detail}（{problem.code}，请求 {problem.request_id}）")
        return 1
    except ServiceUnreachableError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
