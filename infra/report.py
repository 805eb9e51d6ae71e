"""What a deploy shows: the preview, each event, and what to do with what is there then."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from infra.change_set import Change, ChangeSet, Event

HOLD_DATA = (
    "AWS::Cognito::UserPool",
    "AWS::DynamoDB::Table",
    "AWS::KMS::Key",
    "AWS::S3::Bucket",
    "AWS::SQS::Queue",
    "AWS::SecretsManager::Secret",
)
ACTIONS = {"Add": "green", "Modify": "yellow", "Remove": "red"}
REPLACEMENTS = {"True": "yes", "Conditional": "perhaps", "False": "no"}
KEPT = ("Retain", "Snapshot")
SAMPLE_MAIL = "help@example.com"


def heading(change_set: ChangeSet) -> str:
    """Which stack it is, and where: a shell may be signed in to another account than thought."""
    region, account, stack = change_set.stack_id.split(":")[3:6]
    return f"Changes of {stack.split('/')[1]} in account {account}, {region}"


def preview(change_set: ChangeSet) -> Table:
    """What would change; what could lose data comes first."""
    table = Table()
    for column in ("action", "resource", "type", "replacement"):
        table.add_column(column, overflow="fold")
    for change in sorted(change_set.changes, key=_rank):
        action = Text(change.action, ACTIONS.get(change.action, ""))
        table.add_row(action, change.resource, change.kind, fate(change))
    if not change_set.changes:
        table.caption = "Only outputs or settings of the stack itself."
    return table


def fate(change: Change) -> Text:
    """Whether a resource is replaced, in red when data could go with it."""
    word = REPLACEMENTS.get(change.replacement, "")
    if not _takes_data_along(change):
        return Text(word)
    word = word or "removed"
    if could_lose_data(change):
        return Text(f"{word}; data could be lost", "bold red")
    return Text(f"{word}; the old one is kept with its data", "yellow")


def could_lose_data(change: Change) -> bool:
    """A resource that holds data would go, and nothing keeps it aside."""
    return _takes_data_along(change) and not any(word in change.policy for word in KEPT)


def _takes_data_along(change: Change) -> bool:
    goes = change.action == "Remove" or change.replacement in ("True", "Conditional")
    return goes and change.kind in HOLD_DATA


def _rank(change: Change) -> tuple[bool, str, str, str]:
    return (not could_lose_data(change), change.action, change.kind, change.resource)


def line(event: Event) -> Text:
    """One event of a stack."""
    status, reason = event["ResourceStatus"], event.get("ResourceStatusReason") or ""
    failed = status.endswith("FAILED")
    colour = "red" if failed else "green" if status.endswith("_COMPLETE") else "dim"
    text = Text(f"{event['Timestamp']:%H:%M:%S}  ", "dim")
    text.append(f"{status}  ", colour)
    text.append(f"{event['LogicalResourceId']}  ")
    text.append(reason if failed else event["ResourceType"], "dim")
    return text


def what_is_there(
    outputs: dict[str, str], parameters: dict[str, str], first: bool
) -> Iterator[str]:
    """The addresses, and after a first deploy what is left to do by hand."""
    yield f"[green]✓[/] Deployed. The desk answers at {outputs.get('EndpointURL', '-')}"
    if first:
        yield from ("", "What is left to do:")
        for number, step in enumerate(_steps(parameters), start=1):
            yield f"{number}. {step}"


def _steps(parameters: dict[str, str]) -> Iterator[str]:
    sender, stage = parameters.get("MailFrom", SAMPLE_MAIL), parameters["Stage"]
    if sender == SAMPLE_MAIL:
        yield f"Mails would come from {SAMPLE_MAIL}; deploy again with --mail-from and your own."
    else:
        yield (
            f"Verify {sender} or its domain in SES, and leave its sandbox; no mail goes out "
            f"before: aws sesv2 create-email-identity --email-identity {sender}"
        )
    if address := parameters.get("PublicUrl"):
        yield f"Let {address} lead to the API, by a custom domain name of API Gateway."
    if told := parameters.get("AlarmMail"):
        yield f"Confirm the subscription that was mailed to {told}; no alarm is mailed before."
    yield (
        "Add the first admin, in a shell of its own so that the stage's settings end with it:\n"
        f'   ( eval "$(.venv/bin/python -m infra.environment {stage})" &&\n'
        "     .venv/bin/python -m chalicelib.cli people add 'NAME' MAIL admin )"
    )
