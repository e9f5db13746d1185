"""The page of features, rules and bands."""

from matcher.bands import FAIR_PERCENTILE, GOOD_PERCENTILE, STRONG_PERCENTILE
from matcher.features import FEATURES
from matcher.rules import RULES
from tools.reference.markdown import code, plain, table


def render() -> str:
    """Return features with weights, bands and eligibility rules."""
    features = table(
        ("特征", "名称", "权重", "说明"),
        ((code(f.name), plain(f.title), f"{f.weight:g}", plain(f.description)) for f in FEATURES),
    )
    bands = table(
        ("档位", "名称", "含义"),
        (
            ("`strong`", "强", f"高于 {STRONG_PERCENTILE:g}% 的随机配对"),
            ("`good`", "较强", f"高于 {GOOD_PERCENTILE:g}% 的随机配对"),
            ("`fair`", "一般", f"高于 {FAIR_PERCENTILE:g}% 的随机配对"),
            ("`weak`", "弱", "其余"),
        ),
    )
    rules = table(
        ("规则", "要求", "何时满足、不满足、待核实"),
        ((code(r.rule_id), plain(r.title), plain(r.description)) for r in RULES),
    )
    return f"## 特征\n\n{features}\n\n## 档位\n\n{bands}\n\n## 资格规则\n\n{rules}"
