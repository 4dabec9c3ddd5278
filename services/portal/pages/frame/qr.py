"""A QR code as a page draws it: without a picture, so that the policy of the pages allows it."""

from typing import Any

import segno


def squares(text: str) -> dict[str, Any]:
    """The squares of an SVG path, with the size of its side; empty without a text."""
    if not text:
        return {}
    rows = segno.make(text, error="m", micro=False).matrix
    path = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"path": "".join(path), "side": len(rows)}
