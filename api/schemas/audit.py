"""Entries of the audit chain as they are shown."""

from datetime import datetime

from pydantic import Field

from api.schemas.base import Schema
from models.vocabulary.access import AuditAction, AuditResult, Role


class AuditEntryRead(Schema):
    """One entry: who did what to what; texts are never in it."""

    seq: int = Field(description="全库序号。", examples=[4711])
    chain: str = Field(description="所在的链：单位编号，或 platform。", examples=["platform"])
    number: int = Field(description="在链中的序号，从 1 起不间断。", examples=[42])
    at: datetime = Field(description="时间（UTC）。")
    actor: str | None = Field(description="谁：人员、密钥或令牌的编号，或程序的一部分。")
    actor_name: str | None = Field(
        description="谁的姓名，或密钥的名称；不再知道、或是程序的一部分时为空。", examples=["王一"]
    )
    role: Role = Field(description="以什么角色。", examples=["operator"])
    organisation_id: str | None = Field(description="代表哪家单位。")
    act: str = Field(description="接口操作或命令。", examples=["create_demand"])
    action: AuditAction = Field(description="做了什么。", examples=["create"])
    entity: str | None = Field(description="对哪类记录。", examples=["demand"])
    entity_id: str | None = Field(description="对哪条记录。")
    detail: str | None = Field(
        description="补充：重新标注看过、改动了多少条；其余为空。", examples=[None]
    )
    result: AuditResult = Field(description="结果。", examples=["done"])
    before_hash: str | None = Field(description="改前内容的校验码（带密钥，不能反推）。")
    after_hash: str | None = Field(description="改后内容的校验码。")
    request_id: str | None = Field(description="请求编号。")
    client: str | None = Field(description="来源地址，末段已抹去。", examples=["203.0.113.0"])
    mac: str = Field(description="本条与前一条一起算出的校验码。")
