"""The API tokens table, keyed by hash: a token itself is shown once and never kept."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.config import config
from chalicelib.models.base import InstantAttribute, Record, Table


class ApiToken(Record):
    class Meta(Table):
        table_name = config.name("tokens")

    reads_consistently = False

    token_hash = UnicodeAttribute(hash_key=True)
    person_id = UnicodeAttribute()
    label = UnicodeAttribute()
    created_at = InstantAttribute()
    expires_at = InstantAttribute(null=True)
