"""Whether somebody may call an operation, by the table in `api/policy.py`, and if not why."""

from collections.abc import Iterable
from typing import ClassVar, Final

from api.identity.principal import Means, Principal
from api.policy import POLICY
from models.errors import ForbiddenError, SetupError, UnknownCallerError
from models.vocabulary.access import Scope


class ScopeMissingError(ForbiddenError):
    """The key was not made for this."""

    code: ClassVar[str] = "scope_missing"


class ReadOnlyError(ForbiddenError):
    """The key only opens reading."""

    code: ClassVar[str] = "read_only"


class SecondFactorError(ForbiddenError):
    """Signing in with a password alone is not enough for this."""

    code: ClassVar[str] = "second_factor_needed"


class PasswordChangeError(ForbiddenError):
    """The first password must be changed before anything else."""

    code: ClassVar[str] = "password_change_needed"


BEFORE_PASSWORD_CHANGE: Final = frozenset({"read_session", "change_password", "sign_out"})


def check(operation: str, principal: Principal, *, second_factor: bool) -> None:
    """Refuse who may not call an operation.

    Args:
        operation: Its name.
        principal: Who asks.
        second_factor: Whether the installation asks anybody for one.

    Raises:
        UnknownCallerError: nobody knows who asks.
        ForbiddenError: it is known, and they may not; the class says why.
    """
    rule = POLICY.get(operation)
    if rule is None or principal.role not in rule.roles:
        if principal.means == Means.NOTHING:
            raise UnknownCallerError("请先登录，或在 Authorization 头中带上 API 密钥。")
        raise ForbiddenError("您的角色不能做这项操作。")
    if rule.before_recognition or principal.means == Means.NOTHING:
        return
    if rule.means and principal.means not in rule.means:
        raise ForbiddenError("这项操作只能由登录的人来做，不能用密钥。")
    if principal.viewer.read_only and rule.scope in (Scope.WRITE, Scope.ADMINISTER):
        raise ReadOnlyError("这个密钥只能读取，不能改动任何内容。")
    if rule.scope not in principal.scopes:
        raise ScopeMissingError(
            f"这个密钥不是为这项用途签发的，缺少用途 {rule.scope.value}。", scope=rule.scope.value
        )
    if principal.must_change_password and operation not in BEFORE_PASSWORD_CHANGE:
        raise PasswordChangeError("请先修改初始密码。")
    is_asked = second_factor and principal.role in rule.second_factor
    if is_asked and principal.means == Means.SIGN_IN and not principal.with_totp:
        raise SecondFactorError("做这项操作前，请先绑定身份验证器，再用验证码登录。")


def operations_of(principal: Principal, *, second_factor: bool) -> list[str]:
    """Return the operations somebody may call, sorted."""
    return [name for name in sorted(POLICY) if _may(name, principal, second_factor=second_factor)]


def check_complete(operations: Iterable[str]) -> None:
    """Refuse to start with an operation nobody said a word about.

    Raises:
        SetupError: an operation has no line.
    """
    missing = sorted(set(operations) - set(POLICY))
    if missing:
        raise SetupError(f"权限表中没有这些接口的规则：{'、'.join(missing)}。")


def _may(operation: str, principal: Principal, *, second_factor: bool) -> bool:
    try:
        check(operation, principal, second_factor=second_factor)
    except (ForbiddenError, UnknownCallerError):
        return False
    return True
