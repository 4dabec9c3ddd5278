"""sla's settings."""

from datetime import timedelta

from pydantic import Field

from runtime.settings import PublicKey, Settings
from services.sla.domain.transitions import Policy


class LadderSettings(Settings):
    """When orders follow red (C7). Changed values hold for clocks that start afterwards."""

    order_hold_minutes: int = Field(
        default=240, ge=0, le=100_000, description="Domain minutes between red and the supervision order"
    )
    urgent_hold_minutes: int = Field(
        default=15, ge=1, le=100_000, description="The same for urgent matters, and between one level and the next"
    )
    urgent_levels: int = Field(default=3, ge=1, le=9, description="How often an urgent matter is ordered, a level up")

    def policy(self) -> Policy:
        """As the rules see it."""
        hold, urgent = timedelta(minutes=self.order_hold_minutes), timedelta(minutes=self.urgent_hold_minutes)
        return Policy(hold, urgent, self.urgent_levels)


class SlaSettings(LadderSettings):
    """What sla's API needs beyond every process."""

    PARTS = ("api",)
    token_public_key: PublicKey = Field(description="Public key (JWK) that verifies staff tokens")
