"""Everything a process of Zhen can be told from outside, in one typed place.

All of it comes from environment variables. What staff change while the town works (time limits,
categories, routing) is data and not here.
"""

import difflib
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import NoDecode, SettingsConfigDict

from zhen.runtime.devices import Devices
from zhen.runtime.faults import Fault
from zhen.runtime.files import read_state, write_private
from zhen.runtime.messages_out import MessagesOut
from zhen.runtime.ports import LOOPBACK
from zhen.runtime.processes import OWNER_VARIABLE
from zhen.runtime.signing_in import SigningIn


class WrongSetting(Fault):
    """{variable} is {value!r}; allowed is {allowed}."""


class UnknownSetting(Fault):
    """{variable} is not a setting of Zhen{hint}. `zhen up --help` lists all of them."""


def _default_home() -> Path:
    """`.zhen` beside the sources in a checkout, else where the platform keeps a user's data."""
    root = Path(__file__).resolve().parents[3]
    if (root / "pyproject.toml").exists() and (root / "src" / "zhen").exists():
        return root / ".zhen"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "zhen"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "zhen"


def _default_web_workers() -> int:
    """Two serve a town; with all other processes they stay within 1.2 GB."""
    return max(1, min(2, os.cpu_count() or 1))


def _absolute(path: Path) -> Path:
    return path.expanduser().resolve()


def _postgresql(url: str) -> str:
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise ValueError(str(error)) from error
    if not url.startswith(("postgresql://", "postgres://")) or not parts.get("dbname"):
        raise ValueError
    return url


def _nats(url: str) -> str:
    if not all(part.startswith(("nats://", "tls://")) for part in url.split(",")):
        raise ValueError
    return url


def _words(value: object) -> object:
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


Directory = Annotated[Path, AfterValidator(_absolute)]
DatabaseURL = Annotated[str, AfterValidator(_postgresql)]
NatsURL = Annotated[str, AfterValidator(_nats)]
Port = Annotated[int, Field(ge=1, le=65_535)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]

_PORT = "a whole number from 1 to 65535"
_SWITCH = "on or off"
_DATABASE = "an address such as postgresql://user:password@host:5432/name"


class RuntimeSettings(SigningIn, MessagesOut, Devices):
    """The settings of one process. `description` says what a value may be."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, extra="ignore", validate_default=False)

    home: Directory = Field(
        default_factory=_default_home,
        validation_alias="ZHEN_HOME",
        description="a directory for the data",
    )
    host: str = Field(
        default=LOOPBACK,
        validation_alias="ZHEN_HOST",
        min_length=1,
        description="the address to listen on, such as 127.0.0.1 or 0.0.0.0",
    )
    port: Port = Field(default=8000, validation_alias="ZHEN_PORT", description=_PORT)
    public_url: str | None = Field(
        default=None,
        validation_alias="ZHEN_PUBLIC_URL",
        pattern=r"^https?://[^/\s]+$",
        description="the address people type, such as https://town.example",
    )
    ocid_prefix: str = Field(
        default="ocds-000000",
        validation_alias="ZHEN_OCID_PREFIX",
        pattern=r"^ocds-[a-z0-9]{6,20}$",
        description="the prefix of open contracting ids that the town has registered, such as ocds-a2ef3d",
    )
    allowed_hosts: Words = Field(
        default=(),
        validation_alias="ZHEN_ALLOWED_HOSTS",
        description="host names separated by commas",
    )
    web_workers: int = Field(
        default_factory=_default_web_workers,
        validation_alias="ZHEN_WEB_WORKERS",
        ge=1,
        le=64,
        description="a whole number from 1 to 64",
    )
    database_pool: int = Field(
        default=0,
        validation_alias="ZHEN_DATABASE_POOL",
        ge=0,
        le=100,
        description="how many connections to the database a process keeps at most, from 0 to 100; 0 keeps none",
    )
    debug: bool = Field(default=False, validation_alias="ZHEN_DEBUG", description=_SWITCH)
    demo: bool = Field(default=True, validation_alias="ZHEN_DEMO", description=_SWITCH)
    simulate: bool = Field(default=True, validation_alias="ZHEN_SIMULATE", description=_SWITCH)
    scale: Literal["small", "town"] = Field(default="small", validation_alias="ZHEN_SCALE", description="small or town")
    secret_key_file: Directory | None = Field(
        default=None,
        validation_alias="ZHEN_SECRET_KEY_FILE",
        description="a file that holds at least 32 characters",
    )
    key_ring: Directory | None = Field(
        default=None,
        validation_alias="ZHEN_KEY_RING",
        description="the file with the keys that seal personal data",
    )
    ciphers: Literal["aes", "sm"] = Field(
        default="aes",
        validation_alias="ZHEN_CIPHERS",
        description="aes (AES-256-GCM, HMAC-SHA256) or sm (SM4-GCM, HMAC-SM3)",
    )
    database_url: DatabaseURL | None = Field(
        default=None, validation_alias="DATABASE_URL", description=_DATABASE, repr=False
    )
    telemetry_database_url: DatabaseURL | None = Field(
        default=None, validation_alias="TELEMETRY_DATABASE_URL", description=_DATABASE, repr=False
    )
    pg_bin: Directory | None = Field(
        default=None,
        validation_alias="ZHEN_PG_BIN",
        description="the directory with the programs of PostgreSQL 15 or newer",
    )
    nats_url: NatsURL | None = Field(
        default=None,
        validation_alias="NATS_URL",
        description="addresses such as nats://user:password@host:4222, separated by commas",
        repr=False,
    )
    nats_bin: Directory | None = Field(
        default=None,
        validation_alias="ZHEN_NATS_BIN",
        description="the program nats-server 2.10 or newer",
    )
    nats_sync: str = Field(
        default="always",
        validation_alias="ZHEN_NATS_SYNC",
        pattern=r"^(always|\d+(ms|s|m))$",
        description="always, or the time a power cut may lose, such as 100ms",
    )
    mqtt_host: str = Field(
        default=LOOPBACK,
        validation_alias="ZHEN_MQTT_HOST",
        min_length=1,
        description="the address devices connect to, such as 0.0.0.0",
    )
    mqtt_port: Port | None = Field(default=None, validation_alias="ZHEN_MQTT_PORT", description=_PORT)
    gb26875_host: str = Field(
        default=LOOPBACK,
        validation_alias="ZHEN_GB26875_HOST",
        min_length=1,
        description="the address fire alarm transmission devices connect to, such as 0.0.0.0",
    )
    gb26875_port: Port | None = Field(default=None, validation_alias="ZHEN_GB26875_PORT", description=_PORT)
    gb26875_health_port: Port | None = Field(
        default=None, validation_alias="ZHEN_GB26875_HEALTH_PORT", description=_PORT
    )

    @property
    def known_database_url(self) -> str | None:
        """DATABASE_URL, else the embedded server's; None before that was ever started."""
        return self.database_url or self._embedded("postgres.json", "app_url")

    @property
    def known_nats_url(self) -> str | None:
        """NATS_URL, else the embedded server's; None before that was ever started."""
        return self.nats_url or self._embedded("nats.json", "url")

    @property
    def known_mqtt_url(self) -> str | None:
        """MQTT_URL, else the embedded server's; None before that was ever started."""
        return self.mqtt_url or self._embedded("nats.json", "mqtt_url")

    @property
    def known_nats_system_url(self) -> str | None:
        """ZHEN_NATS_SYSTEM_URL, else the embedded server's; None before that was ever started."""
        return self.nats_system_url or self._embedded("nats.json", "system_url")

    @property
    def known_nats_issuer(self) -> str | None:
        """The seed of the file, else the embedded server's; None before that was ever started."""
        if self.nats_issuer_file is None:
            return self._embedded("nats.json", "issuer_seed")
        try:
            return self.nats_issuer_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise WrongSetting(
                variable="ZHEN_NATS_ISSUER_FILE", value=str(error), allowed=variables()["ZHEN_NATS_ISSUER_FILE"]
            ) from None

    def _embedded(self, file: str, key: str) -> str | None:
        """What the embedded server wrote down, so that `zhen shell` finds a running `zhen up`."""
        value = read_state(self.home / file).get(key)
        return value if isinstance(value, str) else None


def variables() -> dict[str, str]:
    """Every variable that is read, with what it may be."""
    return {str(field.validation_alias): str(field.description) for field in RuntimeSettings.model_fields.values()}


def load() -> RuntimeSettings:
    """The settings of this process, or the one line that says what is wrong with them."""
    _refuse_unknown(os.environ)
    try:
        return RuntimeSettings()
    except ValidationError as error:
        variable = str(error.errors()[0]["loc"][0])
        raise WrongSetting(
            variable=variable,
            value=_without_password(os.environ.get(variable, "")),
            allowed=variables()[variable],
        ) from None


def secret_key(settings: RuntimeSettings) -> str:
    """The key that signs sessions, made on first use and only readable by its owner."""
    path = settings.secret_key_file or settings.home / "secret-key"
    if settings.secret_key_file is None and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, secrets.token_urlsafe(64) + "\n", keep=True)
    try:
        key = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        key = ""
        reason = str(error)
    else:
        reason = str(path)
    if len(key) < 32:
        raise WrongSetting(variable="ZHEN_SECRET_KEY_FILE", value=reason, allowed=variables()["ZHEN_SECRET_KEY_FILE"])
    return key


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """A misspelt variable would be ignored in silence, and the town would run on a default."""
    known = {*variables(), OWNER_VARIABLE}
    for variable in environment:
        if variable.startswith("ZHEN_") and variable not in known:
            close = difflib.get_close_matches(variable, known, n=1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            raise UnknownSetting(variable=variable, hint=hint)


def _without_password(value: str) -> str:
    head, at, tail = value.rpartition("@")
    scheme, separator, user = head.partition("://")
    return f"{scheme}{separator}{user.partition(':')[0]}:…{at}{tail}" if at and separator else value
