"""What `make run` can be told by variables, and the environment that the functions get."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.resources import REGION

HOST = "127.0.0.1"
STAGE = "local"
SEEDS = ("demo", "empty")
PORTS = range(1, 65536)
EMULATED_CLOUD = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    # The emulator's own: it checks the signatures of links to files, and knows no other key.
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_XRAY_SDK_ENABLED": "false",
    "POWERTOOLS_TRACE_DISABLED": "true",
}


class SetupFailed(Exception):
    """Something about this machine or the settings is in the way; the message says what to do."""


@dataclass(frozen=True)
class Settings:
    port: int
    emulator_port: int
    data_dir: Path
    seed: str

    @property
    def base_url(self) -> str:
        return f"http://{HOST}:{self.port}"


def read(variables: Mapping[str, str]) -> Settings:
    """The settings; raises SetupFailed for a value that makes no sense."""
    seed = variables.get("SEED") or "demo"
    if seed not in SEEDS:
        raise SetupFailed(f"SEED is {seed!r}. Use SEED=demo or SEED=empty.")
    return Settings(
        port=_port(variables, "PORT", 8000),
        emulator_port=_port(variables, "EMULATOR_PORT", 4566),
        data_dir=Path(variables.get("DATA_DIR") or ".data").expanduser().resolve(),
        seed=seed,
    )


def _port(variables: Mapping[str, str], name: str, otherwise: int) -> int:
    said = variables.get(name) or str(otherwise)
    if not (said.isascii() and said.isdigit() and int(said) in PORTS):
        raise SetupFailed(f"{name} is {said!r}. Use a number from 1 to 65535, like {name}=8001.")
    return int(said)


def forget_real_cloud() -> None:
    """Nothing of this machine's AWS account is read, and local addresses need no proxy."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    direct = [os.environ.get("NO_PROXY", ""), HOST, "localhost"]
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(filter(None, direct))
    os.environ.update(EMULATED_CLOUD)
