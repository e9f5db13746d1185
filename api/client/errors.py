"""What can go wrong when the service is asked, one class a way to deal with it."""

from typing import Final

from api.schemas.problem import FieldProblemRead, Problem


class ClientError(Exception):
    """Root of all errors of the client."""


class OpenToAllWarning(UserWarning):
    """A secret goes over the network in clear."""


class ServiceUnreachableError(ClientError):
    """No answer came, however often it was asked.

    Attributes:
        idempotency_key: What a write was sent under: sent again under it, also by another
            process, it is done once. None for a question.
    """

    def __init__(self, why: str, idempotency_key: str | None = None) -> None:
        super().__init__(f"服务没有答复：{why}")
        self.idempotency_key = idempotency_key


class AnswerUnreadableError(ClientError):
    """The answer is not of the form this client knows; the service may be much newer or older."""


class ProblemError(ClientError):
    """The service refused, and said why.

    Attributes:
        status: HTTP status.
        code: Stable code of the problem (docs/reference/errors.md).
        title: What is wrong, in Chinese.
        detail: Explanation and what to do, in Chinese.
        request_id: Number of the request, to report a fault with.
        errors: What is wrong with single fields.
        retry_after_s: After how many seconds to ask again; None when it did not say.
    """

    def __init__(self, problem: Problem, retry_after_s: float | None = None) -> None:
        super().__init__(f"{problem.title}：{problem.detail}（{problem.code}）")
        self.status: int = problem.status
        self.code: str = problem.code
        self.title: str = problem.title
        self.detail: str = problem.detail
        self.request_id: str | None = problem.request_id
        self.errors: list[FieldProblemRead] = problem.errors
        self.retry_after_s = retry_after_s


class NotSignedInError(ProblemError):
    """No key or sign-in, or one that has ended (401)."""


class NotAllowedError(ProblemError):
    """Role, purpose of the key or owner of the row do not allow it (403)."""


class NotFoundError(ProblemError):
    """There is no such row for whoever asks (404)."""


class ConflictError(ProblemError):
    """The row has changed meanwhile, or its state does not allow it (409)."""


class RejectedError(ProblemError):
    """What was sent is not as it must be, or not sent to the service; again it stays so.

    400, 413, 415, 422; or 3xx, where another address was answered, and nothing was done.
    """


class TooOftenError(ProblemError):
    """Too many requests, also after waiting as asked (429)."""


class UnavailableError(ProblemError):
    """The service is busy or away, also after waiting as asked (5xx)."""


_BY_STATUS: Final[dict[int, type[ProblemError]]] = {
    401: NotSignedInError,
    403: NotAllowedError,
    404: NotFoundError,
    409: ConflictError,
    429: TooOftenError,
}
_SERVER: Final = 500


def error_of(problem: Problem, retry_after_s: float | None = None) -> ProblemError:
    """Return the error of a problem."""
    fallback = UnavailableError if problem.status >= _SERVER else RejectedError
    return _BY_STATUS.get(problem.status, fallback)(problem, retry_after_s)
