"""What an integration's tool is given: its address and its secret, made of the desk's own key.

Neither is stored. A secret that the tool made is stored sealed, and takes the place of ours.
"""

from dataclasses import replace

from chalicelib.domain.integrations import Integration
from chalicelib.services.signing import (
    HOOK_KEY,
    HOOK_SECRET,
    PASTED,
    derived,
    digest,
    seal,
    unseal,
)

GOOD_KEYS = 2  # the newest, and the one before while the tool is told of it


def address(found: Integration, base_url: str) -> str:
    """Where the tool reports to. Whoever knows it can open incidents, and read none."""
    return f"{base_url}/hooks/{found.source}/{_key(found.id, found.generation)}"


def secret(found: Integration) -> str:
    """What the tool proves itself with, or signs with."""
    return secrets(found)[0]


def secrets(found: Integration) -> tuple[str, ...]:
    """All that are good at this moment, the newest first."""
    if found.pasted:
        return (unseal(PASTED, found.pasted),)
    generations = range(found.generation, found.generation - len(found.key_hashes), -1)
    return tuple(derived(HOOK_SECRET, found.id, str(one)) for one in generations)


def with_keys(found: Integration) -> Integration:
    """A new integration, with its first key."""
    return replace(found, key_hashes=[digest(_key(found.id, found.generation))])


def renewed(found: Integration) -> Integration:
    """With a new key and secret; the ones before stay good until they are renewed again."""
    generation = found.generation + 1
    hashes = [digest(_key(found.id, generation)), *found.key_hashes][:GOOD_KEYS]
    return replace(found, generation=generation, key_hashes=hashes)


def only_newest(found: Integration) -> Integration:
    """The keys before the newest are good no more, as after a leak."""
    return replace(found, key_hashes=found.key_hashes[:1])


def with_pasted(found: Integration, text: str | None) -> Integration:
    """With a secret that the tool made; None for one of our own."""
    return replace(found, pasted=seal(PASTED, text) if text else None)


def _key(integration_id: str, generation: int) -> str:
    return derived(HOOK_KEY, integration_id, str(generation))
