"""The proof that a message comes from one of the topics of Amazon SNS that are allowed.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
Anybody can send validly signed messages from a topic of their own, so the topic counts first. No
address is taken from the message: it is made of the allowed topic's region, and the message only
has to agree. The certificate comes without those above it, so its chain cannot be checked; what
vouches for it is the TLS connection to SNS's own host, next to its own names and dates.
"""

import base64
import re
import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from http.client import HTTPException, HTTPSConnection
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from chalicelib.adapters.monitoring import reading
from chalicelib.adapters.monitoring.source import Delivery, Refused, Unreadable

NOTIFICATION = "Notification"
SUBSCRIPTION = "SubscriptionConfirmation"
SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    **dict.fromkeys(
        (SUBSCRIPTION, "UnsubscribeConfirmation"),
        ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {"1": hashes.SHA1, "2": hashes.SHA256}
TOPIC = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov):sns:[a-z]{2}[a-z0-9-]{3,30}:[0-9]{12}:[A-Za-z0-9_.-]{1,256}"
)
FILE = r"/SimpleNotificationService-[0-9a-f]{8,64}\.pem"
SIGNERS = re.compile(r"sns([.-][a-z0-9-]+)?\.amazonaws\.com(\.cn)?")
OLDEST, CLOCKS_DIFFER_BY = timedelta(hours=1), timedelta(minutes=5)
PATIENCE_SECONDS, LARGEST, CERTIFICATES_KEPT = 3, 20_000, 32
ALTERED = "The signature does not fit the message: it was altered, or is not of Amazon SNS."


def verify(delivery: Delivery, now: datetime) -> None:
    """Raises Refused for what is not proven; OSError while SNS cannot be asked for its key."""
    data = message_of(delivery)
    host = _host(allowed_topic(data, delivery.options))
    told, kind = signed_text(data), HASHES.get(str(data.get("SignatureVersion")))
    if kind is None:
        raise Refused("Its SignatureVersion is neither 1 nor 2.")
    _check_recent(data, now)
    key = _key(certificate(host, _file(data, host)), now)
    try:
        key.verify(_signature(data), told, PKCS1v15(), kind())
    except InvalidSignature:
        raise Refused(ALTERED) from None


def message_of(delivery: Delivery) -> dict[str, Any]:
    """The envelope. Raises Refused, for what has none is not signed."""
    try:
        return reading.object_of(reading.json_of(delivery.body), "The body")
    except Unreadable as error:
        raise Refused(
            f"It is not signed by SNS; is raw message delivery enabled? {error}"
        ) from error


def allowed_topic(data: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """The ARN of its topic. Raises Refused unless the integration allows it."""
    topic, allowed = data.get("TopicArn"), options.get("topics")
    if not isinstance(topic, str) or not TOPIC.fullmatch(topic):
        raise Refused("It does not name a topic of SNS.")
    if not isinstance(allowed, list | tuple) or topic not in allowed:
        raise Refused(f"The topic {topic} is not among those that this integration allows.")
    return topic


def region_of(topic: str) -> str:
    return topic.split(":")[3]


def signed_text(data: Mapping[str, Any]) -> bytes:
    """What SNS signs of a message. Raises Refused where something is missing.

    Only the message itself may have several lines, so that nothing can be moved between fields.
    """
    kind = data.get("Type")
    names = SIGNED.get(kind) if isinstance(kind, str) else None
    if names is None:
        raise Refused("Its Type is none of SNS's.")
    present = [one for one in names if one != "Subject" or data.get(one) is not None]
    values = [data.get(one) for one in present]
    for name, value in zip(present, values, strict=True):
        if not isinstance(value, str) or (name != "Message" and "\n" in value):
            raise Refused(f"Its {name} is missing, or no line of text.")
    pairs = zip(present, values, strict=True)
    return "".join(f"{name}\n{value}\n" for name, value in pairs).encode("utf-8", "surrogatepass")


@lru_cache(CERTIFICATES_KEPT)
def certificate(host: str, path: str) -> x509.Certificate:
    """Raises Refused, or OSError."""
    try:
        return x509.load_pem_x509_certificate(fetch(host, path))
    except ValueError as error:
        raise Refused("The certificate that it names cannot be read.") from error


def fetch(host: str, path: str) -> bytes:
    """A certificate of SNS. Redirects are not followed. Raises Refused, or OSError."""
    tls = ssl.create_default_context()
    connection = HTTPSConnection(host, timeout=PATIENCE_SECONDS, context=tls)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read(LARGEST + 1)
    except HTTPException as error:
        raise ConnectionError(f"{host} did not answer: {error!r}") from error
    finally:
        connection.close()
    if response.status >= 500 or response.status == 429:
        raise ConnectionError(f"{host} answered {response.status}")
    if response.status != 200 or len(body) > LARGEST:
        raise Refused("The certificate that it names is not one of Amazon SNS's.")
    return body


def _host(topic: str) -> str:
    ending = ".cn" if topic.startswith("arn:aws-cn:") else ""
    return f"sns.{region_of(topic)}.amazonaws.com{ending}"


def _file(data: Mapping[str, Any], host: str) -> str:
    """The path of the certificate, of an address that is SNS's in the topic's region."""
    told = data.get("SigningCertURL")
    whole = f"https://{re.escape(host)}({FILE})"
    found = re.fullmatch(whole, told) if isinstance(told, str) else None
    if found is None:
        raise Refused(f"Its certificate does not lie at https://{host}.")
    return found[1]


def _check_recent(data: Mapping[str, Any], now: datetime) -> None:
    sent = reading.instant(data.get("Timestamp"))
    if sent is None:
        raise Refused("Its Timestamp is no instant.")
    if not now - OLDEST <= sent <= now + CLOCKS_DIFFER_BY:
        raise Refused("Its Timestamp is more than an hour ago, or to come: it may be replayed.")


def _signature(data: Mapping[str, Any]) -> bytes:
    told = data.get("Signature")
    try:
        return base64.b64decode(told if isinstance(told, str) else "", validate=True)
    except ValueError:
        raise Refused(ALTERED) from None


def _key(found: x509.Certificate, now: datetime) -> RSAPublicKey:
    if not found.not_valid_before_utc <= now <= found.not_valid_after_utc:
        raise Refused("The certificate that it names is out of date.")
    if not any(SIGNERS.fullmatch(name) for name in _names(found)):
        raise Refused("The certificate that it names is not of Amazon SNS.")
    key = found.public_key()
    if not isinstance(key, RSAPublicKey):
        raise Refused("The certificate that it names holds no RSA key.")
    return key


def _names(found: x509.Certificate) -> list[str]:
    common = [
        str(one.value) for one in found.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    ]
    try:
        others = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return [*common, *others.get_values_for_type(x509.DNSName)]
    except (x509.ExtensionNotFound, ValueError):
        return common
