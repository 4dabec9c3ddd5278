"""The form of what the feed says: what an event does not declare is never said."""

from pydantic import BaseModel, ConfigDict


class PublicData(BaseModel):
    """The data of any event: what it does not declare is never said."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Public(PublicData):
    """The data of an event of a ticket, which is its subject (``ce_subject``: the ticket id).

    ``number`` is the whole registration number where the fact says it, else "": never a part of it. ``division`` is a
    county's code (six digits) where the fact says it, else "".
    """

    number: str = ""
    division: str = ""
