"""Settings of this deployment: the only reader of the process environment."""

import os
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Config:
    """What the environment says, read when first asked for."""

    stage: str
    resource_prefix: str
    region: str
    endpoint_url: str | None
    public_url: str | None
    mail_from: str
    attachments_bucket: str
    deliveries_bucket: str
    signing_secret_id: str
    user_pool_id: str
    user_pool_client_id: str

    def name(self, resource: str) -> str:
        """Full name of one of this stage's tables or queues."""
        return f"{self.resource_prefix}-{resource}"


class _LazyConfig:
    """Reads the environment at first use, so that importing the code needs none."""

    @cached_property
    def _values(self) -> Config:
        env = os.environ.get
        stage = env("STAGE", "dev")
        return Config(
            stage=stage,
            resource_prefix=env("RESOURCE_PREFIX", f"helpdesk-{stage}"),
            region=env("AWS_REGION", "us-east-1"),
            endpoint_url=env("AWS_ENDPOINT_URL"),
            public_url=(env("PUBLIC_URL") or "").rstrip("/") or None,
            mail_from=env("MAIL_FROM", "help@tierline.example"),
            attachments_bucket=env("ATTACHMENTS_BUCKET", ""),
            deliveries_bucket=env("DELIVERIES_BUCKET", ""),
            signing_secret_id=env("SIGNING_SECRET_ID", ""),
            user_pool_id=env("USER_POOL_ID", ""),
            user_pool_client_id=env("USER_POOL_CLIENT_ID", ""),
        )

    def __getattr__(self, name: str) -> object:
        return getattr(self._values, name)

    def reload(self) -> None:
        """Forget what was read; the next use reads the environment again."""
        self.__dict__.pop("_values", None)


config: Config = _LazyConfig()  # type: ignore[assignment]
