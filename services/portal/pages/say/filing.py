"""What the form of a matter holds, and the body that it makes: what was left empty is not sent."""

from collections.abc import Mapping

from contracts.divisions import names_within
from contracts.vocabulary import Language
from services.portal.pages.frame.forms import Typed, Wrong
from services.portal.pages.services import Json

LENGTHS = (2, 4, 6, 9)  # digits of the codes of provinces, prefectures, counties, townships
NEEDED = ("title", "content")
MATTER = ("title", "content", "division", "place", "on_behalf_of")
PERSON = ("name", "phone", "email")
FIELDS = (*MATTER, *PERSON, "channel")
POINTERS: Mapping[str, str] = {
    **{f"/{name}": name for name in MATTER},
    **{f"/reporter/{name}": name for name in PERSON},
    "/reporter": "phone",
    "/reporter/channel": "channel",
}
"""Where the API says that something is wrong → the field of the form that shows it."""


def parts_of(division: str) -> Mapping[str, str]:
    """Code and Chinese name of the divisions directly below the site's own, as its form lists them."""
    longer = next((length for length in LENGTHS if length > len(division)), 0)
    return {code: name for code, name in names_within(division).items() if len(code) == longer}


def kept(sent: Typed) -> dict[str, str]:
    """The fields of the form, without blanks around them; what was left empty is "" """
    return {name: sent.get(name, "").strip() for name in FIELDS}


def missing(typed: Typed, text: str) -> Wrong:
    """What has to be filled in before anything is read back; ``text`` says so."""
    return {name: text for name in NEEDED if not typed[name]}


def body(typed: Typed, language: Language) -> Json:
    """A submission as intake takes it."""
    found: Json = {name: typed[name] for name in MATTER if typed[name]}
    person: Json = {name: typed[name] for name in PERSON if typed[name]}
    if not person:
        return found
    return found | {"reporter": person | {"channel": _channel(typed), "language": language}}


def _channel(typed: Typed) -> str:
    """How to be told: as chosen, or by whatever was given."""
    return typed["channel"] or ("sms" if typed["phone"] else "email" if typed["email"] else "none")
