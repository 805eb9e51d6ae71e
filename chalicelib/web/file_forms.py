"""What a page's script tells of a file before it sends it, and what forms carry of files sent."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from chalicelib.domain.attachments import MOST_BYTES
from chalicelib.web.fields import Key
from chalicelib.web.forms import Form

# As `POST /uploads` answered them, with spaces between.
Uploads = Annotated[str, Field(max_length=30_000)]
UploadKey = Key


class UploadForm(Form):
    name: Annotated[str, Field(min_length=1, max_length=1_000)]
    size: Annotated[int, Field(ge=1, le=MOST_BYTES)]
    upload_key: UploadKey | None = None
