"""Bodies that work as they stand: shown in the API documentation, sent by a test."""

from collections.abc import Mapping
from typing import Any, Final

from api.schemas import capability, case, demand, provider, service_base

DEMAND: Final = {
    "title": demand.TITLE_EXAMPLE,
    "description": demand.DESCRIPTION_EXAMPLE,
    "decision_question": demand.QUESTION_EXAMPLE,
    "region_code": "320500",
    "publish": True,
}
DEMAND_FULL: Final = {
    **DEMAND,
    "background": "公司主营车规级功率模块，产品已在国内批量装车。",
    "recipient_type": "enterprise",
    "audience": "enterprise",
    "service_region": "same_macro",
    "deliverables": ["report", "list"],
    "application_form": ["product_decision"],
    "tech_keywords": ["碳化硅", "功率模块", "栅极驱动"],
    "ipc": ["H01L", "H02M1/08"],
    "budget": {"kind": "range", "min_fen": 30_000_000, "max_fen": 50_000_000},
    "fund_source": "enterprise",
    "procurement_route": "comparison",
    "period_days": 90,
    "requirements": [
        {"kind": "staff_count", "strength": "must", "value": 5, "text": "团队不少于5人"},
        {"kind": "language", "strength": "prefer", "value": "en", "text": "能出英文报告者优先"},
    ],
    "scenario_tags": ["ENT.RISK"],
    "industry_tags": ["1.2"],
    "urgent": True,
    "visibility": "public",
}
DEMAND_CHANGE: Final = {
    "version": 1,
    "period_days": 60,
    "deliverables": ["report", "list", "brief"],
    "budget": None,
}
CAPABILITY: Final = {
    "title": capability.TITLE_EXAMPLE,
    "description": capability.TEXT_EXAMPLE,
    "typical_days": {"min": 25, "max": 45},
    "scenario_tags": ["ENT.RISK"],
}
CAPABILITY_CHANGE: Final = {"version": 1, "typical_days": {"min": 20, "max": 40}}
PROVIDER: Final = {
    "name": provider.NAME_EXAMPLE,
    "org_type": "consultancy",
    "region_code": "320500",
    "intro": "专注半导体领域的专利信息分析，服务过多家功率器件企业。",
    "service_regions": ["32", "31"],
    "team": {"project_mgmt": 2, "analysis": 8, "quality": 2},
    "analysts_stability_3y": 4,
    "credentials": [{"type": "credit_grade", "level": "A", "valid_to": "2099-12-31"}],
    "data_resources": [{"name": "全球专利商业库", "coverage": "105个国家和地区", "own": False}],
    "tools": [{"name": "侵权比对工作台"}],
    "nda_ready": True,
    "languages": ["zh", "en"],
    "capacity": {"max_parallel": 8, "open_slots": 3},
    "preferences": {"scenarios": ["ENT.RISK"], "budget_min_fen": 8_000_000},
    "capabilities": [CAPABILITY],
}
PROVIDER_CHANGE: Final = {"version": 1, "capacity": {"max_parallel": 8, "open_slots": 1}}
CASE: Final = {
    "title": case.TITLE_EXAMPLE,
    "summary": case.SUMMARY_EXAMPLE,
    "region_code": "320500",
    "year": 2024,
    "application": [{"form": "plan_text", "adopted_by": "某市工业和信息化局"}],
    "scenario_tags": ["IND.PATH"],
    "publish": True,
}
CASE_CHANGE: Final = {"version": 1, "report_pages": 180}
BASE: Final = {
    "name": service_base.NAME_EXAMPLE,
    "org_type": "park",
    "park_level": "provincial",
    "region_code": "320500",
    "level": "national",
}
SIGN_IN: Final = {"login": "operator", "password": "correct-horse-7"}
PASSWORD_CHANGE: Final = {
    "old_password": "correct-horse-7",
    "new_password": "battery-staple-9",
}
AUTHENTICATOR: Final = {"secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "code": "123456"}
ORGANISATION: Final = {
    "name": "苏州示例功率半导体有限公司",
    "org_type": "enterprise",
    "region_code": "320500",
}
ORGANISATION_CHANGE: Final = {"version": 1, "name": "苏州示例功率器件有限公司"}
PERSON: Final = {
    "login": "zhang.san",
    "name": "示例人员",
    "role": "regional_operator",
    "region_code": "440000",
}
KEY: Final = {
    "name": "门户网站",
    "role": "regional_operator",
    "region_code": "440000",
    "scopes": ["read", "match"],
    "days": 90,
}
KEY_ROTATE: Final = {"days": 90}
SCENARIO: Final = {
    "code": "ENT.SEP",
    "zh": "标准必要专利导航",
    "definition": "围绕技术标准识别标准必要专利，评估许可费率和参与标准制定的时机。",
    "triggers": ["标准必要专利", "FRAND", "标准提案", "许可费率"],
    "examples": ["梳理5G标准必要专利，判断我们要付多少许可费，该不该参与下一版标准提案。"],
}
SCENARIO_WORDING: Final = {name: value for name, value in SCENARIO.items() if name != "code"}


def _scenario(code: str, zh: str, definition: str) -> dict[str, str]:
    return {
        "code": code,
        "zh": zh,
        "en": "",
        "parent": code.partition(".")[0],
        "definition": definition,
    }


TAXONOMY: Final = {
    "content": {
        "version": "own",
        "level1": [
            {"code": "IND", "zh": "产业规划类", "en": "Industry", "definition": "产业发展的规划。"},
            {"code": "ENT", "zh": "企业经营类", "en": "Enterprise", "definition": "企业的经营。"},
        ],
        "level2": [
            _scenario("IND.PATH", "产业发展路径", "判断一个产业的方向、本地的位置和发展的路径。"),
            _scenario("ENT.RISK", "专利风险预警", "排查侵权风险，给出规避或应对的办法。"),
            _scenario("ENT.PORT", "专利组合与布局", "围绕产品和技术路线布局专利。"),
            _scenario("ENT.SEP", "标准必要专利导航", "识别标准必要专利，评估许可费率。"),
        ],
        "reject": {"code": "OTH", "zh": "其他", "en": "Other", "definition": "不属于专利导航。"},
    }
}
"""The codes of the other examples are among them: what is not listed is retired."""

ERASURE: Final = {"kind": "demand", "id": "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"}
WIDGET_TOKEN: Final = {"name": "园区门户", "origins": ["https://www.example.org"]}
INVITATION: Final = {
    "row_id": "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD",
    "invitee_id": "pv_01JZX3V8Q4W6T2N9K7M5R1C0BD",
}
_PAIR: Final = {
    "demand_id": "dm_01JZX3V8Q4W6T2N9K7M5R1C0BD",
    "provider_id": "pv_01JZX3V8Q4W6T2N9K7M5R1C0BD",
}
INVITE: Final = {**_PAIR, "act": "invite", "body": "贵机构做过类似项目，盼能参加。"}
HIDE: Final = {**_PAIR, "act": "hide", "reason": "region_far"}
ASK: Final = {"act": "ask", "version": 1, "body": "请问能否在九月底前完成？"}
DECLINE: Final = {"act": "decline", "version": 1, "reason": "no_capacity"}
WEBHOOK: Final = {"name": "业务系统", "url": "https://hooks.example.org/navmatch"}
MAILBOX: Final = {"address": "contact@example.org", "cadence": "daily"}
SAVED_SEARCH: Final = {
    "name": "江苏的侵权风险需求",
    "filters": {"region": "32", "scenario": "ENT.RISK"},
    "cadence": "daily",
}
LIKE_TEXT: Final = {
    "name": "碳化硅出口风险",
    "text": demand.DESCRIPTION_EXAMPLE,
    "min_band": "good",
    "cadence": "instant",
}
CONTACT: Final = {"name": "示例联系人", "email": "contact@example.org"}
TAGS: Final = {"version": 1, "scenarios": ["ENT.RISK", "ENT.PORT"], "industries": ["1.2"]}
TEXT: Final = {"title": demand.TITLE_EXAMPLE, "text": demand.DESCRIPTION_EXAMPLE}
PREVIEW: Final = {
    "title": demand.TITLE_EXAMPLE,
    "description": demand.DESCRIPTION_EXAMPLE,
    "k": 5,
}
MATCH: Final = {
    "queries": {
        "q1": {"direction": "d2p", "text": TEXT, "k": 3},
    }
}
MATCH_TWO: Final = {
    "queries": {
        "nearby": {
            "direction": "d2p",
            "text": TEXT,
            "k": 5,
            "filters": {"regions": ["M:YRD"], "scenarios": ["ENT"]},
        },
        "weighted": {
            "direction": "d2c",
            "text": TEXT,
            "weights": {"scenario": 0.4, "region": 0},
            "explain": False,
        },
    }
}


def body_examples(**examples: tuple[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return examples in the form of an OpenAPI document.

    Args:
        **examples: Chinese summary and body, by name.
    """
    return {
        name: {"summary": summary, "value": dict(value)}
        for name, (summary, value) in examples.items()
    }
