"""What a browser would send of a form: every field of it with its value, boxes where ticked."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.integration.browser import Page


def fields_of(page: Page, path: str, has: str = "name") -> dict[str, str]:
    """The fields of the form sent to `path` that holds a field of this name."""
    reader = _Reader()
    reader.feed(page.text)
    return next(one.values for one in reader.forms if one.path == path and has in one.names)


@dataclass
class _Form:
    path: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form(found["action"].partition("#")[0]))
            return
        name = found.get("name", "")
        if tag == "select":
            self._select = name
            self._note(name, None)
        if tag == "option" and self._select:
            first = self._select not in self.forms[-1].values
            self._note(self._select, found["value"] if first or "selected" in found else None)
        if tag == "textarea":
            self._area = name
            self._note(name, "")
        if tag == "input" and name:
            is_box = found.get("type") in ("checkbox", "radio")
            is_sent = not is_box or "checked" in found
            self._note(name, found.get("value", "") if is_sent else None)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            values = self.forms[-1].values
            values[self._area] = (values[self._area] + data).removeprefix("\n")

    def _note(self, name: str, value: str | None) -> None:
        self.forms[-1].names.add(name)
        if value is not None:
            self.forms[-1].values[name] = value
