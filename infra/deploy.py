"""Deploys a bundle: shows what would change, asks, then changes it.

python -m infra.deploy build/package --stage dev [--yes] [--mail-from ADDRESS] ...
"""

import argparse
import sys
from collections.abc import Container
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.prompt import Confirm

from infra import report
from infra.artifacts import publish
from infra.aws import Clients, account, sentence
from infra.change_set import ChangeSet, DeploymentFailed, Event
from infra.packaging import Bundle
from infra.stack import Stack

INTERRUPTED = 130


class BundleUnfit(Exception):
    """The bundle is not there, or not as it is asked for; the message says what to do."""


def deploy(aws: Clients, options: argparse.Namespace, console: Console, pause: float = 2.0) -> None:
    """Preview, ask, deploy. Raises DeploymentFailed and BundleUnfit."""
    bundle = _fit(Bundle(options.bundle), options.stage)
    given = _given(options, bundle.template()["Parameters"])
    stack = Stack(aws, options.stage, pause)
    with console.status("Uploading the bundle ..."):
        published = publish(aws, options.stage, bundle, bundle.template())
    with stack.proposed(published, given) as change_set:
        if change_set.empty:
            console.print(f"No changes: {stack.name} is deployed as this bundle says.")
            return
        console.print(report.heading(change_set), report.preview(change_set), sep="\n")
        if not _agreed(options, stack.name, console):
            return
        stack.execute(change_set, lambda event: _tell(event, console))
    _tell_what_is_there(stack, change_set, console)


def _fit(bundle: Bundle, stage: str) -> Bundle:
    files = (bundle.template_file, *bundle.archives)
    if not all(file.exists() for file in files):
        raise BundleUnfit(f"There is no bundle in {bundle.directory}: make package STAGE={stage}")
    built_for = bundle.template()["Parameters"]["Stage"]["Default"]
    if built_for != stage:
        raise BundleUnfit(f"The bundle is for stage {built_for}: make package STAGE={stage}")
    return bundle


def _given(options: argparse.Namespace, known: Container[str]) -> dict[str, str | None]:
    named = dict(_pair(each) for each in options.set)
    for name in named:
        if name not in known:
            raise BundleUnfit(
                f"The bundle has no parameter {name}; infra/resources.yaml lists them."
            )
    return {
        "Stage": options.stage,
        "MailFrom": options.mail_from,
        "PublicUrl": options.public_url,
        "AlarmMail": options.alarm_mail,
        "FileScanner": options.file_scanner,
        **named,
    }


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise BundleUnfit(f"--set wants NAME=VALUE, not {text}")
    return name, value


def _agreed(options: argparse.Namespace, name: str, console: Console) -> bool:
    if options.yes:
        return True
    if not sys.stdin.isatty():
        console.print("Nothing was deployed; --yes deploys without asking.")
        return False
    if Confirm.ask(f"Deploy this to {name}?", console=console, default=False):
        return True
    console.print("Nothing was deployed.")
    return False


def _tell(event: Event, console: Console) -> None:
    console.print(report.line(event), soft_wrap=True)


def _tell_what_is_there(stack: Stack, change_set: ChangeSet, console: Console) -> None:
    state = stack.state() or {}
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in state["Parameters"]}
    for text in report.what_is_there(stack.outputs(), parameters, change_set.first):
        console.print(text, soft_wrap=True)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m infra.deploy")
    parser.add_argument("bundle", type=Path, help="what infra.packaging built")
    parser.add_argument("--stage", default="dev")
    parser.add_argument("--yes", action="store_true", help="deploy without asking")
    parser.add_argument("--mail-from", help="sender of every mail")
    parser.add_argument("--public-url", help="address that people use; '' for the API's own")
    parser.add_argument("--file-scanner", choices=("none", "guardduty"), help="what checks files")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="any other parameter"
    )
    parser.add_argument("--alarm-mail", help="who is told of alarms; '' for nobody")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    console = Console(highlight=False)
    options = _options(arguments)
    try:
        deploy(account(), options, console)
    except (DeploymentFailed, BundleUnfit) as failure:
        _say_failed(console, str(failure))
    except (BotoCoreError, ClientError) as error:
        _say_failed(console, sentence(error))
    except KeyboardInterrupt:
        console.print("Interrupted; what CloudFormation had begun goes on without this program.")
        return INTERRUPTED
    else:
        return 0
    return 1


def _say_failed(console: Console, why: str) -> None:
    console.print("Not deployed:", style="red")
    console.print(why, markup=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
