"""Settings: typed, from the environment or a folder of secret files; all that is wrong is named at once."""

import socket
from base64 import b64decode
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar, get_origin

import orjson
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.topics import PARTS, SERVICES
from runtime.clock import Clock, parse_segment
from runtime.http.addresses import networks

SECRETS = Path("/run/secrets")  # where Docker and Kubernetes put them: a file duban_vault_key for DUBAN_VAULT_KEY
KEY_BYTES = 32


class SettingsRefused(Exception):
    """The process does not start; the text names every bad setting and the remedy."""


def _segment(text: str) -> str:
    parse_segment(text)
    return text


def _networks(text: str) -> str:
    networks(text)
    return text


def _key(text: str) -> str:
    try:
        length = len(b64decode(text, validate=True))
    except ValueError:
        length = 0
    if length != KEY_BYTES:
        raise ValueError("must be 32 bytes in base64; `openssl rand -base64 32` makes one")
    return text


def _keys(text: str) -> str:
    for each in text.split(","):
        _key(each.strip())
    return text


def _public_key(text: str) -> str:
    try:
        key = OKPKey.import_key(orjson.loads(text))
    except (ValueError, TypeError, LookupError, AttributeError, JoseError):
        raise ValueError("must be an Ed25519 public key as a JWK: one line of JSON with kty, crv and x") from None
    if key.is_private:
        raise ValueError("is a private key; give its public half, without d")
    return text


def _private_key(text: str) -> str:
    try:
        key = OKPKey.import_key(orjson.loads(text))
    except (ValueError, TypeError, LookupError, AttributeError, JoseError):
        raise ValueError("must be an Ed25519 private key as a JWK: one line of JSON with kty, crv, x and d") from None
    if not key.is_private:
        raise ValueError("is a public key; give its private half, with d")
    return text


PrivateKey = Annotated[str, AfterValidator(_private_key)]
"""The private half of the installation's own key, as a JWK."""

Key = Annotated[str, AfterValidator(_key)]
"""A key of 32 bytes in base64."""

Keys = Annotated[str, AfterValidator(_keys)]
"""Keys of 32 bytes in base64, separated by commas: the one in use, then former ones."""

PublicKey = Annotated[str, AfterValidator(_public_key)]
"""The public half of the key that signs staff tokens, as a JWK."""


class Settings(BaseSettings):
    """What every process of the platform needs. Each service adds its own; ``PARTS``: the parts that need them."""

    PARTS: ClassVar[tuple[str, ...]] = ("api", "loop")
    model_config = SettingsConfigDict(
        env_prefix="DUBAN_", extra="ignore", frozen=True, populate_by_name=True, enable_decoding=False
    )

    kafka_bootstrap_servers: str = Field(
        default="127.0.0.1:9092",
        validation_alias="KAFKA_BOOTSTRAP_SERVERS",
        pattern=r"^[^\s,]+:\d{1,5}(,[^\s,]+:\d{1,5})*$",
        description="Kafka brokers, host:port,…",
    )
    kafka_username: str = Field(default="", description="SCRAM user of this process; empty: no authentication")
    kafka_password: str = Field(default="", description="SCRAM password", repr=False)
    mongodb_uri: str = Field(
        default="mongodb://127.0.0.1:27017/?replicaSet=rs0",
        validation_alias="MONGODB_URI",
        pattern=r"^mongodb(\+srv)?://[^\s]+$",
        description="MongoDB of this process, with its user",
        repr=False,
    )
    mongodb_driver: str = Field(default="motor", pattern="^(motor|pymongo)$", description="motor or pymongo")
    namespace: str = Field(
        default="duban",
        pattern=r"^[a-z][a-z0-9-]{0,30}$",
        description="Prefix of topics and databases: several installations on one Kafka and MongoDB",
    )
    log_epoch: int = Field(default=1, ge=1, description="Raise by one whenever the topics were made anew")
    clock: Annotated[str, AfterValidator(_segment)] = Field(
        default="", description="wall,domain,rate of a demonstration's domain time; empty in production"
    )
    host: str = Field(default="127.0.0.1", description="Address that APIs and metrics listen on")
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = Field(
        default="",
        description="Addresses or networks of our own proxies, comma-separated: of whom X-Forwarded-For is believed",
    )
    answer_within: float = Field(
        default=7.0, gt=0, le=60, description="Seconds in which an API answers, if only that it is busy (503)"
    )
    connections: int = Field(default=4000, ge=16, le=1_000_000, description="Connections that an API may have open")
    api_ports_from: int = Field(default=8101, ge=1, le=65000, description="Port of the first API; the others follow")
    loop_ports_from: int = Field(default=9101, ge=1, le=65000, description="Port of the first loop; the others follow")
    part_ports_from: int = Field(
        default=9121, ge=1, le=65000, description="Port of the first part that is no API and no loop; the others follow"
    )
    member: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9._-]*$",
        description="Static member id of this replica; empty: the name of its machine or container",
    )
    build: str = Field(default="development", description="Version of this build; a new one releases a hold")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least level logged")
    log_format: str = Field(default="json", pattern="^(json|console)$", description="json, or console for people")
    crash_at: str = Field(
        default="",
        validation_alias="CRASH_AT",
        pattern=r"^([a-z]+(:\d+(:freeze)?)?)?$",
        description="Tests only: point:n to die at, point:n:freeze to stop at",
    )

    disk_least: int = Field(
        default=512 * 1024 * 1024,
        ge=0,
        description="Bytes that must be free on the disks of the stores; below, the door refuses (no_room), and the "
        "local stack does not start a store again",
    )

    @field_validator("*", mode="before")
    @classmethod
    def _listed(cls, value: Any, info: ValidationInfo) -> Any:
        """Lists are JSON; a broken one is named with all the rest that is wrong."""
        field = cls.model_fields.get(info.field_name or "")
        if not isinstance(value, str) or field is None or get_origin(field.annotation) not in (tuple, frozenset):
            return value
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise ValueError('must be a JSON list, as ["431226"]') from None

    def port_of(self, service: str, part: str) -> int:
        """Where a process of a service answers."""
        if part in ("api", "loop"):
            first = self.api_ports_from if part == "api" else self.loop_ports_from
            return first + SERVICES.index(service)
        return self.part_ports_from + PARTS.index(f"{service}.{part}")

    @property
    def replica(self) -> str:
        """What this replica is called among those of its service."""
        return self.member or socket.gethostname()

    def domain_clock(self) -> Clock:
        """The clock of this process."""
        return Clock(parse_segment(self.clock))


SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def load(settings: type[SettingsT], secrets: Path = SECRETS) -> SettingsT:
    """The settings from the environment and the folder with one file a secret. Raises SettingsRefused."""
    refuse_wrong([settings], secrets)
    return _read(settings, secrets)


def refuse_wrong(settings: Collection[type[BaseSettings]], secrets: Path = SECRETS) -> None:
    """Raises SettingsRefused with all that is wrong in any of them, each variable once and what it is for."""
    lines: dict[str, str] = {}
    for each in settings:
        lines |= dict(_wrong(each, secrets))
    if lines:
        text = "\n".join(f"  {variable}: {what}" for variable, what in lines.items())
        raise SettingsRefused(f"these settings are missing or wrong:\n{text}\nall of them: docs/settings.md")


def _wrong(settings: type[BaseSettings], secrets: Path) -> Iterator[tuple[str, str]]:
    try:
        _read(settings, secrets)
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False, include_input=False):
            known = _field(settings, error["loc"])
            meaning = settings.model_fields[known].description if known else ""
            yield variable_of(settings, known or str(error["loc"][0])), f"{_remedy(error['msg'])} ({meaning})"


def _read(settings: type[SettingsT], secrets: Path) -> SettingsT:
    return settings(_secrets_dir=secrets) if secrets.is_dir() else settings()


def _field(settings: type[BaseSettings], where: Sequence[int | str]) -> str:
    """The field of an error: it is told by its alias."""
    fields = settings.model_fields.items()
    return next((name for name, field in fields if where and where[0] in (name, field.validation_alias)), "")


def _remedy(text: str) -> str:
    return text.removeprefix("Value error, ").replace("Field required", "is missing")


def variable_of(settings: type[BaseSettings], field: str) -> str:
    """The environment variable that sets a field."""
    known = settings.model_fields.get(field)
    if known is None:
        return field
    alias = known.validation_alias
    return alias if isinstance(alias, str) else f"{settings.model_config.get('env_prefix', '')}{field}".upper()
