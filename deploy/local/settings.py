"""The settings of the local stack, beside those of every process."""

from pydantic import Field

from runtime.process.settings import Settings, load


class LocalSettings(Settings):
    """What ``duban up`` can be told."""

    state: str = Field(
        default="", description="Folder of data, logs, secrets and time; empty: `.duban` in the project, ignored by git"
    )
    kafka_port: int = Field(default=29092, ge=1, le=65535, description="Port of the local Kafka")
    kafka_controller_port: int = Field(default=29093, ge=1, le=65535, description="Port of its controller")
    mongodb_port: int = Field(default=27117, ge=1, le=65535, description="Port of the local MongoDB")
    prometheus_port: int = Field(default=9190, ge=1, le=65535, description="Port of the local Prometheus")
    sms_port: int = Field(default=8190, ge=1, le=65535, description="Port of the local SMS gateway")
    java: str = Field(default="", description="A Java runtime of 17 or later in place of the wheel's")
    day_seconds: float = Field(default=4.0, gt=0, description="Wall seconds that a day of the demonstration lasts")
    demo: str = Field(default="", description="Options of `duban demo` as `duban up` starts it")

    @property
    def has_kafka(self) -> bool:
        """Whether a Kafka was given."""
        return "kafka_bootstrap_servers" in self.model_fields_set

    @property
    def has_mongodb(self) -> bool:
        """Whether a MongoDB was given."""
        return "mongodb_uri" in self.model_fields_set

    @property
    def rate(self) -> float:
        """How much faster than wall time the demonstration's domain time runs."""
        return 24 * 3600 / self.day_seconds


def variable(field: str) -> str:
    """What the setting is called in the environment."""
    return f"{LocalSettings.model_config.get('env_prefix', '')}{field}".upper()


def local() -> LocalSettings:
    """The settings from the environment as it is now. Raises SettingsRefused."""
    return load(LocalSettings)
