"""Settings of this deployment: the only reader of the process environment."""

import os
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit


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
    file_scanner: str
    deliveries_bucket: str
    audit_bucket: str
    signing_secret_id: str
    api_calls_per_minute: int
    user_pool_id: str
    user_pool_client_id: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_authorization_endpoint: str
    oidc_token_endpoint: str
    oidc_jwks_uri: str
    oidc_name: str
    second_factor_roles: frozenset[str]

    def name(self, resource: str) -> str:
        """Full name of one of this stage's tables or queues."""
        return f"{self.resource_prefix}-{resource}"

    @property
    def files_host(self) -> str:
        """Where browsers send files to, and get them from: the bucket's own host."""
        suffix = "amazonaws.com.cn" if self.region.startswith("cn-") else "amazonaws.com"
        own = f"{self.attachments_bucket}.s3.{self.region}.{suffix}"
        return urlsplit(self.endpoint_url).netloc if self.endpoint_url else own


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
            file_scanner=env("FILE_SCANNER", "none"),
            deliveries_bucket=env("DELIVERIES_BUCKET", ""),
            audit_bucket=env("AUDIT_BUCKET", ""),
            signing_secret_id=env("SIGNING_SECRET_ID", ""),
            api_calls_per_minute=int(env("API_CALLS_PER_MINUTE", "3000")),
            user_pool_id=env("USER_POOL_ID", ""),
            user_pool_client_id=env("USER_POOL_CLIENT_ID", ""),
            oidc_issuer=env("OIDC_ISSUER", ""),
            oidc_client_id=env("OIDC_CLIENT_ID", ""),
            oidc_client_secret=env("OIDC_CLIENT_SECRET", ""),
            oidc_authorization_endpoint=env("OIDC_AUTHORIZATION_ENDPOINT", ""),
            oidc_token_endpoint=env("OIDC_TOKEN_ENDPOINT", ""),
            oidc_jwks_uri=env("OIDC_JWKS_URI", ""),
            oidc_name=env("OIDC_NAME", ""),
            second_factor_roles=frozenset(env("SECOND_FACTOR_ROLES", "").replace(",", " ").split()),
        )

    def __getattr__(self, name: str) -> object:
        return getattr(self._values, name)

    def reload(self) -> None:
        """Forget what was read; the next use reads the environment again."""
        self.__dict__.pop("_values", None)


config: Config = _LazyConfig()  # type: ignore[assignment]
