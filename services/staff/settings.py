from pydantic import Field

from runtime.process.settings import PublicKey, Settings


class StaffSettings(Settings):
    """What staff's API needs beyond every process."""

    PARTS = ("api",)
    token_public_key: PublicKey = Field(description="Public key (JWK) that verifies staff tokens")
