"""Whether the service may work on the server of its database; SQLite has none."""

from typing import Final

from sqlalchemy import Connection, text

from models.errors import SetupError

_NO_UTF8: Final = (
    "PostgreSQL 数据库的字符编码不是 UTF8，存不下中文。请另建数据库：CREATE DATABASE 名称 "
    "TEMPLATE template0 ENCODING 'UTF8'。"
)
_UNBOUND: Final = (
    "连接 PostgreSQL 所用的角色是超级用户，或带有 BYPASSRLS：行级安全对它不起作用，不能用它运行。"
    "请数据库管理员改用普通的角色（NOSUPERUSER NOBYPASSRLS），并把数据库连同里面的表和函数"
    "都交给它：命令见 docs/how-to/run-on-postgresql.md 的“换掉超级用户”。"
)
_BYPASSES: Final = text(
    "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
)


def server_problem(connection: Connection) -> str | None:
    """Return why the service must not work there, and what to do; None when it may."""
    if connection.dialect.name != "postgresql":
        return None
    if connection.scalar(text("SHOW server_encoding")) != "UTF8":
        return _NO_UTF8
    return _UNBOUND if connection.scalar(_BYPASSES) else None


def check_server(connection: Connection) -> None:
    """Refuse to go on where the service must not work.

    Raises:
        SetupError: the encoding cannot hold Chinese, or row security does not bind the role.
    """
    problem = server_problem(connection)
    if problem is not None:
        raise SetupError(problem)
