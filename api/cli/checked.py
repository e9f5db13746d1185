"""Words of a command line, held to the same shapes as what comes over HTTP."""

from typing import Any, TypeVar

from pydantic import ValidationError

from api.field_problems import field_problems
from api.schemas.base import Schema
from models.errors import InvalidInputError

SchemaT = TypeVar("SchemaT", bound=Schema)


def checked(schema: type[SchemaT], **values: Any) -> SchemaT:  # noqa: ANN401 - of any field
    """Return the values as a shape, their texts sanitised; None stands for what was not said.

    Raises:
        InvalidInputError: one does not fit; the message names the first.
    """
    try:
        return schema(**{name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        problem = field_problems(error.errors(include_input=False, include_url=False))[0]
        raise InvalidInputError(
            f"{problem.field or 'text'} 不符合要求：{problem.message}"
        ) from None
