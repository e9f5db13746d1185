"""The shape of every error reply (RFC 9457)."""

from pydantic import Field

from api.schemas.base import Schema


class FieldProblemRead(Schema):
    """What is wrong with one field."""

    field: str = Field(description="字段路径；空表示整个请求。", examples=["budget.min_fen"])
    code: str = Field(description="问题代码。", examples=["greater_than_equal"])
    message: str = Field(description="说明。", examples=["不能小于 0。"])


class Problem(Schema):
    """An error reply; it never repeats what was sent."""

    type: str = Field(description="问题类型。", examples=["urn:navmatch:problem:not_found"])
    title: str = Field(description="标题。", examples=["没有找到"])
    status: int = Field(description="HTTP 状态码。", examples=[404])
    detail: str = Field(description="说明和办法。", examples=["没有找到这条记录，可能已被删除。"])
    code: str = Field(description="稳定的问题代码。", examples=["not_found"])
    request_id: str | None = Field(
        default=None, description="请求编号，报障时附上。", examples=["01JZX3V8Q4W6T2N9K7M5R1C0BD"]
    )
    errors: list[FieldProblemRead] = Field(
        default_factory=list, description="逐个字段的问题，最多 20 条。"
    )
