"""The settings of devices' readings, as `ZHEN_…` variables; `RuntimeSettings` includes them."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings


def _absolute(path: Path) -> Path:
    return path.expanduser().resolve()


class Devices(BaseSettings):
    """Where devices connect, who lets them in, and how readings are divided among processes."""

    mqtt_url: str | None = Field(
        default=None,
        validation_alias="MQTT_URL",
        pattern=r"^mqtt://\S+$",
        description="the message server's MQTT address for the application, such as mqtt://user:password@host:1883",
        repr=False,
    )
    nats_issuer_file: Annotated[Path, AfterValidator(_absolute)] | None = Field(
        default=None,
        validation_alias="ZHEN_NATS_ISSUER_FILE",
        description="the file with the seed (SA…) of the account key that signs what the auth callout answers",
    )
    nats_system_url: str | None = Field(
        default=None,
        validation_alias="ZHEN_NATS_SYSTEM_URL",
        pattern=r"^(nats|tls)://\S+$",
        description="the address of the message server for its system account, such as nats://user:password@host:4222",
        repr=False,
    )
    nats_replicas: int = Field(
        default=1,
        validation_alias="ZHEN_NATS_REPLICAS",
        ge=1,
        le=5,
        description="how many servers keep each message: 1 to 5",
    )
    ingest_lanes: int = Field(
        default=1,
        validation_alias="ZHEN_INGEST_LANES",
        ge=1,
        le=64,
        description="into how many shares devices are divided among `zhen ingest` processes: 1 to 64",
    )
