from pydantic import Field

from runtime.process.settings import Keys, PublicKey, Settings


class PortalSettings(Settings):
    """What the portal needs beyond what every process needs."""

    code_secret: str = Field(min_length=32, repr=False, description="Key of the digests of query codes; intake's own")
    vault_key: Keys = Field(
        repr=False,
        description="Keys that wrap the vault's keys: base64 of 32 bytes, comma-separated; the first wraps, all unwrap",
    )
    token_public_key: PublicKey = Field(description="Public key (JWK) that verifies staff tokens")
    portal_division: str = Field(
        default="431226", pattern=r"^\d{2,6}$", description="Division whose board it is: its figures, lists and name"
    )
    portal_place_zh: str = Field(default="麻阳苗族自治县", max_length=40, description="Whose board it is, in Chinese")
    portal_place_en: str = Field(default="Mayang County", max_length=60, description="Whose board it is, in English")
    streams_per_network: int = Field(
        default=20,
        ge=1,
        description="Streams of the live page that one address, or IPv6 network of 64 bits, may have open in a process",
    )
