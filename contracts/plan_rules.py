"""Which matters a rule of plans asks a plan of: agreed by who says so at acceptance, and who holds a unit to it."""

from contracts.messages.reviews import PlanRulePublished


def asks(rule: PlanRulePublished, category: str, standard: str) -> bool:
    """Whether a matter of this category, accepted under this standard, needs a plan that somebody reviews."""
    return standard in rule.standards or category.startswith(tuple(rule.categories))
