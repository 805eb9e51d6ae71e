"""The local cloud and the app in it, from the first check to the last write."""

import importlib
import logging
import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
from chalice.app import Chalice
from chalice.config import Config

from infra.local import emulator, files, locks, resources, seeding, shell, signed_in
from infra.local.addresses import Addresses
from infra.local.clock import LocalClock
from infra.local.exchange import Refusals
from infra.local.gateway import Gateway
from infra.local.mailbox import Mailbox
from infra.local.pumps import Place, Pumps
from infra.local.server import LocalServer
from infra.local.settings import STAGE, Settings, SetupFailed
from infra.local.steps import say, step

ROOT = Path(__file__).parents[2]
DRAINS_WITHIN = 5.0
SAVES_EVERY = 60.0


class Runner:
    """Brings everything up in order; `closing` takes down in reverse what was brought up."""

    def __init__(self, settings: Settings, closing: ExitStack) -> None:
        self._settings, self._closing = settings, closing
        self._data_dir = settings.data_dir

    def start(self) -> dict[str, Any]:
        """Answers what demo.json says, once requests are answered."""
        self._take_data_dir()
        server = self._take_port()
        self._start_emulator()
        desk, is_new = self._create_resources()
        self._load_app()
        self._pumps = self._make_pumps(desk)
        if is_new:
            self._seed()
        self._start_pumps()
        self._serve(server, Refusals(desk.gateway_responses()))
        return seeding.read_demo(self._settings)

    def stay(self) -> None:
        """Until interrupted; has the emulator write its state now and then."""
        saved_at = time.monotonic()
        while True:
            time.sleep(1)
            if not self._emulator.is_alive():
                log = self._emulator.home / "log"
                raise SetupFailed(f"The emulator ended by itself; {log} may say why.")
            if self._pumps.has_news and time.monotonic() - saved_at > SAVES_EVERY:
                self._pumps.has_news, saved_at = False, time.monotonic()
                self._emulator.save()

    def _take_data_dir(self) -> None:
        try:
            self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = locks.take(self._data_dir / "runner.lock")
        except OSError as error:
            raise SetupFailed(
                f"{self._data_dir} cannot be written: {error.strerror}. "
                "Choose another place: make run DATA_DIR=..."
            ) from error
        if lock is None:
            raise SetupFailed(
                f"Another runner uses {self._data_dir}. End that one, or choose another place "
                "and port: make run DATA_DIR=... PORT=..."
            )

    def _take_port(self) -> LocalServer:
        port = self._settings.port
        try:
            server = LocalServer(port)
        except OSError as error:
            raise SetupFailed(
                f"Port {port} cannot be used: {error.strerror}. "
                f"Choose another one: make run PORT={port + 1}"
            ) from error
        self._closing.callback(server.stop)
        return server

    def _start_emulator(self) -> None:
        with step("Starting the AWS emulator") as progress:
            found = emulator.start_or_adopt(self._data_dir, self._settings.emulator_port)
            verb = "Took over" if found.adopted else "Started"
            progress.result = f"{verb} the AWS emulator on {found.endpoint}"
        self._emulator = found
        self._closing.callback(self._stop_emulator)
        os.environ["AWS_ENDPOINT_URL"] = found.endpoint

    def _stop_emulator(self) -> None:
        with step("Writing the data and stopping the emulator"):
            self._emulator.stop()

    def _create_resources(self) -> tuple[resources.Desk, bool]:
        with step("Creating the resources of infra/resources.yaml"):
            is_new = not seeding.is_done(self._data_dir, boto3.client("cognito-idp"))
            if is_new:
                seeding.clear(self._data_dir, self._emulator.endpoint)
            desk = resources.open_desk(STAGE, public_url=self._settings.base_url)
            variables = desk.create()
            # What is empty there may be tried out from the shell: OIDC_ISSUER and the like.
            os.environ.update({k: v for k, v in variables.items() if v or k not in os.environ})
            shell.write(self._data_dir, self._emulator.endpoint, variables)
        return desk, is_new

    def _load_app(self) -> None:
        with step("Loading the app"):
            self._clock = LocalClock(self._data_dir / "clock.json")
            self._clock.before_moving = signed_in.move_along
            mail = self._data_dir / "mail.jsonl"
            self._mailbox = Mailbox(mail, self._emulator.endpoint, self._clock.now)
            session = boto3.DEFAULT_SESSION = boto3.Session()
            self._mailbox.listen(session)
            self._closing.callback(self._mailbox.collect, older_than=0)
            self._divert_output()
            self._app: Chalice = importlib.import_module("app").app
            importlib.import_module("chalicelib.adapters.clock").use(self._clock.now)
            on_disk = files.read(ROOT / ".chalice" / "config.json", {})
            self._config = Config(STAGE, config_from_disk=on_disk)

    def _divert_output(self) -> None:
        """What functions print is their log, as in Lambda; the terminal is for people."""
        sys.stdout = files.open_log(self._data_dir / "functions.log")
        runner_log = files.open_log(self._data_dir / "runner.log")
        logging.basicConfig(stream=runner_log, level=logging.WARNING, format=LOG_FORMAT)
        logging.getLogger("infra.local").setLevel(logging.INFO)
        logging.captureWarnings(True)

    def _make_pumps(self, desk: resources.Desk) -> Pumps:
        home, prefix = self._data_dir / "pumps", os.environ["RESOURCE_PREFIX"]
        return Pumps(Place(self._app, self._config, desk, prefix, home, self._clock.now))

    def _seed(self) -> None:
        seeding.seed(self._settings)
        self._pumps.skip_to_end()
        seeding.note_done(self._data_dir, os.environ["USER_POOL_ID"])
        self._emulator.save()

    def _start_pumps(self) -> None:
        self._pumps.start()
        self._closing.callback(self._stop_pumps)

    def _stop_pumps(self) -> None:
        if not self._emulator.is_alive():
            return
        with step("Finishing what the queues hold"):
            self._pumps.settle(DRAINS_WITHIN)
            kept = self._pumps.stop()
        if kept:
            say(f"[yellow]![/] {kept} records of the streams are relayed after the next start.")

    def _serve(self, server: LocalServer, refusals: Refusals) -> None:
        app = Gateway(self._app, self._config).answer
        addresses = Addresses(self._settings.port, app, self._mailbox, self._clock, self._pumps)
        server.start(addresses.respond, refusals, self._data_dir / "access.log")
        # Again, so that it goes before the pumps: nothing new comes while they finish.
        self._closing.callback(server.stop)


LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(threadName)s %(message)s"
