"""Shapes of the description of how matches are made, and of the service's health."""

from pydantic import Field

from api.schemas.base import Schema
from models.vocabulary.matching import Band, Direction


class FeatureRead(Schema):
    """A feature of the score."""

    name: str = Field(description="特征名。", examples=["scenario"])
    title: str = Field(description="中文名。", examples=["应用场景"])
    description: str = Field(description="比较什么、怎么取值。")
    weight: float = Field(description="默认权重；全部已知时各项之和为 1。", examples=[0.16])


class RuleDescriptionRead(Schema):
    """An eligibility rule."""

    rule_id: str = Field(description="规则编号。", examples=["demand.staff_count"])
    title: str = Field(description="要求什么。", examples=["团队人数"])
    description: str = Field(description="何时满足、不满足、待核实。")


class BandRead(Schema):
    """A band of scores."""

    band: Band = Field(description="档位。", examples=["strong"])
    label: str = Field(description="中文名。", examples=["强"])
    description: str = Field(description="含义。")


class ThresholdsRead(Schema):
    """Lowest scores of the bands in the present index, for one direction."""

    direction: Direction = Field(description="方向。", examples=["d2p"])
    strong: float = Field(description="“强”的最低分。")
    good: float = Field(description="“较强”的最低分。")
    fair: float = Field(description="“一般”的最低分。")
    n_pairs: int = Field(description="据以统计的随机配对数；0 表示用随附的默认值。")


class AlgorithmRead(Schema):
    """How matches are made: everything that decides a ranking."""

    version: str = Field(description="索引版本。", examples=["gen-1.42"])
    steps: list[str] = Field(description="步骤。")
    features: list[FeatureRead] = Field(description="特征、权重和说明。")
    rules: list[RuleDescriptionRead] = Field(description="资格规则。")
    bands: list[BandRead] = Field(description="档位。")
    thresholds: list[ThresholdsRead] = Field(
        description="各方向的分档线，由当前这一代索引量出；换代、启动后量好以前的几秒里是上次量的。"
    )
    versions: dict[str, str] = Field(
        description="编码器指纹、排序器、规则、场景分类、文本规范化和分词的版本。"
    )


class HealthRead(Schema):
    """The process lives."""

    status: str = Field(description="ok 表示进程在运行。", examples=["ok"])


class ReadinessRead(Schema):
    """Whether the service can answer."""

    status: str = Field(
        description="ready；degraded 表示能答复但有所欠缺；not_ready。", examples=["ready"]
    )
    problems: list[str] = Field(
        description="欠缺什么：database_unreachable 数据库没有应答，index_not_open 索引没有打开，"
        "index_not_following 索引没有跟进，index_lagging 索引落后太多，encoder_unavailable 编码器"
        "没有应答；index_not_saved 索引写不进磁盘，index_leader_silent 写索引的进程没有动静，"
        "audit_heads_not_noted 审计链头写不进文件。",
        examples=[[]],
    )
    version: str | None = Field(description="索引版本。", examples=["gen-1.42"])
    lag: int | None = Field(description="索引尚未跟上的变更数。", examples=[0])
