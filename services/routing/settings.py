from typing import Annotated

from pydantic import Field

from runtime.process.settings import Keys, PublicKey, Settings


class RoutingSettings(Settings):
    """What routing needs beyond every process."""

    vault_key: Keys = Field(
        repr=False,
        description="Keys that wrap the vault's keys: base64 of 32 bytes, comma-separated; the first wraps, all unwrap",
    )
    token_public_key: PublicKey = Field(description="Public key (JWK) that verifies staff tokens")
    counties: tuple[Annotated[str, Field(pattern=r"^\d{6}$")], ...] = Field(
        default=("431226",), description="Counties whose units are published, a JSON list of six-digit codes"
    )
    platform: tuple[Annotated[str, Field(pattern=r"^\d{2,6}$")], ...] = Field(
        default=("43",),
        min_length=1,
        description="Divisions that are served, a JSON list of code prefixes: what lies elsewhere waits at its door",
    )
