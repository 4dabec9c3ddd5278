"""What somebody wrote down to be published, of plans or of reviews: an array of editions, and all that is wrong."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictInt, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from contracts.divisions import names_within
from contracts.messages.reviews import PlanRulePublished, ReviewChainPublished
from contracts.values import ReviewLevel
from contracts.vocabulary import REVIEWERS
from runtime.http.field_errors import complaints
from runtime.process.editions import key_of
from runtime.values.fields import Instant
from services.feedback.domain.review.chain import LEVELS_AT_MOST

PublishedEdition = PlanRulePublished | ReviewChainPublished
BYTES_AT_MOST = 1 << 20
EDITIONS_AT_MOST = 1000
CODES_AT_MOST = 500
LIMIT_AT_MOST = 60  # working days
EVERYWHERE = ""


def _known_division(code: str) -> str:
    if code in names_within(EVERYWHERE):
        return code
    zh, en = "没有这个区划，请核对代码。", "No such division: check the code."
    raise PydanticCustomError("unknown_division", en, {"zh": zh})


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


class WrittenPart(BaseModel):
    """The form of everything in such a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenEdition(WrittenPart, ABC):
    """One edition. ``valid_from`` None: it holds from the instant at which it is published."""

    division: Annotated[str, Field(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9})$"), AfterValidator(_known_division)]
    version: Annotated[StrictInt, Field(ge=1)]
    valid_from: Instant | None = None

    @property
    @abstractmethod
    def key(self) -> str:
        """The key under which it is published."""

    @property
    @abstractmethod
    def categories_named(self) -> Mapping[str, str]:
        """Where a category is named in it, as the end of a pointer, and which."""

    @abstractmethod
    def published(self, valid_from: datetime) -> PublishedEdition:
        """The fact that publishes it, holding from that instant."""


class WrittenRule(WrittenEdition):
    """Of plans: ``categories`` are codes or their beginnings, ``standards`` codes."""

    categories: Codes = ()
    standards: Codes = ()
    review_limit: WorkingDays = 2

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


class WrittenChain(WrittenEdition):
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


WrittenT = TypeVar("WrittenT", bound=WrittenEdition)


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong at a place of the file (a JSON pointer), and what to do about it."""

    pointer: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RuleFile(Generic[WrittenT]):
    """What could be read, by its index in the file, and all that is wrong."""

    editions: Mapping[int, WrittenT]
    faults: Sequence[FileFault]


def read(raw: bytes, form: type[WrittenT], categories: Collection[str]) -> RuleFile[WrittenT]:
    """The file, each edition by itself, so that one fault hides no other."""
    if len(raw) > BYTES_AT_MOST:
        en = f"More than {BYTES_AT_MOST} bytes: publish it in several files."
        return RuleFile({}, [FileFault("", f"超过{BYTES_AT_MOST}字节，请分几个文件发布。", en)])
    try:
        rows = _ARRAY.validate_json(raw)
    except ValidationError as wrong:
        return RuleFile({}, _faults_of(wrong, ""))
    editions, faults = dict[int, WrittenT](), list[FileFault]()
    for nth, row in enumerate(rows):
        try:
            editions[nth] = form.model_validate_json(_ANYTHING.dump_json(row))
        except ValidationError as wrong:
            faults += _faults_of(wrong, f"/{nth}")
    return RuleFile(editions, [*faults, *_unknown_categories(editions, categories), *_twice(editions)])


_ARRAY: TypeAdapter[list[object]] = TypeAdapter(
    Annotated[list[object], Field(min_length=1, max_length=EDITIONS_AT_MOST)]
)
_ANYTHING: TypeAdapter[object] = TypeAdapter(object)


def _faults_of(wrong: ValidationError, before: str) -> list[FileFault]:
    found = complaints(wrong.errors())
    return [FileFault(f"{before}{each['pointer']}", each["zh"], each["en"]) for each in found]


def _unknown_categories(editions: Mapping[int, WrittenEdition], known: Collection[str]) -> list[FileFault]:
    named = [
        (f"/{nth}/{where}", code) for nth, each in editions.items() for where, code in each.categories_named.items()
    ]
    zh, en = "没有以此开头的类别，请核对代码。", "No category begins so: check the code."
    return [FileFault(where, zh, en) for where, code in named if not any(each.startswith(code) for each in known)]


def _twice(editions: Mapping[int, WrittenEdition]) -> list[FileFault]:
    first, faults = dict[str, int](), list[FileFault]()
    for nth, each in editions.items():
        if first.setdefault(each.key, nth) != nth:
            zh = f"与第{first[each.key]}项（从0数起）的区划、类别和版本相同，请改版本号。"
            en = f"The same division, category and version as item {first[each.key]} (from 0): raise the version."
            faults.append(FileFault(f"/{nth}/version", zh, en))
    return faults


@dataclass(frozen=True, slots=True)
class PublishingPlan:
    """What would be published, by key; what stands already as it is written; and all that hinders it."""

    to_publish: Mapping[str, PublishedEdition]
    standing: Sequence[str]
    faults: Sequence[FileFault]


def beside(
    editions: Mapping[int, WrittenEdition],
    published: Mapping[str, PublishedEdition],
    standards: Collection[str],
    now: datetime,
) -> PublishingPlan:
    """The editions beside what is published: an edition never changes, and none is made to hold before it was said."""
    fresh = {nth: each for nth, each in editions.items() if each.key not in published}
    known = {nth: each for nth, each in editions.items() if each.key in published}
    faults = [*_changed(known, published), *_too_early(fresh, now), *_unknown_standards(editions, standards)]
    to_publish = {each.key: each.published(each.valid_from or now) for each in fresh.values()}
    return PublishingPlan(to_publish, [each.key for each in known.values()], faults)


def _changed(editions: Mapping[int, WrittenEdition], published: Mapping[str, PublishedEdition]) -> list[FileFault]:
    zh, en = (
        "此版本已发布，内容不同；请改用新的版本号。",
        "This version is published with other content: raise the version.",
    )
    found = [nth for nth, each in editions.items() if not _is_as_written(each, published[each.key])]
    return [FileFault(f"/{nth}/version", zh, en) for nth in found]


def _is_as_written(edition: WrittenEdition, published: PublishedEdition) -> bool:
    return edition.published(edition.valid_from or published.valid_from) == published


def _too_early(editions: Mapping[int, WrittenEdition], now: datetime) -> list[FileFault]:
    zh = "生效时间已过，请改为以后的时间；不写则自发布时起生效。"
    en = "Holds from an instant that has passed: give a later one, or none, and it holds from its publication."
    early = [nth for nth, each in editions.items() if each.valid_from is not None and each.valid_from < now]
    return [FileFault(f"/{nth}/valid_from", zh, en) for nth in early]


def _unknown_standards(editions: Mapping[int, WrittenEdition], known: Collection[str]) -> list[FileFault]:
    zh, en = "没有发布过这个办理标准，请核对代码。", "No such standard is published: check the code."
    named = [
        (f"/{nth}/standards/{at}", code)
        for nth, each in editions.items()
        if isinstance(each, WrittenRule)
        for at, code in enumerate(each.standards)
    ]
    return [FileFault(where, zh, en) for where, code in named if code not in known]
