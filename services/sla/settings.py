"""sla's settings."""

from pydantic import Field

from runtime.settings import Settings


class SlaSettings(Settings):
    """What sla needs beyond every process."""

    token_public_key: str = Field(min_length=1, description="Public key (JWK) that verifies staff tokens")
