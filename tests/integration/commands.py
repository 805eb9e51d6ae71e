"""The operators' commands as the tests call them."""

import json
from typing import Any

from typer.testing import CliRunner, Result

from chalicelib.cli import __main__ as cli


def invoke(*words: str) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def run(*words: str) -> str:
    """What a command says that does what it was told."""
    done = invoke(*words)
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def answer(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def refusal(*words: str) -> BaseException:
    return invoke(*words).exception
