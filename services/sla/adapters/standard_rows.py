"""Standards as rows of a table: each row a version of one, in the units and words that clerks use."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from contracts.messages.standards import StandardPublished
from contracts.values import HandlingStandard
from contracts.vocabulary import LIMIT_UNITS
from runtime.values.fields import Instant
from services.sla.adapters.packaged import standard_key, standard_of
from services.sla.domain import standards

COLUMNS: Mapping[str, str] = {
    "code": "编码", "version": "版本", "name_zh": "名称", "name_en": "英文名称", "limit": "时限",
    "limit_unit": "时限单位", "counts_from": "起算", "yellow_at": "黄灯比例", "orange_at": "橙灯比例",
    "yellow_left": "黄灯剩余天数", "orange_left": "橙灯剩余天数", "extension_cap": "最长延期",
    "extension_approver": "延期审批", "fee": "收费", "procedure": "程序", "legal_basis": "依据",
    "valid_from": "生效时间", "duties": "适用事项",
}  # fmt: skip
"""Name of a column → the same in Chinese."""
NEEDED = ("code", "version", "name_zh", "name_en", "limit", "limit_unit", "procedure", "legal_basis", "duties")
STARTS = {"当日": "today", "次日": "next_day"}
APPROVERS = {"承办单位": "unit", "牵头单位": "lead", "督查室": "supervisor"}
UNITS = {zh.removeprefix("个"): code for code, (zh, _) in LIMIT_UNITS.items()}
BETWEEN = "、"  # the duties of a cell
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def _said(names: Mapping[str, str]) -> BeforeValidator:
    return BeforeValidator(lambda typed: names.get(typed, typed))


Text = Annotated[str, Field(min_length=1, max_length=500)]
Share = Annotated[float, Field(gt=0, le=1)]
Days = Annotated[int, Field(ge=0, le=3_660)]


class StandardRow(BaseModel):
    """办理标准: a row. ``valid_from`` None: it holds once it is published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, Field(pattern=r"^[A-Z]{3}-[0-9]{2}$")]
    version: Annotated[int, Field(ge=1, le=100_000)]
    name_zh: Text
    name_en: Text
    limit: Annotated[int, Field(ge=1)]
    limit_unit: Annotated[str, _said(UNITS)]
    counts_from: Annotated[str, _said(STARTS)] = "next_day"
    yellow_at: Share = 0.5
    orange_at: Share = 0.8
    yellow_left: Days = 0
    orange_left: Days = 0
    extension_cap: Annotated[int, Field(ge=0)] = 0
    extension_approver: Annotated[str, _said(APPROVERS)] = "lead"
    fee: Annotated[str, Field(max_length=500)] = ""
    procedure: Text
    legal_basis: Text
    valid_from: Instant | None = None
    duties: Annotated[tuple[Annotated[str, Field(pattern=r"^([A-Z]{3}(\.[0-9]{2})?|\*)$")], ...], Field(max_length=200)]

    @property
    def key(self) -> str:
        """The key that publishes it."""
        return standard_key(self.code, self.version)

    def published(self, now: datetime) -> StandardPublished:
        """What publishes it, to hold from ``now`` unless it says when."""
        said = self.model_dump(exclude={"duties"}) | {"valid_from": self.valid_from or now}
        return StandardPublished(standard=HandlingStandard(**said), duties=self.duties)

    def plain(self) -> bytes:
        """All that it says, as JSON; an instant is the same in every zone."""
        since = self.valid_from.astimezone(UTC) if self.valid_from else None
        return self.model_copy(update={"valid_from": since}).model_dump_json().encode()

    def faults(self) -> tuple[str, ...]:
        """Why it may not be offered, by the codes of the rules."""
        return standards.faults(standard_of(self.published(LONG_AGO)))


def typed(cells: Mapping[str, str]) -> dict[str, Any]:
    """The cells of a row as the form has them: duties apart."""
    plain: dict[str, Any] = dict(cells)
    if "duties" in plain:
        plain["duties"] = [
            each for each in plain["duties"].replace(",", BETWEEN).replace(" ", BETWEEN).split(BETWEEN) if each
        ]
    return plain


def lines(published: Iterable[StandardPublished]) -> list[dict[str, str]]:
    """The rows of a table that says the same, by code and version."""
    ordered = sorted(published, key=lambda each: (each.standard.code, each.standard.version))
    return [line(each) for each in ordered]


def line(published: StandardPublished) -> dict[str, str]:
    """The row of one version."""
    said = published.standard.model_dump(mode="json") | {"duties": BETWEEN.join(published.duties)}
    return {name: str(said[name]) for name in COLUMNS}


FAULTS: Mapping[str, tuple[str, str, str]] = {
    "unit_unknown": ("limit_unit", f"时限单位须为 {'、'.join(UNITS)}。", f"Use {', '.join(LIMIT_UNITS)}."),
    "amount_out_of_range": ("limit", "时限过长。", "Longer than about ten years: shorten it."),
    "start_unknown": ("counts_from", "起算须为 当日 或 次日。", "Use today or next_day."),
    "warnings_out_of_order": ("orange_at", "橙灯不能早于黄灯。", "Orange begins after yellow: raise its share."),
    "days_left_negative": ("orange_left", "剩余天数不能为负。", "Days left cannot be negative."),
    "approver_unknown": (
        "extension_approver",
        f"延期审批须为 {'、'.join(APPROVERS)}。",
        "Use unit, lead or supervisor.",
    ),
    "extension_longer_than_limit": ("extension_cap", "最长延期不能超过时限。", "No longer than the limit itself."),
    "legal_basis_missing": ("legal_basis", "须写明依据。", "Say what it rests on."),
    "procedure_missing": ("procedure", "须写明程序。", "Say how it is done."),
    "version_out_of_range": ("version", "版本从1起。", "Versions begin at 1."),
}
"""By the code of the rule: the column, and what to do about it."""
