"""Notify's settings."""

from pydantic import Field

from runtime.settings import Key, PublicKey, Settings


class NotifySettings(Settings):
    """What notify needs beyond every process."""

    vault_key: Key = Field(repr=False, description="Key that wraps the vault's keys: base64, 32 bytes")
    token_public_key: PublicKey = Field(description="Public key (JWK) that verifies staff tokens")
    sms_url: str = Field(default="", description="HTTP gateway for SMS; empty: none")
    sms_key: str = Field(default="", repr=False, description="Key that signs requests to the SMS gateway")
    smtp_host: str = Field(default="", description="SMTP server; empty: no e-mail")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="Its port")
    smtp_sender: str = Field(default="duban@example.org", description="Sender of e-mails")
    smtp_tls: bool = Field(default=False, description="Whether to demand STARTTLS")
