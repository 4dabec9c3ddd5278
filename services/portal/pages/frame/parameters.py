"""What the address of every page may say."""

from typing import Annotated

from fastapi import Query

from contracts.vocabulary import Language

Lang = Annotated[Language, Query()]
Place = Annotated[str, Query(alias="division")]
"""Whose board it is; the API behind the page says whether there is one."""
