"""Files sent as the body of a request: where, how large, and what one counts for."""

from typing import Final

UPLOAD: Final = ("POST", "/v1/imports")
"""The one operation that takes a file."""

MAX_UPLOAD_BYTES: Final = 10 * 1024 * 1024
UPLOAD_TOKENS: Final = 60.0
"""What a file counts for however long it is: ten a minute, and whoever sent one may look after
it. Counted by its length it would use up all its sender may ask in a minute."""

DOWNLOADS: Final = ("/export", "/report", "/sheet")
"""Ends of the addresses that answer with a whole list, a report or a marked sheet as a file."""

DOWNLOAD_TOKENS: Final = 30.0
"""What such an answer counts for: it is work for seconds."""

DOWNLOAD_S: Final = 60.0
"""Seconds such an answer may take."""


def is_upload(method: str, path: str) -> bool:
    """Return whether a request carries a file."""
    return (method, path) == UPLOAD


def is_download(path: str) -> bool:
    """Return whether a request asks for a file that has to be made."""
    return path.endswith(DOWNLOADS)
