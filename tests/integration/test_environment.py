"""Operators' commands find a deployed stage by the settings of its functions."""

import subprocess

import pytest

from infra import environment


def test_a_shell_reads_the_environment_of_a_stage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "of", lambda aws, stage: {"STAGE": stage, "SAID": "it's $1"})
    assert environment.main(["prod"]) == 0
    script = capsys.readouterr().out + 'printf "%s %s" "$STAGE" "$SAID"'
    assert subprocess.check_output(["sh", "-c", script], text=True) == "prod it's $1"


def test_the_environment_of_a_stage_that_is_not_deployed_is_refused(
    cloud: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert environment.main(["nowhere"]) == 1
    said = capsys.readouterr()
    assert "There is no helpdesk-nowhere" in said.err
    assert subprocess.run(["sh", "-c", f'eval "{said.out}"'], check=False).returncode == 1
