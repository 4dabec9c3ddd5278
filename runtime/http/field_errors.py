"""What is wrong with a request, field by field: a JSON pointer, Chinese and English, the remedy. Never the input."""

from collections.abc import Mapping, Sequence
from typing import Any

Complaint = dict[str, str]

MESSAGES: Mapping[str, tuple[str, str]] = {
    "missing": ("缺少此项，请填写。", "This field is missing: send it."),
    "string_type": ("应为文字。", "Must be a string."),
    "string_too_short": ("内容太短，至少 {min_length} 个字。", "Too short: at least {min_length} characters."),
    "string_too_long": ("内容太长，最多 {max_length} 个字。", "Too long: at most {max_length} characters."),
    "string_pattern_mismatch": ("格式不对，请对照接口说明。", "Wrong format: it must match {pattern}."),
    "too_long": ("条目太多，最多 {max_length} 项。", "Too many items: at most {max_length}."),
    "too_short": ("条目太少，至少 {min_length} 项。", "Too few items: at least {min_length}."),
    "int_type": ("应为整数。", "Must be an integer."),
    "int_parsing": ("应为整数。", "Must be an integer."),
    "bool_type": ("应为 true 或 false。", "Must be true or false."),
    "float_type": ("应为数字。", "Must be a number."),
    "list_type": ("应为列表。", "Must be an array."),
    "tuple_type": ("应为列表。", "Must be an array."),
    "dict_type": ("应为对象。", "Must be an object."),
    "model_type": ("应为对象。", "Must be an object."),
    "model_attributes_type": ("应为 JSON 对象。", "Must be a JSON object."),
    "extra_forbidden": ("没有此项，请删去或检查拼写。", "No such field: remove it or check its spelling."),
    "literal_error": ("取值不在允许范围：{expected}。", "Not an allowed value: use {expected}."),
    "enum": ("取值不在允许范围：{expected}。", "Not an allowed value: use {expected}."),
    "greater_than_equal": ("不能小于 {ge}。", "Must be at least {ge}."),
    "less_than_equal": ("不能大于 {le}。", "Must be at most {le}."),
    "int_parsing_size": ("数字过大。", "The number is too large."),
    "int_from_float": ("应为整数。", "Must be an integer."),
    "bool_parsing": ("应为 true 或 false。", "Must be true or false."),
    "float_parsing": ("应为数字。", "Must be a number."),
    "finite_number": ("应为有限的数字。", "Must be a finite number."),
    "uuid_parsing": ("应为 UUID。", "Must be a UUID."),
    "datetime_type": ("应为带时区的时间（RFC 3339）。", "Must be an RFC 3339 instant with its zone."),
    "datetime_object_invalid": ("没有这个时间，请核对。", "There is no such instant: check it."),
    "datetime_parsing": ("应为带时区的时间（RFC 3339）。", "Must be an RFC 3339 instant with its zone."),
    "datetime_from_date_parsing": ("应为带时区的时间（RFC 3339）。", "Must be an RFC 3339 instant with its zone."),
    "timezone_aware": ("时间须带时区。", "The instant must carry its zone."),
    "json_invalid": (
        "不是合法的 JSON，请检查格式与编码（UTF-8）。",
        "Not valid JSON: check its form and that it is UTF-8.",
    ),
    "json_type": ("应为 JSON。", "Must be JSON."),
}
FALLBACK = ("此项不合要求，请对照接口说明。", "Not acceptable: see the API description for this field.")


def complaints(errors: Sequence[Mapping[str, Any]]) -> list[Complaint]:
    """One complaint per pydantic error; at most 50. Values that were sent are never repeated.

    A validator of our own raises ``PydanticCustomError(code, english, {"zh": chinese})``: both texts are then its own.
    """
    return [_complaint(error) for error in errors[:50]]


def _complaint(error: Mapping[str, Any]) -> Complaint:
    context = error.get("ctx") or {}
    known = MESSAGES.get(error["type"])
    if known is None and "zh" in context:
        known = (str(context["zh"]), str(error["msg"]))
    zh, en = known or FALLBACK
    return {
        "pointer": pointer(error["loc"]),
        "code": error["type"],
        "zh": _filled(zh, context),
        "en": _filled(en, context),
    }


def _filled(text: str, context: Mapping[str, Any]) -> str:
    try:
        return text.format(**context)
    except (KeyError, IndexError, ValueError):
        return text


def pointer(location: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901) into the body; parameters and headers keep their place as first step."""
    steps = list(location)
    if steps and steps[0] == "body":
        steps = [step for step in steps[1:] if not (len(steps) == 2 and isinstance(step, int))]
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
