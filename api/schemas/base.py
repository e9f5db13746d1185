"""What every schema shares: nothing unknown, no infinite number, bounded sizes."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

MAX_INT: Final = 2**31 - 1
MAX_FEN: Final = 10**14
"""A trillion yuan: more than any budget, less than a JavaScript number can hold."""

MAX_LIST: Final = 50

ItemT = TypeVar("ItemT")


class Schema(BaseModel):
    """Root of all shapes."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)


class UpdateSchema(Schema):
    """A change: only the fields sent are changed; null empties a field that may be empty.

    Attributes:
        never_null: Fields that may be left out but not emptied.
    """

    never_null: ClassVar[frozenset[str]] = frozenset()

    version: int = Field(
        strict=True,
        ge=1,
        le=MAX_INT,
        description="读取时得到的版本号；与现有版本不同则答复 409，不做修改。",
        examples=[1],
    )

    @model_validator(mode="before")
    @classmethod
    def refuse_emptying(cls, values: Any) -> Any:  # noqa: ANN401 - pydantic's signature
        """Refuse null for fields that must keep a value."""
        if isinstance(values, Mapping):
            for name in sorted(cls.never_null):
                if name in values and values[name] is None:
                    raise PydanticCustomError(
                        "not_empty", "字段 {field} 可以不传，但不能置空。", {"field": name}
                    )
        return values

    def changes(self) -> dict[str, Any]:
        """Return the values sent, by field, without the version."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"version"}}


class Total(Schema):
    """How many rows there are."""

    value: int = Field(description="符合条件的记录数。", examples=[1])
    relation: str = Field(default="eq", description="eq 表示准确数。", examples=["eq"])


class Page(Schema, Generic[ItemT]):
    """A page of a list."""

    items: list[ItemT] = Field(description="本页记录。")
    next_cursor: str | None = Field(description="下一页的游标；没有下一页时为空。", examples=[None])
    total: Total = Field(description="总数。")


def absent(description: str, example: Any = None, **limits: Any) -> Any:  # noqa: ANN401
    """Describe a field that may be left out; None then stands for it."""
    return Field(default=None, description=description, examples=[example], **limits)


def unique(values: list[ItemT]) -> list[ItemT]:
    """Return the values without repetitions, first ones kept."""
    return list(dict.fromkeys(values))


Count = Annotated[int, Field(strict=True, ge=0, le=MAX_INT)]
Fen = Annotated[int, Field(strict=True, ge=0, le=MAX_FEN)]
Unique = AfterValidator(unique)
