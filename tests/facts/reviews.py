"""What feedback says, and is asked, of the review of the work."""

from contracts.messages import reviews
from contracts.values import ReviewLevel
from tests.facts.values import COUNTY, LEAD, PHOTO, STANDARD, UNIT, made
from tests.harness import MONDAY

CHAIN = (ReviewLevel(kind="unit_head", reviewer=UNIT), ReviewLevel(kind="lead", reviewer=LEAD, working_days=2))


def completion_submitted(**changed: object) -> reviews.CompletionSubmitted:
    given = {"round": 1, "unit": UNIT, "chain": CHAIN, "explanation": "sealed", "evidence": (PHOTO,)}
    return made(reviews.CompletionSubmitted, changed, **given)


def review_passed(**changed: object) -> reviews.ReviewPassed:
    return made(reviews.ReviewPassed, changed, round=1, level=1, next=2, kind="unit_head", reviewer=LEAD)


def review_rejected(**changed: object) -> reviews.ReviewRejected:
    given = {"round": 1, "level": 2, "grounds": ("evidence_lacking",), "count": 1, "kind": "lead", "words": "sealed"}
    return made(reviews.ReviewRejected, changed, **given)


def review_chain_published(**changed: object) -> reviews.ReviewChainPublished:
    levels = (ReviewLevel(kind="unit_head"), ReviewLevel(kind="lead", deputies=("lead.deputy",), working_days=2))
    return made(reviews.ReviewChainPublished, changed, division=COUNTY, version=1, levels=levels, valid_from=MONDAY)


def review_completion(**changed: object) -> reviews.ReviewCompletion:
    return made(reviews.ReviewCompletion, changed, round=1, level=1, passed=True)


def plan_rule_published(**changed: object) -> reviews.PlanRulePublished:
    given = {"division": COUNTY, "version": 1, "categories": ("URB",), "standards": (STANDARD.code,)}
    return made(reviews.PlanRulePublished, changed, **given, valid_from=MONDAY)
