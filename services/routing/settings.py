"""Routing's settings."""

from typing import Annotated

from pydantic import Field

from runtime.settings import Settings


class RoutingSettings(Settings):
    """What routing needs beyond every process."""

    vault_key: str = Field(min_length=44, repr=False, description="Key that wraps the vault's keys: base64, 32 bytes")
    token_public_key: str = Field(min_length=1, description="Public key (JWK) that verifies staff tokens")
    counties: tuple[Annotated[str, Field(pattern=r"^\d{6}$")], ...] = Field(
        default=("431226",), description="Counties whose units are published, a JSON list of six-digit codes"
    )
