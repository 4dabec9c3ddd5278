"""What is said, and asked, of what came of a matter."""

from contracts.messages import accountability
from tests.facts.values import DAY, NUMBER, made
from tests.harness import MONDAY

HELD = {"outcome": "criticised", "order": f"{NUMBER}-c2-1", "people": 1, "persons": "sealed", "words": "sealed"}
RULE = {"title": "农村公路日常养护办法", "scope": "line", "valid_from": MONDAY + 30 * DAY}


def accountability_recorded(**changed: object) -> accountability.AccountabilityRecorded:
    return made(accountability.AccountabilityRecorded, changed, **HELD)


def rule_recorded(**changed: object) -> accountability.RuleRecorded:
    return made(accountability.RuleRecorded, changed, **RULE)


def record_accountability(**changed: object) -> accountability.RecordAccountability:
    return made(accountability.RecordAccountability, changed, **HELD)


def record_rule(**changed: object) -> accountability.RecordRule:
    return made(accountability.RecordRule, changed, **RULE)
