"""A small application with one flaw of each kind, which a run has to find."""

import os
import signal
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from indexer.text import clean
from models.errors import TextRejectedError
from tests.hostile.surface import Document
from tests.hostile.verdict import MEDIA_TYPE, Fault

SLOW_S: Final = 0.06
"""How long the slow toy takes; runs against it allow half of that."""

_REFUSALS: Final[dict[int | str, dict[str, Any]]] = {422: {"description": "refused"}}


class Note(BaseModel):
    """What the toy stores."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    title: Annotated[str, StringConstraints(max_length=500)] = Field(examples=["一条记录"])
    pages: int = Field(strict=True, ge=0, le=2**31 - 1, examples=[3])


class Toy:
    """The application and what it has stored."""

    def __init__(self, flaw: Fault | None) -> None:
        self.notes: list[str] = []
        self.flaw = flaw
        made = FastAPI()
        made.add_exception_handler(RequestValidationError, self._refuse_shape)
        made.add_exception_handler(HTTPException, self._refuse_request)
        made.post("/v1/notes", status_code=201, responses=_REFUSALS)(self.store)
        self.app: ASGIApp = made
        self.document: Document = made.openapi()
        self.credentials: Mapping[str, bytes] = {}

    def state(self) -> object:
        """Return how many notes there are."""
        return len(self.notes)

    def sign_in(self) -> Mapping[str, bytes]:
        """Return nothing: nobody signs in."""
        return {}

    def store(self, note: Note) -> Any:
        """Store a note."""
        try:
            clean(note.title, min_chars=0)
        except TextRejectedError:
            return self._of_refused_text(note)
        if self.flaw is Fault.DEATH and note.title.startswith("\ufdfa" * 100):
            os.kill(os.getpid(), signal.SIGKILL)
        self.notes.append(note.title)
        return {"title": note.title}

    def _of_refused_text(self, note: Note) -> Response:
        """Answer a text the sanitiser refuses, as the flaw has it."""
        if self.flaw is Fault.PARTLY_STORED:
            self.notes.append(note.title)
        if self.flaw is Fault.SERVER_ERROR:
            raise ValueError(note.title)
        if self.flaw is Fault.SLOW:
            time.sleep(SLOW_S)
        if self.flaw is Fault.ACCEPTED:
            return JSONResponse({"title": "gekürzt"}, 201)
        if self.flaw is Fault.UNCLEAN:
            return JSONResponse({"title": note.title[:1] + "\x1b[31m"}, 201)
        if self.flaw is Fault.NOT_A_PROBLEM:
            return PlainTextResponse("no", 422)
        if self.flaw is Fault.UNDECLARED:
            return problem(418)
        if self.flaw is Fault.LONG_ERROR:
            return problem(422, "很长" * 2_000)
        if self.flaw is Fault.ECHO:
            return problem(422, ascii(note.title) + note.title.encode("utf-8", "ignore").decode())
        return problem(422)

    async def _refuse_shape(self, request: Request, error: Exception) -> Response:
        return problem(422)

    async def _refuse_request(self, request: Request, error: Exception) -> Response:
        return problem(error.status_code if isinstance(error, HTTPException) else 400)


def problem(status: int, detail: str = "不行。") -> JSONResponse:
    """Return an error reply as it should be, but for its detail."""
    content = {"type": "urn:x:no", "code": "no", "status": status, "detail": detail}
    return JSONResponse(content, status, media_type=MEDIA_TYPE)


@asynccontextmanager
async def toying(flaw: Fault | None) -> AsyncIterator[Toy]:
    """Give a running toy."""
    yield Toy(flaw)
