"""A deploy warns of what could lose data, and says what is left to do."""

import pytest

from infra import report
from infra.change_set import Change

KEPT, RED = "the old one is kept with its data", "bold red"


@pytest.mark.parametrize(
    ("change", "shown", "style"),
    [
        (("Add", "AWS::DynamoDB::Table", "", ""), "", ""),
        (("Modify", "AWS::DynamoDB::Table", "False", ""), "no", ""),
        (("Modify", "AWS::Lambda::Function", "True", ""), "yes", ""),
        (("Modify", "AWS::S3::Bucket", "Conditional", ""), "perhaps; data could be lost", RED),
        (("Modify", "AWS::Cognito::UserPool", "True", ""), "yes; data could be lost", RED),
        (("Remove", "AWS::SQS::Queue", "", "Delete"), "removed; data could be lost", RED),
        (("Modify", "AWS::DynamoDB::Table", "True", "ReplaceAndRetain"), f"yes; {KEPT}", "yellow"),
        (("Remove", "AWS::DynamoDB::Table", "", "Retain"), f"removed; {KEPT}", "yellow"),
    ],
)
def test_what_could_lose_data_is_red(
    change: tuple[str, str, str, str], shown: str, style: str
) -> None:
    action, kind, replacement, policy = change
    fate = report.fate(Change(action, "Thing", kind, replacement, policy))
    assert (fate.plain, fate.style) == (shown, style)


def test_the_address_is_told_and_the_rest_only_once() -> None:
    outputs = {"EndpointURL": "https://api.example/trial/"}
    given = {"Stage": "trial", "AlarmMail": "ops@desk.example", "PublicUrl": "https://desk.example"}
    first = "\n".join(report.what_is_there(outputs, given, first=True))
    assert "https://api.example/trial/" in first
    assert "with --mail-from" in first and "ops@desk.example" in first
    assert "https://desk.example" in first
    assert len(list(report.what_is_there(outputs, given, first=False))) == 1
