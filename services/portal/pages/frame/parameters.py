"""What the addresses of pages may say, and where some of them stand."""

from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import RedirectResponse

from contracts.vocabulary import Language

Lang = Annotated[Language, Query()]
Place = Annotated[str, Query(alias="division")]
"""Whose board it is; the API behind the page says whether there is one."""

MATTER = "/mine/matter"
"""One's own matter, behind the cookie."""


def to(path: str, language: Language, **asked: str) -> Response:
    """See there: what was sent is not sent again by a reload."""
    query = "".join(f"&{name}={value}" for name, value in asked.items())
    return RedirectResponse(f"{path}?lang={language}{query}", status_code=303)
