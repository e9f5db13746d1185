"""The one error of the set-up."""


class SetupError(Exception):
    """Set-up cannot go on; the message is one Chinese sentence that says what to do."""
