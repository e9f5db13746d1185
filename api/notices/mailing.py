"""Digests by e-mail: plain text over SMTP."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from typing import Final, Protocol

from api.notices.sending import Outcome
from models.notification import Notification
from models.working_days import TIME_ZONE

TIMEOUT_S: Final = 10.0
_SUBJECT: Final = "专利导航需求匹配：{n} 条新通知"
_FOOT: Final = "这封邮件由系统发出，请勿回复。要改变频率或停发，请在“通知”页的“邮件摘要”中设置。"


class Encryption(StrEnum):
    """How the connection to the mail server is encrypted."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True, repr=False)
class MailServer:
    """The mail server of an installation.

    Attributes:
        host: Its name; empty when there is none.
        port: Its port.
        encryption: How the connection is encrypted.
        user: Account; empty when none is needed.
        password: Its password.
        sender: Address the digests come from.
        link: Address of the console; empty when it is not told.
    """

    host: str
    port: int
    encryption: Encryption
    user: str
    password: str
    sender: str
    link: str

    @property
    def is_set(self) -> bool:
        """Whether mail can be sent at all."""
        return bool(self.host and self.sender)


class Mailing(Protocol):
    """Sends a digest."""

    def send(self, address: str, told: Sequence[Notification], number: str) -> Outcome:
        """Send what somebody is told to their address."""


class Mailer:
    """Sends digests over a mail server."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def send(self, address: str, told: Sequence[Notification], number: str) -> Outcome:
        """Send a digest; whatever happens becomes a code."""
        try:
            message = self.message(address, told, number)
        except (ValueError, MessageError, IndexError):  # what the address parser raises
            return Outcome("address_refused", is_final=True)
        try:
            with self._connect() as connection:
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused:
            return Outcome("recipient_refused", is_final=True)
        except smtplib.SMTPAuthenticationError:
            return Outcome("sign_in_refused")
        except smtplib.SMTPResponseException as error:
            return Outcome(f"smtp_{error.smtp_code}")
        except ssl.SSLError:
            return Outcome("certificate")
        except TimeoutError:
            return Outcome("timeout")
        except (OSError, smtplib.SMTPException):
            return Outcome("unreachable")
        return Outcome()

    def message(self, address: str, told: Sequence[Notification], number: str) -> EmailMessage:
        """Return the digest as it is sent; no text of anybody stands in a header.

        Raises:
            ValueError: the address is none; the parser of addresses raises others too.
        """
        message = EmailMessage(policy=SMTP)
        message["Subject"] = _SUBJECT.format(n=len(told))
        message["From"] = Address(display_name="专利导航需求匹配", addr_spec=self._server.sender)
        message["To"] = Address(addr_spec=address)
        domain = self._server.sender.rpartition("@")[2]
        message["Message-ID"] = f"<{number}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        lines = [f"{n}. {_line(row)}" for n, row in enumerate(told, start=1)]
        foot = [f"查看：{self._server.link}"] if self._server.link else []
        message.set_content("\n".join([*lines, "", *foot, _FOOT, ""]))
        return message

    def _connect(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        if server.encryption is Encryption.TLS:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_S, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        try:
            if server.encryption is Encryption.STARTTLS:
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection


def _line(row: Notification) -> str:
    at = row.created_at.astimezone(TIME_ZONE)
    return f"{' '.join(row.text.split())}（{at:%m月%d日 %H:%M}）"
