"""The divisions of the country as of 2025-12-31: province, prefecture, county, township, by code and name."""

import gzip
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

COUNTY_DIGITS = 6


def rows() -> Iterator[tuple[str, str]]:
    """Code and name of every division, those above a county filled up to six digits."""
    packed = files("contracts").joinpath("data/divisions.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode().splitlines():
        _, code, name = line.split("\t")
        yield code, name


@cache
def names_within(division: str) -> Mapping[str, str]:
    """Code, trimmed, to name of a division and all that lie in it."""
    found = ((trim(code), name) for code, name in rows())
    return {code: name for code, name in found if code.startswith(division)}


def trim(code: str) -> str:
    """A code without the zeros that only fill it up: 430000 → 43, 431200 → 4312."""
    if len(code) != COUNTY_DIGITS:
        return code
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _known(code: str) -> str:
    if code in names_within(""):
        return code
    zh, en = "没有这个区划，请核对代码。", "No such division: check the code."
    raise PydanticCustomError("unknown_division", en, {"zh": zh})


WrittenDivision = Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9})$"), AfterValidator(_known)]
"""The code of a division, as somebody writes it into a file: trimmed, and one that there is."""
