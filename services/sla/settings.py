from dataclasses import replace
from datetime import timedelta

from pydantic import Field

from runtime.process.settings import Keys, PublicKey, Settings
from services.sla.domain.ladder import OURS, Ladder
from services.sla.domain.transitions import OrderPolicy


class LadderSettings(Settings):
    """How long each step may take, and when orders follow red (C7). Changed values hold for clocks that start then."""

    assign_working_days: int = Field(
        default=1, ge=1, le=60, description="Working days in which a desk hands out what is queued or came back"
    )
    assign_urgent_minutes: int = Field(default=30, ge=1, le=100_000, description="The same for urgent matters, minutes")
    arbitrate_working_days: int = Field(
        default=2, ge=1, le=60, description="Working days in which the supervision office decides a dispute"
    )
    arbitrate_urgent_minutes: int = Field(
        default=60, ge=1, le=100_000, description="The same for urgent matters, minutes"
    )
    accept_working_days: int = Field(
        default=1, ge=1, le=60, description="Working days in which a unit accepts or returns"
    )
    accept_urgent_minutes: int = Field(default=30, ge=1, le=100_000, description="The same for urgent matters, minutes")
    plan_working_days: int = Field(
        default=2, ge=1, le=60, description="Working days in which a unit makes a plan where one is asked for, or anew"
    )
    contact_office_hours: int = Field(
        default=4, ge=1, le=400, description="Office hours in which a unit contacts the reporters of a matter it took"
    )
    approve_working_days: int = Field(
        default=1, ge=1, le=60, description="Working days in which more time that was asked for is granted or not"
    )
    complete_urgent_minutes: int = Field(
        default=1440, ge=1, le=100_000, description="Domain minutes until an urgent matter is done, whoever has it"
    )

    order_hold_minutes: int = Field(
        default=240, ge=0, le=100_000, description="Domain minutes between red and the supervision order"
    )
    urgent_hold_minutes: int = Field(
        default=15, ge=1, le=100_000, description="The same for urgent matters, and between one level and the next"
    )
    urgent_levels: int = Field(default=3, ge=1, le=9, description="How often an urgent matter is ordered, a level up")
    rework_order_from: int = Field(
        default=3, ge=1, le=99, description="From which rework on the lead unit is ordered to answer for it"
    )

    def ladder(self) -> Ladder:
        """The limits as the rules see them; the warning points are the ladder's own."""
        return replace(
            OURS,
            assign=replace(OURS.assign, amount=self.assign_working_days),
            assign_urgent=replace(OURS.assign_urgent, amount=self.assign_urgent_minutes),
            arbitrate=replace(OURS.arbitrate, amount=self.arbitrate_working_days),
            arbitrate_urgent=replace(OURS.arbitrate_urgent, amount=self.arbitrate_urgent_minutes),
            accept=replace(OURS.accept, amount=self.accept_working_days),
            accept_urgent=replace(OURS.accept_urgent, amount=self.accept_urgent_minutes),
            plan=replace(OURS.plan, amount=self.plan_working_days),
            contact=replace(OURS.contact, amount=self.contact_office_hours),
            approve=replace(OURS.approve, amount=self.approve_working_days),
            complete_urgent=replace(OURS.complete_urgent, amount=self.complete_urgent_minutes),
        )

    def policy(self) -> OrderPolicy:
        """As the rules see it."""
        hold, urgent = timedelta(minutes=self.order_hold_minutes), timedelta(minutes=self.urgent_hold_minutes)
        return OrderPolicy(hold, urgent, self.urgent_levels, self.rework_order_from)


class SlaSettings(LadderSettings):
    """What sla's API needs beyond every process."""

    PARTS = ("api",)
    vault_key: Keys = Field(
        repr=False,
        description="Keys that wrap the vault's keys: base64 of 32 bytes, comma-separated; the first wraps, all unwrap",
    )
    token_public_key: PublicKey = Field(description="Public key (JWK) that verifies staff tokens")
