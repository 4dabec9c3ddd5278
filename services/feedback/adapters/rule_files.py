"""What somebody wrote down to be published, of plans or of reviews: an array of editions, and all that is wrong."""

from abc import abstractmethod
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, StrictBool, StrictInt
from pydantic_core import PydanticCustomError

from contracts.divisions import WrittenDivision
from contracts.messages.reviews import PlanRulePublished, ReviewChainPublished
from contracts.values import ReviewLevel
from contracts.vocabulary import REVIEWERS
from runtime.process import edition_files
from runtime.process.edition_files import EditionFile, FileFault, PublishingPlan, WrittenEdition, WrittenPart
from runtime.process.editions import key_of
from services.feedback.domain.review.chain import LEVELS_AT_MOST

PublishedEdition = PlanRulePublished | ReviewChainPublished
CODES_AT_MOST = 500
LIMIT_AT_MOST = 60  # working days


def _known_reviewer(kind: str) -> str:
    if kind in REVIEWERS:
        return kind
    known = ", ".join(REVIEWERS)
    zh, en = f"没有这种验收人，请选：{known}。", f"Nobody reviews under this name: use {known}."
    raise PydanticCustomError("unknown_reviewer", en, {"zh": zh})


Code = Annotated[str, Field(min_length=1, max_length=40)]
Codes = Annotated[tuple[Code, ...], Field(max_length=CODES_AT_MOST)]
Account = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,39}$")]
WorkingDays = Annotated[StrictInt, Field(ge=1, le=LIMIT_AT_MOST)]


class WrittenChoice(WrittenEdition):
    """An edition of feedback's, of a division."""

    division: WrittenDivision

    @property
    @abstractmethod
    def categories_named(self) -> Mapping[str, str]:
        """Where a category is named in it, as the end of a pointer, and which."""


class WrittenRule(WrittenChoice):
    """Of plans: ``categories`` are codes or their beginnings, ``standards`` codes."""

    categories: Codes = ()
    standards: Codes = ()
    review_limit: WorkingDays = 1

    @property
    def key(self) -> str:
        return key_of("plan-rule", self.division, self.version)

    @property
    def categories_named(self) -> Mapping[str, str]:
        return {f"categories/{nth}": code for nth, code in enumerate(self.categories)}

    def published(self, valid_from: datetime) -> PublishedEdition:
        return PlanRulePublished(**{**dict(self), "valid_from": valid_from})


class WrittenLevel(WrittenPart):
    """One level of a chain, as somebody wrote it."""

    kind: Annotated[str, AfterValidator(_known_reviewer)]
    deputies: Annotated[tuple[Account, ...], Field(max_length=20)] = ()
    working_days: WorkingDays = 3
    together: StrictBool = False


class WrittenChain(WrittenChoice):
    """Of reviews: no levels, and nobody looks at the work before its reporters do."""

    category: Annotated[str, Field(max_length=40)] = ""
    levels: Annotated[tuple[WrittenLevel, ...], Field(max_length=LEVELS_AT_MOST)]

    @property
    def key(self) -> str:
        return key_of("review-chain", f"{self.division}/{self.category}", self.version)

    @property
    def categories_named(self) -> Mapping[str, str]:
        return {"category": self.category} if self.category else {}

    def published(self, valid_from: datetime) -> PublishedEdition:
        levels = tuple(ReviewLevel(**dict(each)) for each in self.levels)
        return ReviewChainPublished(**{**dict(self), "levels": levels, "valid_from": valid_from})


WrittenT = TypeVar("WrittenT", bound=WrittenChoice)


def read(raw: bytes, form: type[WrittenT], categories: Collection[str]) -> EditionFile[WrittenT]:
    """The file, each edition by itself, so that one fault hides no other."""
    return edition_files.read(raw, form, lambda editions: _unknown_categories(editions, categories))


def _unknown_categories(editions: Mapping[int, WrittenChoice], known: Collection[str]) -> list[FileFault]:
    named = [
        (f"/{nth}/{where}", code) for nth, each in editions.items() for where, code in each.categories_named.items()
    ]
    zh, en = "没有以此开头的类别，请核对代码。", "No category begins so: check the code."
    return [FileFault(where, zh, en) for where, code in named if not any(each.startswith(code) for each in known)]


def beside(
    editions: Mapping[int, WrittenChoice],
    published: Mapping[str, PublishedEdition],
    standards: Collection[str],
    now: datetime,
) -> PublishingPlan:
    """The editions beside what is published; a standard that they name is published, too."""
    return edition_files.beside(editions, published, now, _unknown_standards(editions, standards))


def _unknown_standards(editions: Mapping[int, WrittenChoice], known: Collection[str]) -> list[FileFault]:
    zh, en = "没有发布过这个办理标准，请核对代码。", "No such standard is published: check the code."
    named = [
        (f"/{nth}/standards/{at}", code)
        for nth, each in editions.items()
        if isinstance(each, WrittenRule)
        for at, code in enumerate(each.standards)
    ]
    return [FileFault(where, zh, en) for where, code in named if code not in known]
