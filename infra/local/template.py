"""A CloudFormation template read as data: its short tags, parameters, conditions and functions."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ABSENT = object()
REFERENCE = re.compile(r"\$\{(!?)([^}]+)\}")

Lookup = Callable[[str, str], str]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads `!Sub x` as `{"Fn::Sub": x}`."""


def _read_tag(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    value = _read_node(loader, node)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


def _read_node(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]


_Loader.add_multi_constructor("!", _read_tag)


@cache
def read(path: Path) -> dict[str, Any]:
    """The document with every short tag in its long form."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506


class Template:
    """Resolves a template's functions; `lookup(resource, attribute)` answers Ref and GetAtt."""

    def __init__(self, document: dict[str, Any], given: Mapping[str, str], lookup: Lookup) -> None:
        declared = document.get("Parameters", {})
        defaults = {name: one["Default"] for name, one in declared.items() if "Default" in one}
        self.document = document
        self.resources: dict[str, dict[str, Any]] = document["Resources"]
        self._parameters: dict[str, Any] = defaults | dict(given) | {"AWS::NoValue": ABSENT}
        self._lookup = lookup

    def resolve(self, value: Any) -> Any:
        """The value with every function replaced by what it stands for."""
        if isinstance(value, list):
            return [one for one in map(self.resolve, value) if one is not ABSENT]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Ref" or name.startswith("Fn::"):
                return self._apply(name, argument)
        resolved = {key: self.resolve(one) for key, one in value.items()}
        return {key: one for key, one in resolved.items() if one is not ABSENT}

    def _apply(self, name: str, argument: Any) -> Any:
        if name == "Ref":
            return self._refer(argument)
        if name == "Fn::GetAtt":
            return self._lookup(argument[0], argument[1])
        if name == "Fn::Sub":
            return self._substitute(argument)
        if name == "Fn::If":
            return self.resolve(argument[1] if self.holds(argument[0]) else argument[2])
        if name == "Fn::Join":
            return argument[0].join(map(str, self.resolve(argument[1])))
        if name == "Fn::Split":
            return str(self.resolve(argument[1])).split(argument[0])
        if name == "Fn::Select":
            return self.resolve(argument[1])[int(argument[0])]
        raise ValueError(f"this reader of templates does not know {name}")

    def _refer(self, name: str) -> Any:
        if name in self._parameters:
            return self._parameters[name]
        return self._lookup(name, "Ref")

    def _substitute(self, argument: Any) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument

        def replace(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return "${" + name + "}"
            if name in own:
                return str(self.resolve(own[name]))
            resource, dot, attribute = name.partition(".")
            return str(self._lookup(resource, attribute) if dot else self._refer(name))

        return REFERENCE.sub(replace, text)

    def holds(self, condition: str) -> bool:
        """Whether a condition, given by name, is true for these parameters."""
        return self._judge(self.document["Conditions"][condition])

    def _judge(self, test: dict[str, Any]) -> bool:
        name, argument = next(iter(test.items()))
        if name == "Condition":
            return self.holds(argument)
        if name == "Fn::Equals":
            left, right = self.resolve(argument)
            return bool(str(left) == str(right))
        if name == "Fn::Not":
            return not self._judge(argument[0])
        if name in ("Fn::And", "Fn::Or"):
            return (all if name == "Fn::And" else any)(map(self._judge, argument))
        raise ValueError(f"this reader of templates does not know {name}")
