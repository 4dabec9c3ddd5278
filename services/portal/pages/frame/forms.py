"""What a form sent, field by field as people typed it, and what is wrong with a field as the page says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from fastapi import Request

from contracts import vocabulary
from contracts.vocabulary import Language
from runtime.http.bodies import FORM, limited

FIELDS_AT_MOST = 40
Typed = Mapping[str, str]
"""Field → what was typed; a field that is not there was left empty."""
Wrong = dict[str, str]
"""Field → what is wrong with it, in the reader's language; "" is the form as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffForm:
    """The form of an act of staff as it is shown.

    ``key``: names what is asked for; ``calls``: the call that says the same was asked for.
    """

    act: str
    key: str
    typed: Typed = field(default_factory=dict)
    wrong: Wrong = field(default_factory=dict)
    status: int = 200
    calls: bool = False


async def typed(request: Request) -> Typed:
    """The fields of a form. Raises a 413 or a 415; what is no form has no field."""
    body = await limited(request, FORM)
    try:
        fields = parse_qs(body.decode("ascii", "replace"), max_num_fields=FIELDS_AT_MOST)
    except ValueError:
        return {}
    return {name: values[0].replace("\r\n", "\n").replace("\0", "") for name, values in fields.items()}


def wrong(errors: Sequence[Mapping[str, str]], fields: Mapping[str, str], language: Language) -> Wrong:
    """The complaints of an API at the fields of a form. ``fields``: JSON pointer → field; others are the form's own."""
    said: Wrong = {}
    for each in errors:
        text = vocabulary.say((each.get("zh", ""), each.get("en", "")), language)
        said.setdefault(fields.get(each.get("pointer", ""), ""), text)
    return said
