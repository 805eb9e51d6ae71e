"""How somebody on call is reached. Another way is one more function with this signature.

A channel takes a mail's subject and text and answers the id under which it went out; whatever it
raises lets the message come again. SMS and chat have no provider yet.
"""

from collections.abc import Callable

from chalicelib.adapters import mailer
from chalicelib.domain.letters import Mail

Pager = Callable[[Mail], str]

CHANNELS: dict[str, Pager] = {"mail": mailer.send}
