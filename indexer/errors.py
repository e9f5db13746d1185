"""What can go wrong between a text and a searchable index."""

from models.errors import InvalidInputError, NavmatchError, SetupError, UnavailableError


class IndexDamagedError(NavmatchError):
    """A generation on disk is not what its manifest says; it is rebuilt from the database."""

    code = "index_damaged"


class IndexStaleError(IndexDamagedError):
    """A generation is whole, but was built by another recipe or from another database."""

    code = "index_stale"


class WriterLostError(NavmatchError):
    """The right to write generations is gone; another process may have it."""

    code = "writer_lost"


class EncoderError(SetupError):
    """The encoder asked for cannot be used as it stands."""

    code = "encoder"


class EncoderFilesError(EncoderError):
    """Files of an encoder are missing, damaged, or of a kind navmatch does not load."""

    code = "encoder_files"


class EncoderRestartingError(UnavailableError):
    """The process that encodes died and another is about to take its place."""

    code = "encoder_restarting"


class EncoderBusyError(UnavailableError):
    """More texts wait to be encoded than can be served in time."""

    code = "encoder_busy"


class TextRefusedError(InvalidInputError):
    """The text killed the process that encodes more than once, and is not tried again."""

    code = "text_refused"
