"""`navmatch demo`: demonstration data in, three answers on the screen, then the service."""

from typing import Annotated, Final

import typer

from api.app import create_app
from api.cli.console import add_row, messages, progress, say, table
from api.cli.installation import Installation
from api.cli.match import show_answer
from api.cli.serve import listen, run_server
from api.demo.accounts import open_accounts, open_key
from api.demo.load import is_in_use, load_demo, source_ref
from api.matching import Matching
from api.origins import LOOPBACK
from api.schemas.match import MatchQuery
from api.wiring import Service
from indexer.locks import WriterLock
from models import repository
from models.demand import Demand
from models.errors import SetupError
from models.vocabulary.matching import Direction

SAMPLES: Final = ("D-A001", "D-A020", "D-B010")
SHOWN: Final = 3

_ELSEWHERE: Final = "NAVMATCH_PORT={port} make demo"


def demo(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="监听的地址。", metavar="地址")] = None,
    port: Annotated[
        int | None, typer.Option(help="监听的端口。", metavar="端口", min=1, max=65_535)
    ] = None,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="打印结果后结束，不启动服务。")
    ] = False,
) -> int:
    """Load the demonstration data if it is not there yet, show three answers, serve."""
    chosen = {"host": host or ctx.obj.settings.host, "second_factor": False}
    settings = ctx.obj.settings = ctx.obj.settings.model_copy(update=chosen)
    _refuse_beside_a_service(ctx.obj)
    listening = None if no_serve else listen(settings.host, port or settings.port, _ELSEWHERE)
    with ctx.obj.encoder_at_work() as (ready, _), ready.readers() as service:
        _refuse_where_in_use(service)
        with progress("载入演示数据") as told:
            n_loaded = load_demo(service, told)
        say(
            f"已载入 {n_loaded} 条演示数据（合成数据，与真实单位无关）。"
            if n_loaded
            else "演示数据已在库中。"
        )
        with progress("建立索引") as told:
            service.open(told, follow=False)
        _show_samples(service)
        if settings.host in LOOPBACK:
            _show_accounts(service, listening.getsockname()[1] if listening else settings.port)
        else:
            say("监听的不是本机地址，没有建立演示账号；账号用 navmatch people add 建立。")
        if listening is not None:
            run_server(create_app(settings, lambda _: service), listening, settings)
    return 0


def _refuse_beside_a_service(installation: Installation) -> None:
    """Refuse where a service works on the data directory: it would lose passwords and key.

    Raises:
        SetupError: one does.
    """
    installation.make_data_dir()
    with WriterLock(installation.settings.index_dir) as lock:
        if not lock.acquire():
            raise SetupError(
                f"数据目录 {installation.settings.data_dir} 上已有服务在运行；再运行演示会换掉"
                "它的演示密码和密钥，所以没有运行，什么都没有改。请先停止它，或换一个数据目录，"
                "例如 NAVMATCH_DATA_DIR=data-2 NAVMATCH_PORT=8001 make demo。"
            )


def _refuse_where_in_use(service: Service) -> None:
    """Refuse to put invented organisations among real ones.

    Raises:
        SetupError: the installation is somebody's own.
    """
    if is_in_use(service):
        raise SetupError(
            f"数据目录 {service.settings.data_dir} 的数据库里已有账号或数据，不是演示用的。演示的"
            "机构、需求和案例都是虚构的，会和真实的混在一起，所以没有载入，什么都没有改。"
            "请另用一个数据目录（设了 NAVMATCH_DATABASE_URL 的先取消），"
            "例如 NAVMATCH_DATA_DIR=data-demo NAVMATCH_PORT=8001 make demo。"
        )


def _show_accounts(service: Service, port: int) -> None:
    """Print with what one signs in, and a question a program may ask."""
    accounts, password = open_accounts(service)
    labels = service.vocabularies.labels
    shown = table("演示账号", "登录名", "角色", "单位")
    for account in accounts:
        add_row(shown, account.login, labels.of(account.role), account.organisation)
    messages().print(shown)
    say(f"密码都是：{password}（每次运行 navmatch demo 都换新的，只能在本机使用）")
    say("程序用密钥访问（一天内有效），例如：")
    messages().print(
        f"curl -H 'Authorization: Bearer {open_key(service)}'"
        f" 'http://127.0.0.1:{port}/v1/demands?limit=3'",
        soft_wrap=True,
        highlight=False,
    )


def _show_samples(service: Service) -> None:
    matching = Matching(service)
    for key in SAMPLES:
        with service.database.read() as session:
            demand = repository.find_by_source(session, Demand, source_ref(key))
        if demand is not None and demand.deleted_at is None:
            query = MatchQuery(direction=Direction.DEMAND_TO_PROVIDER, id=demand.id, k=SHOWN)
            show_answer(matching.answer(query))
