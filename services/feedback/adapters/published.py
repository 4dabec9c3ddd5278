"""What is published of plans and reviews, from the configuration."""

from datetime import datetime

from contracts import plan_rules
from contracts.catalogue import consumed_by
from contracts.messages.class_plans import ClassPlanPublished
from contracts.messages.reviews import PlanRulePublished, ReviewChainPublished
from contracts.messages.routing import UnitPublished
from contracts.values import ReviewLevel
from runtime.process.configuration import Configuration
from runtime.process.editions import in_force
from runtime.process.platform import Platform
from services.feedback.domain.case import ChainLevel
from services.feedback.domain.plan.class_plans import ClassPlanInForce, StatedMeasure
from services.feedback.domain.plan.plans import NO_RULE, PlanRule


class RulesInForce:
    """The port, from the configuration; nothing is asked for until something is published."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._by_unit: dict[str, list[ClassPlanPublished]] = {}
        self._sorted_at = -1

    def plan_rule(self, division: str, category: str, standard: str, at: datetime) -> PlanRule:
        """What the edition in force for the division says of the category and the standard."""
        published = self._configuration.all(PlanRulePublished).values()
        rule = in_force(published, lambda each: each.division, division, at)
        if rule is None:
            return NO_RULE
        return PlanRule(asks=plan_rules.asks(rule, category, standard), review_limit=rule.review_limit)

    def chain(self, division: str, category: str, at: datetime) -> tuple[ChainLevel, ...]:
        """The chain in force for the division: of those whose category fits, the narrowest."""
        published = self._configuration.all(ReviewChainPublished).values()
        fitting = [each for each in published if category.startswith(each.category)]
        narrowest = in_force(fitting, lambda each: each.division, division, at)
        if narrowest is None:
            return ()
        there = [each for each in fitting if each.division == narrowest.division]
        chain = in_force(there, lambda each: each.category, category, at)
        return tuple(_level(each) for each in chain.levels) if chain else ()

    def class_plan(self, unit: str, category: str, at: datetime) -> ClassPlanInForce | None:
        """Of the unit's own the narrowest whose category fits; one that was ended has no measures."""
        fitting = [each for each in self._plans_of(unit) if category.startswith(each.category)]
        plan = in_force(fitting, lambda each: each.category, category, at)
        if plan is None or not plan.measures:
            return None
        measures = tuple(StatedMeasure(**dict(each)) for each in plan.measures)
        return ClassPlanInForce(f"{plan.unit}/{plan.category}@{plan.version}", measures)

    def _plans_of(self, unit: str) -> list[ClassPlanPublished]:
        """By unit, sorted once for each version of the configuration: each acceptance asks."""
        if self._sorted_at != self._configuration.version:
            self._by_unit = {}
            for each in self._configuration.all(ClassPlanPublished).values():
                self._by_unit.setdefault(each.unit, []).append(each)
            self._sorted_at = self._configuration.version
        return self._by_unit.get(unit, [])


class DirectoryOfLeads:
    """The port over the published units."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration

    def lead_of(self, unit: str) -> str:
        """As the newest entry of the unit says."""
        known = self._configuration.all(UnitPublished).get(f"unit/{unit}")
        return known.lead_unit if known else ""


def _level(published: ReviewLevel) -> ChainLevel:
    return ChainLevel(
        kind=published.kind,
        seat="",
        reviewer="",
        deputies=tuple(f"staff:{each}" for each in published.deputies),
        working_days=published.working_days,
        together=published.together,
    )


def configuration_of(platform: Platform) -> Configuration:
    """The folded rules, one per process."""
    return platform.once(_configuration)


def _configuration(platform: Platform) -> Configuration:
    return Configuration(platform.follower("configuration"), consumed_by("feedback", "configuration"))
