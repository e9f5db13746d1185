"""What an installation is set to. The only module that reads the environment."""

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from models import failpoints

DATABASE_FILE = "navmatch.db"


class Settings(BaseSettings):
    """Settings, each read from the variable `NAVMATCH_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="NAVMATCH_", frozen=True, extra="forbid")

    data_dir: Path = Field(
        default=Path("data"), description="数据目录：数据库、索引和编码器文件都放在这里。"
    )
    database_url: str | None = Field(
        default=None,
        description="数据库地址：sqlite:///文件路径，或 postgresql://用户:密码@主机:端口/数据库名；"
        "不设时用数据目录中的 SQLite 文件。",
    )
    database_connections: int = Field(
        default=15, ge=2, le=200, description="每个进程同时打开的数据库连接数上限。"
    )
    encoder: str | None = Field(
        default=None,
        description="编码器：e5-small（默认）、e5-small-int8，或任一 sentence-transformers 目录。",
    )
    threads: int = Field(default=1, ge=1, le=64, description="编码器每次调用使用的线程数。")
    encoder_process: bool = Field(
        default=True,
        description="服务运行时是否把编码器放在单独的进程里：编码器崩溃只影响一次请求。",
    )
    encoder_lanes: int = Field(
        default=0,
        ge=0,
        le=64,
        description="编码器进程同时处理几段文字，每段用一个核；0 表示可用的核数。",
    )
    encoder_spare: bool = Field(
        default=False,
        description="是否备着第二个编码器进程，崩溃后立即接替；多占一份编码器的内存。",
    )
    encoder_hang_s: float = Field(
        default=30.0,
        ge=1,
        le=3_600,
        description="编码器处理一批文字超过多少秒算作卡死，杀掉它的进程另起一个；平时一批不到一秒。",
    )
    workers: int = Field(
        default=1, ge=1, le=64, description="应答请求的进程数；大于 1 时共用一个编码器进程。"
    )
    worker_requests: int = Field(
        default=0,
        ge=0,
        le=100_000_000,
        description="一个进程应答多少次请求后换新的（有两成上下的随机出入）；0 表示不换。",
    )
    proxies: str = Field(
        default="127.0.0.1,::1",
        description="前面的代理服务器的地址，逗号分隔：信任它们转来的客户地址，不限它们的连接数。",
    )
    search_deadline_s: float = Field(
        default=2.0, gt=0, le=600, description="检索的时限（秒），到时答复 503。"
    )
    write_deadline_s: float = Field(
        default=5.0, gt=0, le=600, description="改动的时限（秒），到时答复 503。"
    )
    host: str = Field(default="127.0.0.1", description="服务监听的地址。")
    allowed_hosts: str = Field(
        default="",
        description="除本机和监听地址外，还许可用来访问服务的主机名，逗号分隔；其他一律答复 403。",
    )
    port: int = Field(default=8000, ge=1, le=65_535, description="服务监听的端口。")
    max_searches: int = Field(
        default=8, ge=1, le=1_000, description="同时进行的检索数上限；超出时答复 503。"
    )
    max_body_bytes: int = Field(
        default=1_048_576, ge=1_024, le=16_777_216, description="请求正文的字节数上限。"
    )
    follow_interval_s: float = Field(
        default=0.25, gt=0, le=60, description="索引查看数据库新变更的间隔（秒）。"
    )
    keep_changes_days: int = Field(
        default=30,
        ge=1,
        le=3_650,
        description="变更记录（索引据以跟进）的保留天数；磁盘上的索引还要用到的一直保留。",
    )
    keep_runs_days: int = Field(
        default=30,
        ge=1,
        le=3_650,
        description="排名记录（谁在什么依据下看到了怎样的名次）的保留天数。",
    )
    keep_runs: int = Field(
        default=100_000,
        ge=0,
        le=100_000_000,
        description="最多保留多少次排名的记录，每次约 5 KB，超出时删去最早的；0 表示不记录。",
    )
    audit_key_file: Path | None = Field(
        default=None,
        description="审计密钥文件（权限须为 600）；不设时在数据目录的 audit/key，首次启动时生成。",
    )
    audit_keep_days: int = Field(
        default=180, ge=180, le=36_500, description="审计记录的保留天数，不少于 180。"
    )
    audit_heads_file: Path | None = Field(
        default=None,
        description="审计链每小时的链头写在哪个文件；不设时在数据目录的 audit/heads.jsonl。"
        "放到另一块盘或另一台机器上，才能发现数据库和数据目录被一并截短。",
    )
    sign_in_idle_minutes: int = Field(
        default=30, ge=5, le=1_440, description="登录后多久（分钟）没有操作即失效。"
    )
    sign_in_hours: int = Field(
        default=12, ge=1, le=168, description="一次登录最长的有效时间（小时）。"
    )
    second_factor: bool = Field(
        default=True,
        description="管理账号、密钥和嵌入令牌的人，以及改动、导出内容或查看联系人的管理方，"
        "是否必须用身份验证器的验证码登录；关掉只适合演示和开发。",
    )
    sign_in_over_http: bool = Field(
        default=False,
        description="不经 https 且不在本机时是否仍允许登录；密码和会话会明文经过网络，只用于试验。",
    )
    rounds_interval_s: float = Field(
        default=2.0,
        ge=0,
        le=600,
        description="到期提醒、订阅和待发送的通知多久看一次（秒）；0 表示不做。",
    )
    webhook_hosts: str = Field(
        default="",
        description="公网之外还许可回调指向的主机（可带端口）和网段，逗号分隔；"
        "它们可以用 http。云主机的元数据地址和链路本地地址任何时候都不许可。",
    )
    public_url: str = Field(
        default="",
        max_length=200,
        pattern="^(https?://[A-Za-z0-9.:/_-]+)?$",
        examples=["https://navmatch.example.cn"],
        description="人们打开本系统的地址，写进邮件和订阅源；不设时不写。",
    )
    smtp_host: str = Field(default="", description="发邮件的服务器；不设时不发邮件。")
    smtp_port: int = Field(default=465, ge=1, le=65_535, description="邮件服务器的端口。")
    smtp_encryption: str = Field(
        default="tls",
        pattern="^(tls|starttls|none)$",
        description="与邮件服务器的连接怎样加密；none 只用于本机。",
    )
    smtp_user: str = Field(default="", description="邮件服务器的账号；不需要时不设。")
    smtp_password_file: Path | None = Field(
        default=None, description="存放邮件服务器密码的文件；密码本身不放在环境变量里。"
    )
    mail_from: str = Field(
        default="",
        pattern=r"^([\w.+-]{1,64}@[\w-]+(\.[\w-]+)+)?$",
        examples=["navmatch@example.cn"],
        description="邮件的发件地址；不设时不发邮件。",
    )
    keep_deleted_days: int = Field(
        default=30,
        ge=1,
        le=3_650,
        description="删除的记录保留多少天，其后连同文字、向量一起彻底清除。",
    )
    ready_lag: int = Field(
        default=5_000,
        ge=0,
        le=10_000_000,
        description="索引落后于数据库多少条变更以内仍算能提供服务（/readyz）。",
    )
    local_metrics: bool = Field(
        default=True, description="本机直接来的请求是否不用密钥就能读取 /metrics。"
    )
    log_format: str = Field(
        default="auto",
        pattern="^(auto|json|console)$",
        description="日志写法：json 每行一个 JSON，console 给人看，auto 看是否在终端上而定。",
    )
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="日志级别。"
    )

    @property
    def resolved_database_url(self) -> str:
        """Address of the database, the SQLite file of the data directory when none is set."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{(self.data_dir / DATABASE_FILE).absolute()}"

    @property
    def has_database(self) -> bool:
        """Whether there may be a database: no for a SQLite file that is not there."""
        scheme, _, place = self.resolved_database_url.partition(":///")
        return not scheme.startswith("sqlite") or Path(place.partition("?")[0]).exists()

    @property
    def audit_dir(self) -> Path:
        """Where the audit chain's key and heads are kept unless other places are set."""
        return self.data_dir / "audit"

    @property
    def resolved_audit_key_file(self) -> Path:
        """The file with the secret of the installation."""
        return self.audit_key_file or self.audit_dir / "key"

    @property
    def extra_hosts(self) -> tuple[str, ...]:
        """The further names of `allowed_hosts`."""
        return tuple(name.strip() for name in self.allowed_hosts.split(",") if name.strip())

    @property
    def resolved_encoder_lanes(self) -> int:
        """How many texts are encoded at once, the cores of this process when it is not set."""
        if self.encoder_lanes:
            return self.encoder_lanes
        if hasattr(os, "sched_getaffinity"):
            return len(os.sched_getaffinity(0))
        return os.cpu_count() or 1

    @property
    def proxy_addresses(self) -> frozenset[str]:
        """The addresses of `proxies`."""
        return frozenset(name.strip() for name in self.proxies.split(",") if name.strip())

    @property
    def rankers_dir(self) -> Path:
        """Where trained rankers are kept."""
        return self.data_dir / "rankers"

    @property
    def ipc_file(self) -> Path:
        """Where an imported IPC table is kept."""
        return self.data_dir / "ipc.npz"

    @property
    def index_dir(self) -> Path:
        """Where generations of the index are kept."""
        return self.data_dir / "index"


def worker_place() -> str | None:
    """Return what a supervisor told this process; None for a process of its own."""
    return os.environ.get("NAVMATCH_WORKER")


def share_metrics(folder: Path) -> None:
    """Let processes started from now on share their figures in a folder."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder.absolute())


def metrics_folder() -> Path | None:
    """Return where the workers of a supervisor share their figures; None for one process."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(folder) if folder else None


def arm_failpoints() -> None:
    """Arm the failpoints a test asked for in the environment; see `models/failpoints.py`.

    Raises:
        SetupError: they were asked for, but not by a test.
    """
    failpoints.arm_from(os.environ)
