"""The JSON Schemas of the public events: what is served, and what was released and is frozen for ever.

Source of the dialect: JSON Schema 2020-12, the one that OpenAPI 3.1 and AsyncAPI 3.0 take.
"""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts import feed

RELEASED = Path(__file__).parent / "released"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@functools.cache
def schema_of(kind: str) -> Mapping[str, Any]:
    """The schema of an event's data as it is said today. Raises KeyError for no event of ours."""
    return {"$schema": DIALECT, **feed.EVENTS[kind].model_json_schema(mode="serialization")}
