"""The few MongoDB operators that queries.py uses, over plain documents. The real database confirms it in adapters."""

import re
from collections.abc import Callable, Mapping
from typing import Any


def accepts(query: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Whether MongoDB would return ``document`` for ``query``."""
    return all(_clause(name, wanted, document) for name, wanted in query.items())


def _clause(name: str, wanted: Any, document: Mapping[str, Any]) -> bool:
    if name == "$and":
        return all(accepts(part, document) for part in wanted)
    if name in ("$or", "$nor"):
        return any(accepts(part, document) for part in wanted) == (name == "$or")
    values = _values(name, document)
    if not isinstance(wanted, dict):
        return wanted in values
    return all(_operator(operator, operand, values) for operator, operand in wanted.items())


def _values(path: str, value: Any) -> list[Any]:
    if not path:
        return [value]
    if isinstance(value, list):
        return [found for each in value for found in _values(path, each)]
    head, _, rest = path.partition(".")
    return _values(rest, value.get(head))


def _operator(operator: str, operand: Any, values: list[Any]) -> bool:
    tests: dict[str, Callable[[Any], bool]] = {
        "$in": lambda value: value in operand,
        "$ne": lambda value: value != operand,
        "$size": lambda value: len(value) == operand,
        "$regex": lambda value: re.search(operand, value) is not None,
        "$lte": lambda value: value is not None and value <= operand,
        "$lt": lambda value: value is not None and value < operand,
        "$gte": lambda value: value is not None and value >= operand,
        "$gt": lambda value: value is not None and value > operand,
    }
    return any(tests[operator](value) for value in values)
