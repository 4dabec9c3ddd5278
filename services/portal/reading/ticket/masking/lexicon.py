"""Words by which names of people are told from other words: ``names.toml``, read once."""

import tomllib
from importlib.resources import files

_READ = tomllib.loads(files("services.portal.reading.ticket.masking").joinpath("names.toml").read_text("utf-8"))


def _either(name: str) -> str:
    """The words of a list as one pattern, the longer first."""
    return "|".join(sorted(_READ[name].split(), key=len, reverse=True))


SURNAMES = "".join(_READ["surnames"].split())
DOUBLE = frozenset(_READ["double"].split())
_FIRST = "".join(sorted({*SURNAMES, *(each[0] for each in DOUBLE)}))
SURNAME = f"(?=[{_FIRST}])(?:{'|'.join(sorted(DOUBLE))}|[{SURNAMES}])"
"""As a pattern, which looks at most places no further than at their character."""
RARELY = frozenset(_READ["rarely"])
NO_NAME_END = frozenset(_READ["no_name_end"])
NO_WORD_END = frozenset(_READ["no_word_end"])
NO_FIRST = frozenset(_READ["no_first"])
NO_PART = frozenset(_READ["no_part"])
NO_NAME = frozenset(_READ["words"].split()) | frozenset(_READ["titles"].split())
ADDRESSES = frozenset(_READ["addresses"])
IN_PLACE_OF_A_NAME = frozenset(_READ["in_place_of_a_name"].split())
ROLES = "|".join(" {0,3}".join(each) for each in sorted(_READ["roles"].split(), key=len, reverse=True))
"""With blanks between the characters: 姓 名, as forms print it."""
MASKED = "某"
CALLED, NOW_AND_THEN = _either("called"), _either("now_and_then")
TITLES, OFFICES = _either("titles"), _either("offices")
BEFORE_THE_NAME, BEFORE_A_NAME = _either("before_the_name"), _either("before_a_name")
BEFORE_ANYTHING = _either("before_anything")
AFTER_ANYTHING, PLACE_AFTER = _either("after_anything"), _either("place_after")
PEOPLES, TIBETAN = _either("peoples"), _either("tibetan")
UYGHUR, UYGHUR_BEGUN = _either("uyghur"), _either("uyghur_begun")
UYGHUR_FIRST = "".join(sorted({each[0] for name in ("uyghur", "uyghur_begun") for each in _READ[name].split()}))
TIBETAN_FIRST = "".join(sorted({each[0] for each in _READ["tibetan"].split()}))
PUBLIC_OFFICES = "|".join(sorted({*_READ["offices"].split()} - {*_READ["business"].split()}))
PUBLIC = frozenset(_READ["public"].split())
