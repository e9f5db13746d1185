"""The page of rights, from the policy table itself."""

from collections.abc import Iterator
from typing import Final

from api.app import create_app
from api.policy import ANYBODY, KNOWN, OPERATORS, POLICY, READERS, Rule, Whose
from api.settings import Settings
from models.labels import Labels
from models.vocabulary.access import Role
from tools.reference.http import operations
from tools.reference.markdown import code, table

_WHOSE: Final = {
    Whose.NONE: "不涉及记录",
    Whose.VISIBLE: "看得到的",
    Whose.OWN: "本单位的（管理方：所辖的）",
}
_GROUPS: Final = {ANYBODY: "任何人", READERS: "任何人（嵌入令牌除外）", KNOWN: "登录的人和密钥"}


def render() -> str:
    """Return who may call which operation, on whose rows, with what."""
    labels = Labels.load()
    paths = create_app(Settings()).openapi()["paths"]
    rows = [
        (
            code(f"{method} {path}"),
            operation["summary"],
            _who(POLICY[operation["operationId"]], labels),
            _with(POLICY[operation["operationId"]], labels),
            _WHOSE[POLICY[operation["operationId"]].whose],
        )
        for method, path, operation in operations(paths)
    ]
    return table(("接口", "操作", "谁可以", "凭什么", "哪些记录"), rows)


def _who(rule: Rule, labels: Labels) -> str:
    if rule.roles in _GROUPS:
        return _GROUPS[rule.roles]
    return "、".join(labels.of(role) for role in Role if role in rule.roles)


def _with(rule: Rule, labels: Labels) -> str:
    if rule.before_recognition:
        return "不问身份"
    return "；".join(_conditions(rule, labels))


def _conditions(rule: Rule, labels: Labels) -> Iterator[str]:
    if rule.means:
        yield "只限登录的人"
    else:
        yield f"密钥用途 {code(rule.scope.value)}（{labels.of(rule.scope)}）"
    if rule.second_factor == OPERATORS:
        yield "管理方登录须用身份验证器"
    elif rule.second_factor:
        yield "登录的人须用身份验证器"
