"""What can go wrong between a text and a searchable index."""

from models.errors import NavmatchError, SetupError


class IndexDamagedError(NavmatchError):
    """A generation on disk is not what its manifest says; it is rebuilt from the database."""

    code = "index_damaged"


class EncoderError(SetupError):
    """The encoder asked for cannot be used as it stands."""

    code = "encoder"


class EncoderFilesError(EncoderError):
    """Files of an encoder are missing, damaged, or of a kind navmatch does not load."""

    code = "encoder_files"
