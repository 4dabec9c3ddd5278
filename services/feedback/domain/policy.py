"""What an installation may configure of the rules."""

from dataclasses import dataclass
from datetime import timedelta

EVIDENCE_KINDS = {
    "photo": "现场照片",
    "recording": "音视频记录",
    "document": "文件文书",
    "funds": "资金投入",
    "rule": "建章立制",
    "inspection": "检测验收",
    "signature": "群众签字",
    "works": "工程完工",
}
"""The eight kinds of evidence (E3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """``dissatisfied``: the grades that count so. Spans are domain time.

    ``remind_after``: silence after a completion until the reminder; ``look_back_after``: silence after the reminder
    until the time for votes is over and staff must ask the filer.
    """

    dissatisfied: frozenset[int] = frozenset({1, 2})
    evidence_kinds: frozenset[str] = frozenset(EVIDENCE_KINDS)
    remind_after: timedelta = timedelta(days=3)
    look_back_after: timedelta = timedelta(days=3)
    at_once_within: timedelta = timedelta(days=1)
