"""Invented providers the page is tested with; one of them tries to break it."""

from typing import Any

PAYLOADS = (
    "<script>window.broken=1</script>",
    "<img src=x onerror=window.broken=1>",
    '"><svg onload=window.broken=1>',
    "{{constructor.constructor('window.broken=1')()}}",
)

HOSTILE_NAME = f"恶意机构{PAYLOADS[0]}"
HOSTILE_TITLE = f"量子传感器侵权排查{PAYLOADS[1]}"


def _capability(title: str, description: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "description": description, **more}


BASE: dict[str, Any] = {
    "name": "示例产业园专利导航服务基地",
    "level": "national",
    "org_type": "park",
    "region_code": "320500",
}

PROVIDERS: tuple[dict[str, Any], ...] = (
    {
        "name": "苏州甲子知识产权服务有限公司",
        "org_type": "consultancy",
        "region_code": "320500",
        "service_regions": ["nation"],
        "team": {"total": 18},
        "analysts_stability_3y": 4,
        "capabilities": [
            _capability(
                "功率半导体出口侵权风险排查",
                "面向碳化硅、氮化镓功率器件企业，逐项比对封装互连和栅极驱动方面的专利权利要求，"
                "出具侵权风险排查报告、风险专利名单和规避设计建议。",
                scenario_tags=["ENT.RISK"],
                industry_tags=["1.2"],
            )
        ],
    },
    {
        "name": "合肥乙丑产业研究院",
        "org_type": "institute",
        "region_code": "340100",
        "capabilities": [
            _capability(
                "量子信息产业规划类专利导航",
                "围绕量子计算、量子通信和量子精密测量开展产业规划类专利导航，"
                "形成导航分析报告和招商名单，供地方编制产业规划使用。",
                scenario_tags=["IND.POSITION"],
                industry_tags=["1.2"],
            )
        ],
    },
    {
        "name": HOSTILE_NAME,
        "org_type": "other",
        "capabilities": [
            _capability(
                HOSTILE_TITLE,
                f"量子传感器侵权风险排查，逐项比对权利要求。{PAYLOADS[2]}出具排查报告。{PAYLOADS[3]}",
                scenario_tags=["ENT.RISK"],
            )
        ],
    },
)
