"""Editions that somebody wrote down to be published: an array of them, read one by one, and all that is wrong."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt, TypeAdapter, ValidationError

from runtime.http.field_errors import complaints
from runtime.process.editions import Edition
from runtime.values.fields import Instant

BYTES_AT_MOST = 1 << 20
EDITIONS_AT_MOST = 1000


class WrittenPart(BaseModel):
    """The form of everything in such a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WrittenEdition(WrittenPart, ABC):
    """One edition. ``valid_from`` None: it holds from the instant at which it is published."""

    version: Annotated[StrictInt, Field(ge=1)]
    valid_from: Instant | None = None

    @property
    @abstractmethod
    def key(self) -> str:
        """The key under which it is published."""

    @abstractmethod
    def published(self, valid_from: datetime) -> Any:
        """The fact that publishes it, holding from that instant."""


WrittenT = TypeVar("WrittenT", bound=WrittenEdition)


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong at a place of the file (a JSON pointer), and what to do about it."""

    pointer: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class EditionFile(Generic[WrittenT]):
    """What could be read, by its index in the file, and all that is wrong."""

    editions: Mapping[int, WrittenT]
    faults: Sequence[FileFault]


def read(
    raw: bytes, form: type[WrittenT], look: Callable[[Mapping[int, WrittenT]], Sequence[FileFault]]
) -> EditionFile[WrittenT]:
    """The file, each edition by itself, so that one fault hides no other. ``look``: what else is wrong with them."""
    if len(raw) > BYTES_AT_MOST:
        en = f"More than {BYTES_AT_MOST} bytes: publish it in several files."
        return EditionFile({}, [FileFault("", f"超过{BYTES_AT_MOST}字节，请分几个文件发布。", en)])
    try:
        rows = _ARRAY.validate_json(raw)
    except ValidationError as wrong:
        return EditionFile({}, _faults_of(wrong, ""))
    editions, faults = dict[int, WrittenT](), list[FileFault]()
    for nth, row in enumerate(rows):
        try:
            editions[nth] = form.model_validate_json(_ANYTHING.dump_json(row))
        except ValidationError as wrong:
            faults += _faults_of(wrong, f"/{nth}")
    return EditionFile(editions, [*faults, *look(editions), *_twice(editions)])


_ARRAY: TypeAdapter[list[object]] = TypeAdapter(
    Annotated[list[object], Field(min_length=1, max_length=EDITIONS_AT_MOST)]
)
_ANYTHING: TypeAdapter[object] = TypeAdapter(object)


def _faults_of(wrong: ValidationError, before: str) -> list[FileFault]:
    found = complaints(wrong.errors())
    return [FileFault(f"{before}{each['pointer']}", each["zh"], each["en"]) for each in found]


def _twice(editions: Mapping[int, WrittenEdition]) -> list[FileFault]:
    first, faults = dict[str, int](), list[FileFault]()
    for nth, each in editions.items():
        if first.setdefault(each.key, nth) != nth:
            zh = f"与第{first[each.key]}项（从0数起）同为 {each.key}，请改版本号。"
            en = f"The same as item {first[each.key]} (from 0), {each.key}: raise the version."
            faults.append(FileFault(f"/{nth}/version", zh, en))
    return faults


@dataclass(frozen=True, slots=True)
class PublishingPlan:
    """What would be published, by key; what stands already as it is written; and all that hinders it."""

    to_publish: Mapping[str, Any]
    standing: Sequence[str]
    faults: Sequence[FileFault]


def beside(
    editions: Mapping[int, WrittenEdition],
    published: Mapping[str, Edition],
    now: datetime,
    faults: Sequence[FileFault] = (),
) -> PublishingPlan:
    """The editions beside what is published: an edition never changes, and none is made to hold before it was said.

    ``faults``: what else hinders it.
    """
    fresh = {nth: each for nth, each in editions.items() if each.key not in published}
    known = {nth: each for nth, each in editions.items() if each.key in published}
    to_publish = {each.key: each.published(each.valid_from or now) for each in fresh.values()}
    wrong = [*_changed(known, published), *_too_early(fresh, now), *faults]
    return PublishingPlan(to_publish, [each.key for each in known.values()], wrong)


def _changed(editions: Mapping[int, WrittenEdition], published: Mapping[str, Edition]) -> list[FileFault]:
    zh, en = (
        "此版本已发布，内容不同；请改用新的版本号。",
        "This version is published with other content: raise the version.",
    )
    found = [nth for nth, each in editions.items() if not _is_as_written(each, published[each.key])]
    return [FileFault(f"/{nth}/version", zh, en) for nth in found]


def _is_as_written(edition: WrittenEdition, published: Edition) -> bool:
    return bool(edition.published(edition.valid_from or published.valid_from) == published)


def _too_early(editions: Mapping[int, WrittenEdition], now: datetime) -> list[FileFault]:
    zh = "生效时间已过，请改为以后的时间；不写则自发布时起生效。"
    en = "Holds from an instant that has passed: give a later one, or none, and it holds from its publication."
    early = [nth for nth, each in editions.items() if each.valid_from is not None and each.valid_from < now]
    return [FileFault(f"/{nth}/valid_from", zh, en) for nth in early]
