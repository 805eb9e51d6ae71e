"""One demo desk, one browser for all stories; both end before other tests begin."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.local_desk import LocalDesk
from tests.e2e.visitors import Visitors, chromium

LAST_WORDS = 6_000
MakeDesk = Callable[[str], LocalDesk]

_desks: list[LocalDesk] = []


@pytest.fixture(scope="package")
def make_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeDesk]:
    """Makes a desk of its own data directory, started, and ended with the package at the latest."""

    def make(seed: str) -> LocalDesk:
        home: Path = tmp_path_factory.mktemp("desk") / "data"
        _desks.append(LocalDesk(home, seed))
        return _desks[-1].start()

    yield make
    while _desks:
        _desks.pop().close()


@pytest.fixture(scope="package")
def desk(make_desk: MakeDesk) -> LocalDesk:
    """The demo desk that all stories share."""
    made = make_desk("demo")
    made.give_agents_room()
    return made


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def visitors(browser: Browser, desk: LocalDesk) -> Iterator[Visitors]:
    """Windows on the demo desk; no page may have made a console complain."""
    everybody = Visitors(browser, desk.base_url)
    yield everybody
    everybody.leave()
    assert not everybody.complaints


@pytest.fixture(autouse=True)
def _nothing_breaks_inside(desk: LocalDesk) -> Iterator[None]:
    """Whatever a story does, the functions' own log has no errors."""
    before = desk.marks()
    yield
    assert not desk.faults(before)


@pytest.fixture
def address() -> Callable[[str], str]:
    """Addresses that no other test writes to."""
    return lambda name: f"{name}-{next(_numbers)}@guest.example"


_numbers = count(1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A failure comes with what the runners said."""
    report = yield
    if report.failed:
        for one in _desks:
            words = (one.said() + one.logged())[-LAST_WORDS:]
            report.sections.append((f"local runner in {one.home}", words))
    return report
