"""Everything that tells people, put together from the settings."""

from functools import partial
from pathlib import Path

from api.interactions.timers import Timers
from api.matching import Matching
from api.notices.addresses import Allowed
from api.notices.courier import Courier
from api.notices.mailing import Encryption, Mailer, MailServer
from api.notices.sending import Sender
from api.notices.signing import WebhookSecrets
from api.rounds import Rounds
from api.settings import Settings
from api.subscribing import Subscribing
from api.wiring import Service
from models.errors import SetupError
from models.secret_file import read_secret


def make_rounds(service: Service, matching: Matching) -> Rounds:
    """Return the rounds of an open service.

    Raises:
        SetupError: the file with the mail server's password cannot be read.
    """
    settings, now = service.settings, service.now
    server = mail_server(settings)
    courier = Courier(
        service.database,
        Sender(allowed_hosts(settings)),
        Mailer(server) if server.is_set else None,
        webhook_secrets(settings),
        now,
    )
    tasks = {
        "timers": Timers(service.database, now).run,
        "subscriptions": Subscribing(service, matching, now).run,
        "courier": courier.run,
    }
    return Rounds(tasks, lambda: service.synchroniser.leads, settings.rounds_interval_s)


def webhook_secrets(settings: Settings) -> WebhookSecrets:
    """Return what makes the secrets of webhooks; its key is that of the audit chain."""
    return WebhookSecrets(partial(read_secret, settings.resolved_audit_key_file))


def allowed_hosts(settings: Settings) -> Allowed:
    """Return the hosts and networks webhooks may lead to besides the public internet."""
    return Allowed(settings.webhook_hosts.split(","))


def mail_server(settings: Settings) -> MailServer:
    """Return the mail server of the installation.

    Raises:
        SetupError: the file with its password cannot be read.
    """
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        encryption=Encryption(settings.smtp_encryption),
        user=settings.smtp_user,
        password=_password(settings.smtp_password_file),
        sender=settings.mail_from,
        link=settings.public_url,
    )


def _password(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"邮件服务器的密码文件 {path} 无法读取。") from error
