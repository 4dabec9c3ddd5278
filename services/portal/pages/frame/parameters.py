"""What the addresses of pages may say, and where some of them stand."""

from typing import Annotated

from fastapi import Depends, Path, Query, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from contracts.identifiers import NumberMalformed, parse_number
from contracts.vocabulary import Language

Lang = Annotated[Language, Query()]
Place = Annotated[str, Query(alias="division")]
"""Whose board it is; the API behind the page says whether there is one."""


def _numbered(number: Annotated[str, Path(max_length=100)]) -> str:
    try:
        return parse_number(number)
    except NumberMalformed:
        raise HTTPException(404) from None


KnownNumber = Annotated[str, Depends(_numbered)]
"""A registration number in the address of a page, as it is spelled; what is none is a 404, and asked of nobody."""

MATTER = "/mine/matter"
"""One's own matter, behind the cookie."""


def to(path: str, language: Language, **asked: str) -> Response:
    """See there: what was sent is not sent again by a reload."""
    query = "".join(f"&{name}={value}" for name, value in asked.items())
    return RedirectResponse(f"{path}?lang={language}{query}", status_code=303)
