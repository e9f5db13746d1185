"""Erasing as it is asked for and answered."""

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.texts import RowId
from models.erasure import Erasable


class ErasureCreate(Schema):
    """What is to be erased for good."""

    kind: Erasable = Field(description="种类。", examples=["demand"])
    id: RowId = Field(description="编号。", examples=["dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"])


class ErasureRead(Schema):
    """What was erased."""

    kind: Erasable = Field(description="种类。", examples=["demand"])
    id: str = Field(description="编号。", examples=["dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"])
    counts: dict[str, int] = Field(
        description="各表删去的行数。", examples=[{"demand": 1, "tag_assignment": 4}]
    )
