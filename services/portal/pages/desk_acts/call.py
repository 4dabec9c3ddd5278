"""The call that says the same as a form: whoever has a program of their own enters nothing twice (G2)."""

import shlex
from collections.abc import Sequence

import orjson

from services.portal.pages.desk_acts.acts import DeskAct, body_of, path_of
from services.portal.pages.frame.forms import Typed


def curl_of(act: DeskAct, number: str, sent: Typed, key: str, numbers: Sequence[str] = ()) -> str:
    """As it is typed in a shell. ``$TOKEN`` and where the service stands are the reader's own.

    ``numbers``: of the matters, where the API takes many.
    """
    said = body_of(act, sent) | ({"numbers": list(numbers)} if numbers else {})
    body = orjson.dumps(said, option=orjson.OPT_INDENT_2).decode()
    lines = (
        f'curl -X POST "${act.service.upper()}{path_of(act, number, sent)}"',
        '-H "Authorization: Bearer $TOKEN"',
        f"-H {shlex.quote(f'Idempotency-Key: {key}')}",
        "-H 'Content-Type: application/json'",
        f"-d {shlex.quote(body)}",
    )
    return " \\\n  ".join(lines)
