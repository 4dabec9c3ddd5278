"""The platform's own limits (时限), *ours*: of each step that no handling standard names; and what people call them."""

from dataclasses import dataclass

from services.sla.domain.limits import MINUTES, OFFICE_HOURS, WORKING_DAYS, Limit

NAMES = {
    "assign": ("交办时限", "Limit for handing out"),
    "assign-urgent": ("特急交办时限", "Limit for handing out an urgent matter"),
    "arbitrate": ("裁定时限", "Limit for deciding a dispute"),
    "arbitrate-urgent": ("特急裁定时限", "Limit for deciding a dispute about an urgent matter"),
    "accept": ("受理时限", "Limit for accepting"),
    "accept-urgent": ("特急受理时限", "Limit for accepting an urgent matter"),
    "contact": ("即时沟通时限", "Limit for contacting the reporters"),
    "approve": ("批复时限", "Limit for deciding about more time"),
    "review": ("验收时限", "Limit for reviewing the work"),
    "plan": ("方案制定时限", "Limit for making a plan"),
    "plan-review": ("方案审核时限", "Limit for reviewing a plan"),
    "held": ("暂缓期限", "Held back"),
    "complete-urgent": ("特急办结时限", "Limit for completing an urgent matter"),
    "answer": ("督办答复时限", "Limit for answering an order"),
    "answer-given": ("督办答复时限", "Limit for answering an order"),
    "answer-urgent": ("特急督办答复时限", "Limit for answering an order about an urgent matter"),
}
"""By ``Limit.standard``."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """How long each step may take, without and with urgency (A9: minutes, day and night)."""

    assign: Limit
    assign_urgent: Limit
    arbitrate: Limit
    arbitrate_urgent: Limit
    accept: Limit
    accept_urgent: Limit
    complete_urgent: Limit
    plan: Limit
    contact: Limit
    approve: Limit
    answer: Limit
    answer_urgent: Limit

    def handing_out(self, *, urgent: bool, disputed: bool) -> Limit:
        """Of the desk that has a matter which is with no unit: to hand it out, or to decide the dispute."""
        if disputed:
            return self.arbitrate_urgent if urgent else self.arbitrate
        return self.assign_urgent if urgent else self.assign

    def accepting(self, *, urgent: bool) -> Limit:
        """Of the unit that was given it."""
        return self.accept_urgent if urgent else self.accept

    def answering(self, *, urgent: bool) -> Limit:
        """Of the unit that was ordered to answer."""
        return self.answer_urgent if urgent else self.answer


OURS = Ladder(
    assign=Limit(1, WORKING_DAYS, standard="assign"),
    assign_urgent=Limit(30, MINUTES, standard="assign-urgent"),
    arbitrate=Limit(2, WORKING_DAYS, standard="arbitrate"),
    arbitrate_urgent=Limit(60, MINUTES, standard="arbitrate-urgent"),
    accept=Limit(1, WORKING_DAYS, standard="accept"),
    accept_urgent=Limit(30, MINUTES, standard="accept-urgent"),
    complete_urgent=Limit(24 * 60, MINUTES, yellow_at=0.25, orange_at=0.5, standard="complete-urgent"),
    plan=Limit(2, WORKING_DAYS, standard="plan"),
    contact=Limit(4, OFFICE_HOURS, standard="contact"),
    approve=Limit(1, WORKING_DAYS, standard="approve"),
    answer=Limit(2, WORKING_DAYS, standard="answer"),
    answer_urgent=Limit(60, MINUTES, standard="answer-urgent"),
)
