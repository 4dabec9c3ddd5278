"""Tables as files for office programs."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Response

ALSO_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


def csv_file(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Response:
    """The table to be saved. A route that answers so has ``responses=ALSO_CSV``."""
    return Response(csv_text(columns, rows), media_type="text/csv; charset=utf-8")


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A byte-order mark first: office programs take a file without one for their own old encoding."""
    out = io.StringIO()
    table = csv.DictWriter(out, columns, lineterminator="\r\n")
    table.writeheader()
    table.writerows(rows)
    return "\ufeff" + out.getvalue()
