"""SNS: what is believed, from where the proof comes, and how a subscription is confirmed."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from chalicelib.adapters.monitoring import sns_signature, sns_subscription
from chalicelib.adapters.monitoring.sns import SOURCE
from chalicelib.adapters.monitoring.source import Delivery, Refused, Unreadable

NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms"
HOST, FILE = "sns.us-east-1.amazonaws.com", "/SimpleNotificationService-0123456789abcdef.pem"
NOTIFICATION = {
    "Type": "Notification",
    "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
    "TopicArn": TOPIC,
    "Subject": "ALARM: a queue",
    "Message": '{"AlarmName": "a\\nb", "NewStateValue": "ALARM"}',
    "Timestamp": "2026-11-23T09:00:00.000Z",
}
CONFIRMATION = {
    "Type": "SubscriptionConfirmation",
    "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
    "Token": "2336412f37",
    "TopicArn": TOPIC,
    "Message": "You have chosen to subscribe.",
    "SubscribeURL": "https://evil.example/?Action=ConfirmSubscription",
    "Timestamp": "2026-11-23T09:00:00.000Z",
}
HASHES = {"1": hashes.SHA1, "2": hashes.SHA256}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(name: str = "sns.amazonaws.com", days: int = 30) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    end = NOW + timedelta(days=days)
    built = (
        x509.CertificateBuilder(subject, subject, KEY.public_key(), x509.random_serial_number())
        .not_valid_before(end - timedelta(days=365))
        .not_valid_after(end)
        .sign(KEY, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM)


def text_of(message: dict[str, Any]) -> str:
    """What is signed, written down again, apart from the code under test."""
    names = (
        ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
        if message["Type"] == "Notification"
        else ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    )
    return "".join(f"{one}\n{message[one]}\n" for one in names if message.get(one) is not None)


def signed(message: dict[str, Any], version: str = "2", key: Any = KEY, **more: Any) -> Delivery:
    signature = key.sign(text_of(message).encode(), padding.PKCS1v15(), HASHES[version]())
    body = {
        **message,
        "SignatureVersion": version,
        "Signature": base64.b64encode(signature).decode(),
        "SigningCertURL": f"https://{HOST}{FILE}",
        "UnsubscribeURL": f"https://{HOST}/?Action=Unsubscribe",
        **more,
    }
    return Delivery(json.dumps(body).encode(), options={"topics": [TOPIC]})


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of which certificates were fetched; the network is never used."""
    found: list[str] = []

    def fetch(host: str, path: str) -> bytes:
        found.append(host + path)
        return certificate()

    monkeypatch.setattr(sns_signature, "fetch", fetch)
    sns_signature.certificate.cache_clear()
    return found


def verify(delivery: Delivery, now: datetime = NOW) -> None:
    assert SOURCE.verify is not None
    SOURCE.verify(delivery, now)


def is_refused(delivery: Delivery, why: str, now: datetime = NOW) -> None:
    with pytest.raises(Refused, match=why):
        verify(delivery, now)


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("message", [NOTIFICATION, CONFIRMATION], ids=lambda one: one["Type"])
def test_what_sns_signed_is_believed(message, version, asked):
    verify(signed(message, version))
    assert asked == [HOST + FILE]


def test_a_certificate_is_fetched_once(asked):
    verify(signed(NOTIFICATION))
    verify(signed(CONFIRMATION))
    assert len(asked) == 1


@pytest.mark.parametrize("subject", ["missing", None])
def test_a_subject_is_signed_only_if_there_is_one(subject):
    message = {**NOTIFICATION, "Subject": None}
    if subject == "missing":
        del message["Subject"]
    verify(signed(message))


@pytest.mark.parametrize("name", ["Message", "MessageId", "Subject", "Timestamp"])
def test_an_altered_message_is_refused(name):
    changed = str(NOTIFICATION[name]).replace("00.000", "01.000").replace("ALARM", "OK")
    changed = changed.replace("22b", "33b")
    is_refused(signed(NOTIFICATION, **{name: changed}), "altered")


def test_a_signature_by_another_key_is_refused():
    is_refused(signed(NOTIFICATION, key=OTHER_KEY), "altered")


def test_a_signature_of_the_other_version_is_refused():
    is_refused(signed(NOTIFICATION, "1", SignatureVersion="2"), "altered")


@pytest.mark.parametrize("version", ["3", "", None, 2.5, ["2"]])
def test_another_version_is_refused(version, asked):
    is_refused(signed(NOTIFICATION, SignatureVersion=version), "SignatureVersion")
    assert not asked


@pytest.mark.parametrize("signature", [None, "", "not base64!", 7, "AAAA"])
def test_what_is_not_signed_is_refused(signature):
    is_refused(signed(NOTIFICATION, Signature=signature), "altered")


@pytest.mark.parametrize("name", ["Message", "MessageId", "Timestamp", "Type"])
def test_a_message_without_what_is_signed_is_refused(name, asked):
    is_refused(signed(NOTIFICATION, **{name: None}), name)
    assert not asked


def test_a_field_with_several_lines_is_refused_so_that_nothing_can_be_moved():
    moved = {"MessageId": f"{NOTIFICATION['MessageId']}\nSubject\n{NOTIFICATION['Subject']}"}
    is_refused(signed(NOTIFICATION, **moved, Subject=None), "MessageId")


def test_half_a_character_is_refused():
    is_refused(signed(NOTIFICATION, Message="\ud800"), "altered")


@pytest.mark.parametrize(
    "topic",
    ["arn:aws:sns:us-east-1:999999999999:alarms", "arn:aws:sns:eu-west-1:123456789012:alarms"],
)
def test_a_foreign_topic_is_refused_and_named(topic, asked):
    is_refused(signed({**NOTIFICATION, "TopicArn": topic}), topic)
    assert not asked


@pytest.mark.parametrize("options", [{}, {"topics": None}, {"topics": []}, {"topics": TOPIC}])
def test_without_topics_nothing_is_believed(options, asked):
    is_refused(replace(signed(NOTIFICATION), options=options), TOPIC)
    assert not asked


@pytest.mark.parametrize("topic", [None, "", 7, [], "arn:aws:sns:us-east-1.evil.example/:1:x"])
def test_what_is_no_topic_is_refused_even_if_it_is_listed(topic, asked):
    delivery = signed(NOTIFICATION, TopicArn=topic)
    is_refused(replace(delivery, options={"topics": [topic]}), "topic")
    assert not asked


@pytest.mark.parametrize(
    "address",
    [
        f"https://sns.us-east-1.amazonaws.com.evil.example{FILE}",
        f"https://sns-us-east-1.amazonaws.com{FILE}",
        f"https://sns.eu-west-1.amazonaws.com{FILE}",
        f"https://sns.us-east-1.amazonaws.com.cn{FILE}",
        f"https://snsxus-east-1.amazonaws.com{FILE}",
        f"https://user@{HOST}{FILE}",
        f"https://{HOST}@evil.example{FILE}",
        f"https://{HOST}:443{FILE}",
        f"https://{HOST}:8443{FILE}",
        f"http://{HOST}{FILE}",
        f"ftp://{HOST}{FILE}",
        f"//{HOST}{FILE}",
        f"https://{HOST}{FILE}?a=b",
        f"https://{HOST}{FILE}#a",
        f"https://{HOST}{FILE}\n",
        f"https://{HOST}//evil.example{FILE}",
        f"https://{HOST}/bucket{FILE}",
        f"https://{HOST}/SimpleNotificationService-../evil.pem",
        f"https://{HOST}/SimpleNotificationService-0123456789abcdef.pem.txt",
        f"https://{HOST}/SimpleNotificationService-xyz.pem",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "",
        None,
        7,
        [f"https://{HOST}{FILE}"],
    ],
)
def test_a_certificate_that_lies_elsewhere_is_not_fetched(address, asked):
    is_refused(signed(NOTIFICATION, SigningCertURL=address), "certificate")
    assert not asked


def test_in_china_the_host_is_another(asked):
    topic = "arn:aws-cn:sns:cn-north-1:123456789012:alarms"
    address = f"https://sns.cn-north-1.amazonaws.com.cn{FILE}"
    delivery = signed({**NOTIFICATION, "TopicArn": topic}, SigningCertURL=address)
    verify(replace(delivery, options={"topics": [topic]}))
    assert asked == [f"sns.cn-north-1.amazonaws.com.cn{FILE}"]


@pytest.mark.parametrize("hours", [-1.2, 1.1, 48])
def test_a_replayed_message_is_refused(hours, asked):
    is_refused(signed(NOTIFICATION), "replayed", NOW + timedelta(hours=hours))
    assert not asked


def test_a_message_that_sns_tries_again_for_almost_an_hour_is_believed():
    verify(signed(NOTIFICATION), NOW + timedelta(minutes=54))


@pytest.mark.parametrize("stamp", ["yesterday", "0001-01-01T00:00:00Z", "2026-11-23T09:00:00"])
def test_a_timestamp_that_is_no_instant_is_refused(stamp):
    is_refused(signed({**NOTIFICATION, "Timestamp": stamp}), "Timestamp")


@pytest.mark.parametrize(
    ("pem", "why"),
    [
        (certificate("evil.example"), "not of Amazon SNS"),
        (certificate("sns.amazonaws.com.evil.example"), "not of Amazon SNS"),
        (certificate(days=-1), "out of date"),
        (certificate(days=400), "out of date"),
        (b"<html>", "cannot be read"),
        (b"", "cannot be read"),
    ],
)
def test_a_certificate_that_is_not_sns_s_is_refused(pem, why, monkeypatch):
    monkeypatch.setattr(sns_signature, "fetch", lambda host, path: pem)
    is_refused(signed(NOTIFICATION), why)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b"text", b"\xff", b"[" * 100_000])
def test_what_has_no_envelope_is_refused(body):
    is_refused(Delivery(body, options={"topics": [TOPIC]}), "SNS")


class Answers:
    """An HTTPS connection that gives one answer."""

    def __init__(self, status: int = 200, body: bytes = b"pem") -> None:
        self.status, self.body, self.asked, self.closed = status, body, "", False

    def __call__(self, host: str, **settings: Any) -> "Answers":
        assert settings["timeout"] == 3
        assert settings["context"].check_hostname
        self.asked = host
        return self

    def request(self, method: str, path: str) -> None:
        self.asked = f"{method} {self.asked}{path}"

    def getresponse(self) -> "Answers":
        return self

    def read(self, at_most: int) -> bytes:
        return self.body[:at_most]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def fetch(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()

    def fetch_from(answers: Answers) -> bytes:
        monkeypatch.setattr(sns_signature, "HTTPSConnection", answers)
        return sns_signature.fetch(HOST, FILE)

    return fetch_from


def test_a_certificate_is_fetched_by_tls_from_the_host_that_was_made(fetch):
    answers = Answers()
    assert fetch(answers) == b"pem"
    assert answers.asked == f"GET {HOST}{FILE}"
    assert answers.closed


@pytest.mark.parametrize("status", [301, 302, 307, 400, 403, 404])
def test_a_redirect_is_not_followed_and_an_error_refuses(fetch, status):
    with pytest.raises(Refused):
        fetch(Answers(status))


def test_a_large_certificate_is_refused(fetch):
    with pytest.raises(Refused):
        fetch(Answers(body=b"a" * 20_001))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_while_sns_cannot_be_asked_the_delivery_is_tried_again(fetch, status):
    with pytest.raises(OSError):
        fetch(Answers(status))


class Sns:
    def __init__(self, code: str = "") -> None:
        self.code, self.confirmed = code, []

    def confirm_subscription(self, **asked: str) -> None:
        self.confirmed.append(asked)
        if self.code:
            raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, "Confirm")


@pytest.fixture
def regions(monkeypatch: pytest.MonkeyPatch):
    """Where a client was made for, while `sns` takes its place."""
    made: list[str] = []

    def use(sns: Sns) -> list[str]:
        monkeypatch.setattr(sns_subscription, "_client", lambda region: made.append(region) or sns)
        return made

    return use


def test_a_subscription_is_confirmed_by_the_api_in_the_topics_region(regions):
    sns = Sns()
    made = regions(sns)
    assert SOURCE.after is not None
    SOURCE.after(signed(CONFIRMATION))
    assert sns.confirmed == [{"TopicArn": TOPIC, "Token": "2336412f37"}]
    assert made == ["us-east-1"]


def test_a_notification_confirms_nothing(regions):
    sns = Sns()
    regions(sns)
    sns_subscription.confirm(signed(NOTIFICATION))
    assert not sns.confirmed


def test_a_foreign_topic_is_not_confirmed(regions):
    sns = Sns()
    regions(sns)
    with pytest.raises(Refused):
        sns_subscription.confirm(replace(signed(CONFIRMATION), options={"topics": []}))
    assert not sns.confirmed


def test_what_sns_will_never_confirm_is_refused_and_the_rest_tried_again(regions):
    regions(Sns("InvalidParameter"))
    with pytest.raises(Refused):
        sns_subscription.confirm(signed(CONFIRMATION))
    regions(Sns("Throttling"))
    with pytest.raises(ClientError):
        sns_subscription.confirm(signed(CONFIRMATION))


@pytest.mark.parametrize("message", ["it is on fire", '{"hello": "world"}', "[]", "7"])
def test_a_message_that_is_no_alarm_is_kept_as_unreadable_with_its_subject(message):
    with pytest.raises(Unreadable, match="ALARM: a queue"):
        SOURCE.parse(signed({**NOTIFICATION, "Message": message}))


def test_an_event_of_eventbridge_may_come_by_a_topic():
    event = {
        "detail-type": "CloudWatch Alarm State Change",
        "id": "inner",
        "resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:a"],
        "detail": {"alarmName": "a", "state": {"value": "OK"}},
    }
    report = SOURCE.parse(signed({**NOTIFICATION, "Message": json.dumps(event)}))
    assert report.alerts[0].identity == event["resources"][0]
    assert report.message_id == NOTIFICATION["MessageId"]
