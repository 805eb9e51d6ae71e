"""The whole conversation with a user pool that checks codes and speaks OpenID Connect itself.

The emulator has a secret for each app and signs tokens with its pool's own key; the desk's code
runs in a process of its own, so that nothing of it is faked.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local import emulator, resources
from infra.local.emulator import Emulator

ROOT = Path(__file__).parents[2]
FIRST_PORT = 45780
STORY = Path(__file__).with_name("local_sign_in_story.py")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    home = tmp_path_factory.mktemp("emulator")
    found = emulator.start_or_adopt(home, FIRST_PORT)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def told(running: Emulator) -> dict[str, Any]:
    """What the story says of each of its steps."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.local_sign_in_story"], cwd=ROOT,
        env=environment(running), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def environment(running: Emulator) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept, "AWS_ENDPOINT_URL": running.endpoint, "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": resources.REGION,
        "AWS_DEFAULT_REGION": resources.REGION, "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_SERVICE_NAME": "tierline", "POWERTOOLS_METRICS_NAMESPACE": "Tierline",
        "NO_PROXY": "127.0.0.1,localhost",
    }  # fmt: skip


def test_the_password_alone_lets_in_who_has_no_second_factor(told: dict[str, Any]) -> None:
    assert told["plain"] == [303, "/desk"]


def test_a_real_app_is_set_up_and_asked_for(told: dict[str, Any]) -> None:
    assert told["set_up"] == [303, "/account?done=on"]
    assert told["asked"] == [200, False]
    assert told["wrong_code"] == 422
    assert told["right_code"] == [303, "/desk"]


def test_an_invitation_needs_a_password_of_ones_own(told: dict[str, Any]) -> None:
    assert told["invited"] == [200, False]
    assert told["chosen"] == [303, "/desk"]
    assert told["temporary_again"] == 401


def test_who_is_removed_is_refused_by_the_pool_itself(told: dict[str, Any]) -> None:
    assert told["removed"] == [401, "UserDisabled"]


def test_the_pools_own_openid_connect_signs_in_as_well(told: dict[str, Any]) -> None:
    assert told["elsewhere"] == [303, "/desk"]
    assert told["elsewhere_again"] == 401
