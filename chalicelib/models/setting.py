"""The settings table: policies, integrations and the like, a kind being one partition."""

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.config import config
from chalicelib.models.base import Record, Table


class Setting(Record):
    class Meta(Table):
        table_name = config.name("settings")

    kind = UnicodeAttribute(hash_key=True)
    setting_id = UnicodeAttribute(range_key=True)
    data = JSONAttribute()

    @classmethod
    def all_of(cls, kind: str) -> "list[Setting]":
        return list(cls.query(kind))


class SettingVersion(Setting):
    """A version is written once, whoever tries to write the same number at the same time."""

    def guard(self) -> Condition:
        return Setting.setting_id.does_not_exist()
