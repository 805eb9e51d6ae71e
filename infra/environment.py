"""The settings of a deployed stage, for the operators' command line.

eval "$(python -m infra.environment STAGE)"
"""

import argparse
import shlex
import sys

from botocore.exceptions import BotoCoreError, ClientError

from infra.aws import Clients, account, sentence
from infra.stack import Stack


class NotDeployed(Exception):
    """There is no such stage in this account and region."""


def of(aws: Clients, stage: str) -> dict[str, str]:
    """What the API's function is told. Raises NotDeployed."""
    stack = Stack(aws, stage)
    function = stack.outputs().get("APIHandlerName")
    if not function:
        raise NotDeployed(f"There is no {stack.name} in this account and region.")
    client = aws("lambda")
    settings = client.get_function_configuration(FunctionName=function)
    variables: dict[str, str] = settings["Environment"]["Variables"]
    return {**variables, "AWS_REGION": client.meta.region_name}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m infra.environment")
    parser.add_argument("stage")
    stage = parser.parse_args(arguments).stage
    try:
        settings = of(account(), stage)
    except NotDeployed as missing:
        return refuse(str(missing))
    except (BotoCoreError, ClientError) as error:
        return refuse(sentence(error))
    for name, value in sorted(settings.items()):
        print(f"export {name}={shlex.quote(value)}")
    return 0


def refuse(why: str) -> int:
    """`false` is for the shell: to `eval` nothing at all would be success."""
    print(why, file=sys.stderr)
    print("false")
    return 1


if __name__ == "__main__":
    sys.exit(main())
