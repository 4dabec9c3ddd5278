from pydantic import Field

from runtime.process.settings import Keys, PrivateKey, PublicKey, Settings


class StaffSettings(Settings):
    """What staff's API needs beyond every process."""

    PARTS = ("api",)
    token_public_key: PublicKey = Field(description="Public key (JWK) that verifies staff tokens")


class SealingSettings(Settings):
    """What wraps the keys that sign tokens."""

    staff_key: Keys = Field(
        repr=False,
        description="Keys that wrap those that sign tokens: base64 of 32 bytes, comma-separated; the first wraps",
    )


class SigningSettings(Settings):
    """What certifies the keys that sign tokens: the loop's alone, which nobody can reach."""

    PARTS = ("loop",)
    token_private_key: PrivateKey = Field(
        repr=False, description="The installation's own key (JWK), whose public half every service has"
    )
