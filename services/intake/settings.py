"""Intake's settings."""

from pydantic import Field

from runtime.settings import Settings


class IntakeSettings(Settings):
    """What intake needs beyond every process."""

    ticket_id_secret: str = Field(min_length=32, repr=False, description="Secret of ticket ids; never rotated")
    code_secret: str = Field(min_length=32, repr=False, description="Secret of query codes and their digests")
    body_secret: str = Field(min_length=32, repr=False, description="Secret of body and principal digests")
    vault_key: str = Field(min_length=44, repr=False, description="Key that wraps the vault's keys: base64, 32 bytes")
    token_public_key: str = Field(min_length=1, description="Public key (JWK) that verifies staff tokens")
    ledger_key: str = Field(min_length=44, repr=False, description="Ed25519 private key of ledger heads: base64")
    default_division: str = Field(
        default="431226", pattern=r"^\d{6}$", description="Division of the public web door, six digits"
    )
