"""Words by which names of people are told from other words: ``names.toml``, read once."""

import tomllib
from importlib.resources import files

_READ = tomllib.loads(files("services.portal.reading.ticket.masking").joinpath("names.toml").read_text("utf-8"))


def _either(name: str) -> str:
    """The words of a list as one pattern, the longer first."""
    return "|".join(sorted(_READ[name].split(), key=len, reverse=True))


SURNAMES = "".join(_READ["surnames"].split())
DOUBLE = frozenset(_READ["double"].split())
RARELY = frozenset(_READ["rarely"])
NO_NAME_END = frozenset(_READ["no_name_end"])
NO_WORD_END = frozenset(_READ["no_word_end"])
NO_FIRST = frozenset(_READ["no_first"])
NO_PART = frozenset(_READ["no_part"])
NO_NAME = frozenset(_READ["words"].split())
IN_PLACE_OF_A_NAME = frozenset(_READ["in_place_of_a_name"].split())
ROLES = "|".join(" {0,3}".join(each) for each in sorted(_READ["roles"].split(), key=len, reverse=True))
"""With blanks between the characters: 姓 名, as forms print it."""
MASKED = "某"
CALLED, NOW_AND_THEN = _either("called"), _either("now_and_then")
TITLES, OFFICES = _either("titles"), _either("offices")
