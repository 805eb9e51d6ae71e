"""SES: mail out, as raw MIME so that every header is ours."""

from email.headerregistry import Address
from email.message import EmailMessage

from chalicelib.adapters.aws import client
from chalicelib.config import config
from chalicelib.domain.letters import Mail

# RFC 3834: automatic mail says so, and asks other machines not to answer it.
_AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def send(mail: Mail) -> str:
    """Hand a mail to SES; answers its message id there. Raises botocore's ClientError."""
    raw = {"Data": _mime(mail).as_bytes()}
    content, to = {"Raw": raw}, {"ToAddresses": [mail.to]}
    answer = client("sesv2").send_email(
        FromEmailAddress=config.mail_from, Destination=to, Content=content
    )
    return str(answer["MessageId"])


def _mime(mail: Mail) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address("Tierline", addr_spec=config.mail_from)
    message["To"] = mail.to
    message["Subject"] = mail.subject
    for name, value in {**_AUTOMATIC, **mail.headers}.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
