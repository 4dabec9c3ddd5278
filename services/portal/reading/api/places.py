"""Places in a list, as they come with a request: ``after`` and ``before`` of every door that lists matters."""

from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from services.portal.reading.search import cursors
from services.portal.reading.search.cursors import Cursor, CursorMalformed

ZH = "翻页标记不对：请用上一次答复里给出的，或去掉它，从最新的看起。"
EN = "Not a place in a list: take it from the answer before, or leave it out to begin at the newest."


def _read(text: Any) -> Any:
    """ "" is no place: a form that chooses nothing."""
    if text in ("", None):
        return None
    try:
        return cursors.parse(str(text))
    except CursorMalformed:
        raise PydanticCustomError("cursor_malformed", EN, {"zh": ZH}) from None


PlaceInList = Annotated[Cursor | None, BeforeValidator(_read, json_schema_input_type=str)]
