"""The file that turns a shell to this desk, so that operators' commands work on it."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from infra.local.settings import EMULATED_CLOUD, HOST

# A profile, or an endpoint of one service, would lead the commands elsewhere.
CLOUD_NAMES = r"env | sed -n 's/^\(AWS_[A-Za-z0-9_]*\)=.*/\1/p'"
FORGET = f'for name in $({CLOUD_NAMES}); do unset "$name"; done'


def write(data_dir: Path, endpoint: str, variables: Mapping[str, str]) -> None:
    """Writes DATA_DIR/env, to be read with `. DATA_DIR/env`; `variables` are the functions'."""
    told = {**EMULATED_CLOUD, **variables, "AWS_ENDPOINT_URL": endpoint, "NO_PROXY": HOST}
    lines = [f"export {name}={shlex.quote(value)}" for name, value in sorted(told.items())]
    path = data_dir / "env"
    path.touch(mode=0o600)
    path.write_text("\n".join(["# Read me with: . env", FORGET, *lines, ""]), encoding="utf-8")
