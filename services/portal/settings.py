from typing import ClassVar

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


class PagesSettings(Settings):
    """What the pages need beyond the portal's API: they ask services as everybody does."""

    PARTS: ClassVar[tuple[str, ...]] = ("api",)
    pages_key: Keys = Field(
        repr=False,
        description="Keys of the pages' cookies: base64 of 32 bytes, comma-separated; the first seals, all open",
    )
    site: str = Field(
        default="", max_length=40, description="Where reporters follow their matter, as messages say it; empty: unsaid"
    )
    service_urls: str = Field(
        default="http://127.0.0.1:{port}",
        pattern=r"^https?://[^\s{}/]*(\{(service|port)\}[^\s{}/]*)+$",
        description="Where the pages find the API of a service: {service} is its name, {port} that of its API",
    )

    def url_of(self, service: str) -> str:
        """Where a service's API stands."""
        return self.service_urls.format(service=service, port=self.port_of(service, "api"))
