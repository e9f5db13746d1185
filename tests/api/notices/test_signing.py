"""Secrets of webhooks: made from what lies in two places, the same each time."""

import base64

from api.notices.signing import SECRET_BYTES, SECRET_PREFIX, WebhookSecrets, new_salt

OURS = WebhookSecrets(lambda: b"key of an installation")
OTHERS = WebhookSecrets(lambda: b"key of another installation")


def test_secret_is_the_same_each_time_and_no_other_webhooks() -> None:
    salt = new_salt()
    secret = OURS.of("wh_1", salt)
    assert secret == OURS.of("wh_1", salt)
    others = {OURS.of("wh_2", salt), OURS.of("wh_1", new_salt()), OTHERS.of("wh_1", salt)}
    assert len(others - {secret}) == 3
    assert len(base64.b64decode(secret.removeprefix(SECRET_PREFIX))) == SECRET_BYTES
    assert salt not in secret


def test_secret_an_older_version_kept_in_clear_goes_on() -> None:
    kept = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert OURS.of("wh_1", kept) == kept
