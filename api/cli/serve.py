"""`navmatch serve`: one process that answers HTTP, or several under a supervisor."""

import errno
import socket
from contextlib import suppress
from typing import Annotated, Final

import typer
from fastapi import FastAPI

from api.app import create_app
from api.cli.console import say
from api.cli.installation import Installation
from api.logs import LogFormat, log_thread_errors, set_up_logs
from api.metrics import clear_folder, forget_worker
from api.origins import LOOPBACK
from api.serving.channel import WorkerPlace
from api.serving.limits import BACKLOG, SEND_BUFFER_BYTES, ConnectionLimits
from api.serving.server import DrainingServer
from api.serving.supervisor import Supervisor, spawn_again
from api.serving.worker import Obedience
from api.settings import Settings, share_metrics, worker_place
from api.wiring import Service
from models.errors import SetupError
from models.viewer import ANONYMOUS, acting_as

_STOPPED: Final = "服务已停止。"


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="监听的地址。", metavar="地址")] = None,
    port: Annotated[
        int | None, typer.Option(help="监听的端口。", metavar="端口", min=1, max=65_535)
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="应答请求的进程数。", metavar="个数", min=1, max=64)
    ] = None,
) -> int:
    """Serve until interrupted."""
    installation: Installation = ctx.obj
    chosen = {"host": host, "port": port, "workers": workers}
    settings = installation.settings.model_copy(
        update={name: value for name, value in chosen.items() if value is not None}
    )
    set_up_logs(LogFormat(settings.log_format), settings.log_level)
    log_thread_errors()
    told = worker_place()
    if told is not None:
        return _work(installation, settings, WorkerPlace.from_text(told))
    listening = listen(settings.host, settings.port)
    if settings.host not in LOOPBACK:
        say("注意：请在前面放置 https 反向代理；不经 https 时，除本机外不能登录。")
    with installation.encoder_at_work() as (ready, address):
        if settings.workers > 1:
            with installation.store() as service:
                _tell_of_first_account(service)
            return _supervise(settings, listening, address)
        with ready.service() as service:
            _tell_of_first_account(service)
            run_server(create_app(settings, lambda _: service), listening, settings)
    return 0


def _tell_of_first_account(service: Service) -> None:
    """Say how to get in where nobody can yet."""
    if not service.identity.people.has_operator():
        say("还没有管理员账号。请另开一个终端建立：navmatch people add 登录名")


def listen(host: str, port: int, elsewhere: str = "--port {port}") -> socket.socket:
    """Return a socket bound to an address, before anything slow is started.

    Args:
        host: The address.
        port: The port.
        elsewhere: What to type for another port, told where this one cannot be had.

    Raises:
        SetupError: the port is taken or may not be used, or there is no such address.
    """
    bound: socket.socket | None = None
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        bound.bind((host, port))
    except OSError as error:
        if bound is not None:
            bound.close()
        raise SetupError(_refusal(error, host, port, elsewhere)) from error
    return bound


def run_server(app: FastAPI, listening: socket.socket, settings: Settings) -> None:
    """Serve an application on a bound socket until interrupted, which is how it is to end."""
    _announce(listening)
    with acting_as(ANONYMOUS), suppress(KeyboardInterrupt):  # requests have no rights of our own
        DrainingServer(app, _limits(settings)).run(sockets=[listening])
    say(_STOPPED)


def _supervise(settings: Settings, listening: socket.socket, address: str) -> int:
    """Serve with several workers; this process only watches over them."""
    _announce(listening)

    def place(channel: int) -> WorkerPlace:
        return WorkerPlace(listening.fileno(), channel, settings.workers, address)

    folder = settings.data_dir / "metrics"
    clear_folder(folder)
    share_metrics(folder)

    def forget(pid: int) -> None:
        forget_worker(folder, pid)

    code = Supervisor(lambda: spawn_again(place), settings.workers, forget).run()
    if code == 0:
        say(_STOPPED)
    return code


def _work(installation: Installation, settings: Settings, place: WorkerPlace) -> int:
    """Serve as one of several workers, once the supervisor wants one more."""
    listening = socket.socket(fileno=place.listening)
    obedience = Obedience(place, settings.worker_requests)
    opened: list[Service] = []
    app = create_app(settings, lambda _: opened[0])
    if not obedience.wait():
        return 0
    with installation.with_encoder_at(place.encoder).service() as service:
        opened.append(service)
        with acting_as(ANONYMOUS):
            server = DrainingServer(app, _limits(settings), obedience.begin)
            server.run(sockets=[listening])
    return 0


def _announce(listening: socket.socket) -> None:
    host, port = listening.getsockname()[:2]
    listening.listen(BACKLOG)
    say(f"服务地址：http://{host}:{port}  接口文档：http://{host}:{port}/docs  停止：Ctrl+C")


def _limits(settings: Settings) -> ConnectionLimits:
    return ConnectionLimits(proxies=settings.proxy_addresses)


def _refusal(error: OSError, host: str, port: int, elsewhere: str) -> str:
    if error.errno == errno.EADDRINUSE:
        other = elsewhere.format(port=port + 1 if port < 65_535 else 8000)
        return f"端口 {port} 已被占用。请关闭占用它的程序，或换一个端口，例如 {other}。"
    if error.errno in (errno.EACCES, errno.EPERM):
        other = elsewhere.format(port=8000)
        return f"没有权限使用端口 {port}，请换成 1024 以上的端口，例如 {other}。"
    return f"不能在地址 {host} 上监听，请检查 --host；只在本机使用时填 127.0.0.1。"
