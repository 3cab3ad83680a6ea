"""The settings of messages that leave the town, as `ZHEN_…` variables; `RuntimeSettings` includes them."""

from pydantic import Field
from pydantic_settings import BaseSettings


class MessagesOut(BaseSettings):
    """Where e-mail and text messages go, and what webhooks may reach."""

    smtp_url: str | None = Field(
        default=None,
        validation_alias="ZHEN_SMTP_URL",
        pattern=r"^smtps?(\+starttls)?://\S+$",
        description="an address such as smtp+starttls://user:password@mail.example:587",
        repr=False,
    )
    mail_from: str = Field(
        default="zhen@localhost",
        validation_alias="ZHEN_MAIL_FROM",
        pattern=r"^\S+@\S+$",
        description="the sender's e-mail address",
    )
    sms_url: str | None = Field(
        default=None,
        validation_alias="ZHEN_SMS_URL",
        pattern=r"^https?://\S+$",
        description="the address of an HTTP gateway for text messages",
    )
    sms_secret: str = Field(
        default="",
        validation_alias="ZHEN_SMS_SECRET",
        description="the secret that signs requests to that gateway",
        repr=False,
    )
    private_webhooks: bool = Field(
        default=False,
        validation_alias="ZHEN_PRIVATE_WEBHOOKS",
        description="on or off",
    )
