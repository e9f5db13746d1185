"""`navmatch serve`: one process that answers HTTP."""

import errno
import socket
from typing import Annotated, Final

import typer
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.cli.console import say
from api.origins import LOOPBACK
from models.errors import SetupError
from models.viewer import ANONYMOUS, acting_as

SHUTDOWN_S: Final = 10
"""Seconds running requests get when the server is told to stop."""

BACKLOG: Final = 2_048
"""Connections that may wait to be taken up, uvicorn's own figure."""


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="监听的地址。", metavar="地址")] = None,
    port: Annotated[
        int | None, typer.Option(help="监听的端口。", metavar="端口", min=1, max=65_535)
    ] = None,
) -> int:
    """Serve until interrupted."""
    settings = ctx.obj.settings
    settings = settings.model_copy(update={"host": host or settings.host})
    listening = listen(settings.host, port or settings.port)
    if settings.host not in LOOPBACK:
        say("注意：程序没有登录和权限，能连到这个地址的人都能读写全部内容。")
    with ctx.obj.service() as service:
        run_server(create_app(settings, lambda _: service), listening)
    return 0


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address, before anything slow is started.

    Raises:
        SetupError: the port is taken or may not be used, or there is no such address.
    """
    bound: socket.socket | None = None
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        if bound is not None:
            bound.close()
        raise SetupError(_refusal(error, host, port)) from error
    return bound


def run_server(app: FastAPI, listening: socket.socket) -> None:
    """Serve an application on a bound socket until interrupted."""
    host, port = listening.getsockname()[:2]
    listening.listen(BACKLOG)
    say(f"服务地址：http://{host}:{port}  接口文档：http://{host}:{port}/docs  停止：Ctrl+C")
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_graceful_shutdown=SHUTDOWN_S,
        server_header=False,
        lifespan="on",
    )
    with acting_as(ANONYMOUS):  # whoever started the service, requests have no rights of theirs
        uvicorn.Server(config).run(sockets=[listening])


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"端口 {port} 已被占用。请关闭占用它的程序，或换一个端口，"
            f"例如 --port {port + 1 if port < 65_535 else 8000}。"
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限使用端口 {port}，请换成 1024 以上的端口，例如 --port 8000。"
    return f"不能在地址 {host} 上监听，请检查 --host；只在本机使用时填 127.0.0.1。"
