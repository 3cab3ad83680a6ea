"""The settings of signing in, as `ZHEN_…` variables; `RuntimeSettings` includes them."""

from pydantic import Field
from pydantic_settings import BaseSettings


class SigningIn(BaseSettings):
    """How long a session lives, where requests come from, and an OpenID provider to sign in with."""

    session_idle_minutes: int = Field(
        default=120,
        validation_alias="ZHEN_SESSION_IDLE_MINUTES",
        ge=5,
        le=1440,
        description="a whole number of minutes from 5 to 1440",
    )
    session_hours: int = Field(
        default=12,
        validation_alias="ZHEN_SESSION_HOURS",
        ge=1,
        le=168,
        description="a whole number of hours from 1 to 168",
    )
    elevation_minutes: int = Field(
        default=15,
        validation_alias="ZHEN_ELEVATION_MINUTES",
        ge=1,
        le=60,
        description="a whole number of minutes from 1 to 60",
    )
    trusted_proxies: int = Field(
        default=0,
        validation_alias="ZHEN_TRUSTED_PROXIES",
        ge=0,
        le=5,
        description="how many reverse proxies stand in front, from 0 to 5",
    )
    oidc_issuer: str | None = Field(
        default=None,
        validation_alias="ZHEN_OIDC_ISSUER",
        pattern=r"^https?://\S+$",
        description="the address of an OpenID provider, such as https://id.example",
    )
    oidc_client_id: str = Field(
        default="", validation_alias="ZHEN_OIDC_CLIENT_ID", description="the client id that the provider gave"
    )
    oidc_client_secret: str = Field(
        default="",
        validation_alias="ZHEN_OIDC_CLIENT_SECRET",
        description="the client secret that the provider gave",
        repr=False,
    )
    oidc_name: str = Field(
        default="OpenID", validation_alias="ZHEN_OIDC_NAME", description="the provider's name on the button"
    )
