"""Intake's settings: the API's, which open nothing and sign nothing, and the loop's."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from runtime.process.settings import Key, Keys, PublicKey, Settings

ErasedWithin = Annotated[
    int,
    Field(
        ge=1,
        le=3650,
        description="Days within which no log and no backup of MongoDB holds what was erased, as reporters are "
        "told: see operations",
    ),
]
"""The door tells it, the loop measures what is left of it."""


class DoorSettings(Settings):
    """What intake's API needs. Nothing here opens what somebody submitted: replicas may stand at the internet."""

    PARTS = ("api",)
    ticket_id_secret: str = Field(min_length=32, repr=False, description="Secret of ticket ids; never rotated")
    code_secret: str = Field(min_length=32, repr=False, description="Secret of query codes and their digests")
    body_secret: str = Field(min_length=32, repr=False, description="Secret of body and principal digests")
    token_public_key: PublicKey = Field(description="Public key (JWK) that verifies staff tokens")
    erased_within_days: ErasedWithin = 30
    default_division: str = Field(
        default="431226", pattern=r"^\d{6}$", description="Division of the public web door, six digits"
    )
    submissions_per_network: int = Field(
        default=1200,
        ge=0,
        description="Public submissions a minute from one address, or IPv6 network of 64 bits, at one replica; wide "
        "enough for a town behind one address; 0: no limit",
    )
    submissions_per_phone: int = Field(
        default=20, ge=0, description="Public submissions an hour with one phone number, at one replica; 0: no limit"
    )


class IntakeSettings(Settings):
    """What intake's loop needs: the keys."""

    PARTS = ("loop",)
    code_secret: str = Field(min_length=32, repr=False, description="Secret of query codes and their digests")
    vault_key: Keys = Field(
        repr=False,
        description="Keys that wrap the vault's keys: base64 of 32 bytes, comma-separated; the first wraps, all unwrap",
    )
    day_key_retention_days: int = Field(
        default=30,
        ge=2,
        le=3650,
        description="Days until a day key's private half is destroyed; longer than backups live",
    )
    erased_within_days: ErasedWithin = 30
    erasure_list: Path | None = Field(
        default=None,
        description="File with every erasure, kept where backups of the databases do not reach",
    )
    ledger_key: Key = Field(repr=False, description="Ed25519 private key of ledger heads: base64")
