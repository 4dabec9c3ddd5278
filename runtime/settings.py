"""Settings: typed, from the environment or a folder of secret files; all that is wrong is named at once."""

from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from runtime.addresses import networks
from runtime.clock import Clock, parse_segment


class SettingsRefused(Exception):
    """The process does not start; the text names every bad setting and the remedy."""


def _segment(text: str) -> str:
    parse_segment(text)
    return text


def _networks(text: str) -> str:
    networks(text)
    return text


class Settings(BaseSettings):
    """What every process of the platform needs. Each service adds its own."""

    model_config = SettingsConfigDict(env_prefix="DUBAN_", extra="ignore", frozen=True, populate_by_name=True)

    kafka_bootstrap_servers: str = Field(
        default="127.0.0.1:9092", validation_alias="KAFKA_BOOTSTRAP_SERVERS", description="Kafka brokers, host:port,…"
    )
    kafka_username: str = Field(default="", description="SCRAM user of this process; empty: no authentication")
    kafka_password: str = Field(default="", description="SCRAM password", repr=False)
    mongodb_uri: str = Field(
        default="mongodb://127.0.0.1:27017/?replicaSet=rs0",
        validation_alias="MONGODB_URI",
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
    api_ports_from: int = Field(default=8101, ge=1, le=65000, description="Port of intake's API; the others follow")
    loop_ports_from: int = Field(default=9101, ge=1, le=65000, description="Port of intake's loop; the others follow")
    member: str = Field(default="0", pattern=r"^[A-Za-z0-9._-]*$", description="Static member id of this replica")
    build: str = Field(default="development", description="Version of this build; a new one releases a hold")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least level logged")
    log_format: str = Field(default="json", pattern="^(json|console)$", description="json, or console for people")
    crash_at: str = Field(default="", validation_alias="CRASH_AT", description="Tests only: point:n to die at")

    def domain_clock(self) -> Clock:
        """The clock of this process."""
        return Clock(parse_segment(self.clock))


SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def load(settings: type[SettingsT], secrets: Path | None = None) -> SettingsT:
    """The settings from the environment and, when given, a folder with one file a secret. Raises SettingsRefused."""
    try:
        return settings(_secrets_dir=secrets) if secrets else settings()
    except ValidationError as wrong:
        lines = [f"  {_variable(settings, str(error['loc'][0]))}: {error['msg']}" for error in wrong.errors()]
        raise SettingsRefused("these settings are missing or wrong:\n" + "\n".join(lines)) from None


def _variable(settings: type[BaseSettings], field: str) -> str:
    known = settings.model_fields.get(field)
    if known is None:
        return field
    alias = known.validation_alias
    return alias if isinstance(alias, str) else f"{settings.model_config.get('env_prefix', '')}{field}".upper()
