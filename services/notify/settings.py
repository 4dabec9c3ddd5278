from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from runtime.http.addresses import networks
from runtime.process.settings import Keys, PublicKey, Settings
from services.notify.domain.office_hours import slots_of


def _networks(text: str) -> str:
    networks(text)
    return text


def _slots(text: str) -> str:
    slots_of(text)
    return text


class FeedSettings(Settings):
    """What the public feed, and whoever serves it, needs beyond every process."""

    PARTS: ClassVar[tuple[str, ...]] = ("api", "feed")

    schema_base: str = Field(
        default="http://127.0.0.1:8104/v1/schemas/feed/",
        pattern=r"^https?://[^\s?#]+/$",
        max_length=200,
        description="Where other systems reach notify's /v1/schemas/feed/: the beginning of each event's dataschema",
    )


class ReconciliationSettings(Settings):
    """What the nightly look back at the feed needs beyond every process."""

    PARTS: ClassVar[tuple[str, ...]] = ("feed",)

    silent_after_days: int = Field(
        default=3, ge=1, le=20, description="Working days without a matter registered after which a county is silent"
    )


class HookSettings(Settings):
    """What webhooks need beyond every process."""

    PARTS: ClassVar[tuple[str, ...]] = ("api", "hooks")

    hook_key: Keys = Field(
        repr=False,
        description="Keys that wrap the secrets of subscriptions: base64 of 32 bytes, comma-separated; the first "
        "wraps, all unwrap",
    )
    hook_networks: Annotated[str, AfterValidator(_networks)] = Field(
        default="",
        description="Private networks, comma-separated, that webhooks may be sent to, there also without TLS; empty: "
        "public addresses and https alone",
    )


class CodeSettings(Settings):
    """What notify's API needs to let reporters in."""

    PARTS: ClassVar[tuple[str, ...]] = ("api",)

    code_secret: str = Field(min_length=32, repr=False, description="Secret of query codes and their digests")


class NotifySettings(Settings):
    """What notify needs beyond every process."""

    vault_key: Keys = Field(
        repr=False,
        description="Keys that wrap the vault's keys: base64 of 32 bytes, comma-separated; the first wraps, all unwrap",
    )
    token_public_key: PublicKey = Field(description="Public key (JWK) that verifies staff tokens")
    sms_url: str = Field(default="", description="HTTP gateway for SMS; empty: none, and no SMS is sent")
    sms_key: str = Field(
        default="",
        repr=False,
        description="Key that signs calls to and from the SMS gateway; empty: its receipts and replies are not taken",
    )
    sms_replies: bool = Field(
        default=False,
        description="Whether the gateway hands on what people answer (POST /v1/replies/sms): then texts say that one "
        "may evaluate by SMS; needs DUBAN_SMS_KEY",
    )
    sms_deadline: int = Field(
        default=60,
        ge=0,
        le=3600,
        description="Seconds from a call until the gateway never takes what it has not taken: that goes again under "
        "the same reference; 0: it promises nothing, and what is unknown is shown to a person",
    )
    sms_signature: str = Field(default="督办", max_length=10, description="Signature 【…】 before an SMS; empty: none")
    site: str = Field(
        default="", max_length=40, description="Where reporters follow their matter, as messages say it; empty: unsaid"
    )
    staff_site: str = Field(
        default="", max_length=40, description="Where staff see what they have to do, as digests say it; empty: unsaid"
    )
    digest_at: Annotated[str, AfterValidator(_slots)] = Field(
        default="09:00,14:00",
        description="When staff are told together of what is neither urgent nor an order: times of working days in "
        "China, comma-separated, up to four; empty: each at once, in office hours",
    )
    letters_a_day: int = Field(
        default=4,
        ge=0,
        le=1000,
        description="Letters that an account of staff gets in a day of China, one of them kept for a digest; beyond "
        "that what is not urgent waits for the next day; 0: as many as there are",
    )
    asked_again_days: int = Field(
        default=5,
        ge=1,
        le=365,
        description="Days within which a demand to a unit about a matter counts as made twice: progress, or an item of "
        "an order",
    )
    duty_book: str = Field(
        default="",
        description="TOML file with each unit's duty phone and email, and whether it is a monitoring point of burden; "
        "empty: SMS to unit:CODE, as the local gateway alone understands it",
    )
    smtp_host: str = Field(default="", description="SMTP server; empty: no e-mail")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="Its port")
    smtp_sender: str = Field(default="duban@example.org", description="Sender of e-mails")
    smtp_tls: bool = Field(default=False, description="Whether to demand STARTTLS")
    smtp_ssl: bool = Field(default=False, description="Whether to speak TLS from the first byte (port 465)")
    smtp_user: str = Field(default="", description="User at the SMTP server; empty: no sign-in")
    smtp_password: str = Field(default="", repr=False, description="Its password")

    @field_validator("sms_replies")
    @classmethod
    def _signed_replies(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not info.data.get("sms_key"):
            raise ValueError("needs DUBAN_SMS_KEY: unsigned replies are not taken")
        return value

    @field_validator("smtp_ssl")
    @classmethod
    def _one_kind_of_tls(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("smtp_tls"):
            raise ValueError("either DUBAN_SMTP_TLS or DUBAN_SMTP_SSL, not both")
        return value

    @field_validator("smtp_user")
    @classmethod
    def _no_password_in_the_clear(cls, value: str, info: ValidationInfo) -> str:
        if value and not (info.data.get("smtp_tls") or info.data.get("smtp_ssl")):
            raise ValueError("needs DUBAN_SMTP_TLS or DUBAN_SMTP_SSL: a password is not sent in the clear")
        return value

    @property
    def smtp_security(self) -> str:
        return "starttls" if self.smtp_tls else "tls" if self.smtp_ssl else "none"
