"""The wiring: the one module that knows every part. Each part is built when it is first asked for."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property

import structlog
from flask import current_app

from bot.actions.registry import discover as discover_actions
from bot.channels.registry import discover as discover_channels
from bot.channels.twilio.errors import OUR_FAULTS
from bot.console.line import OutboxLine
from bot.console.services import ConsoleServices
from bot.conversation.engine import Engine
from bot.conversation.loading import FlowSet, load_flows
from bot.conversing import Action, Conversing
from bot.development import with_development_account
from bot.district import policy_of, secret_key_of
from bot.environment import load_settings, missing_folder
from bot.inbox.landing import TAKE_TURN
from bot.jobs.asking import ASK_CARRIER, Asking
from bot.jobs.broadcasting import Broadcasting
from bot.jobs.clock import SystemClock
from bot.jobs.engines import Engine as JobEngine
from bot.jobs.engines import Jobs, engine_for
from bot.jobs.indexing import INDEX_KNOWLEDGE, Indexing
from bot.jobs.work import Work
from bot.journey import Journey
from bot.model.errors import BadModel, BadSetting
from bot.model.ports import Channel, Clock, Embedder, JobQueue
from bot.outbox.broadcast_wording import PhrasebookWording
from bot.outbox.lanes import LANES, Lanes, Pace
from bot.outbox.phrasebook import Phrasebook
from bot.outbox.precedence import Precedence
from bot.outbox.queueing import SEND_BULK, SEND_DELIVERY, Queueing
from bot.outbox.sending import Sender, SendingRules
from bot.school.cases import Promise
from bot.school.policy import Policy
from bot.school.resting import district_rest
from bot.school.trial import Trial
from bot.settings import ROOT, Settings
from bot.storage.session import Database
from bot.translation.registry import build_chain
from bot.understanding.embedding import shared_embedder
from bot.understanding.loading import LoadedClassifier, load_classifier
from bot.understanding.lookups import Lookups, load_lookups
from bot.understanding.splitting import load_splitter
from bot.understanding.understand import Understander

log = structlog.get_logger(__name__)
FLOWS = ROOT / "flows"
LOCALES = ROOT / "bot" / "locales"
LOOKUPS = ROOT / "nlu_data" / "lookups"
JOINING = ROOT / "nlu_data" / "joining.yml"


def settings_from_environment() -> Settings:
    """Settings from the process's environment, with `.env` beneath it."""
    return with_development_account(load_settings(dotenv=ROOT / ".env"))


class Homeline:
    """All parts of one process, wired from its settings."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or SystemClock()
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    @cached_property
    def database(self) -> Database:
        """The database, not yet connected. BadSetting where a production's file has no folder."""
        if (missing := missing_folder(self.settings)) is not None:
            raise BadSetting(missing)
        return Database(self.settings.database_url)

    @cached_property
    def engine(self) -> JobEngine:
        """What brings rows to the jobs, not yet started."""
        return engine_for(self.database)

    @property
    def queue(self) -> JobQueue:
        """Where work is put."""
        return self.engine.queue

    @cached_property
    def policy(self) -> Policy:
        """The district's choices as the school's rules want them."""
        return policy_of(self.settings, LOCALES)

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """Every channel that has an account, ready to verify and to send.

        One without is left out, so that commands work anywhere; serving families refuses to start.
        """
        values, ready = self.settings.by_environment_name(), {}
        for name, build in discover_channels().items():
            try:
                ready[name] = build(values)
            except BadSetting as error:
                log.debug("channel_without_account", channel=name, reason=str(error))
        return ready

    @cached_property
    def classifier(self) -> LoadedClassifier:
        """The intent model: embedding, else sparse, else one that says it is unavailable."""
        return load_classifier(self.settings.models, self.settings.nlu_url)

    @cached_property
    def embedder(self) -> Embedder | None:
        """The sentence embedding, None where its library cannot load."""
        try:
            return shared_embedder()
        except BadModel as error:
            log.warning("no_embedding", reason=str(error))
            return None

    @cached_property
    def lookups(self) -> Lookups:
        """Keywords and crisis words of all languages."""
        return load_lookups(LOOKUPS)

    @cached_property
    def understander(self) -> Understander:
        """Text to utterance."""
        return Understander(self.classifier, self.lookups, load_splitter(JOINING))

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """What flows may do, by name."""
        return discover_actions()

    @cached_property
    def flows(self) -> FlowSet:
        """All conversations, checked."""
        return load_flows(FLOWS, self.actions)

    @cached_property
    def phrasebook(self) -> Phrasebook:
        """The bot's words in every language."""
        settings = self.settings
        translators = build_chain(settings.translation_providers, settings.by_environment_name())
        return Phrasebook(
            self.flows.responses, LOCALES, settings.zone, translators, isolates=settings.rtl_marks
        )

    @cached_property
    def wording(self) -> PhrasebookWording:
        """How broadcasts are written and measured."""
        return PhrasebookWording(self.phrasebook)

    @cached_property
    def queueing(self) -> Queueing:
        """Says become deliveries."""
        return Queueing(self.phrasebook, self.queue, self.policy, self.settings.zone)

    @cached_property
    def conversing(self) -> Conversing:
        """Engine, actions and replies."""
        return Conversing(
            engine=Engine(self.flows),
            actions=self.actions,
            queueing=self.queueing,
            clock=self.clock,
            zone=self.settings.zone,
            policy=self.policy,
            embedder=self.embedder,
            mode=self.settings.mode,
        )

    @cached_property
    def journey(self) -> Journey:
        """The story of one message."""
        return Journey(
            database=self.database,
            clock=self.clock,
            owner=self.owner,
            lease=timedelta(seconds=self.settings.lease_seconds),
            understander=self.understander,
            conversing=self.conversing,
        )

    @cached_property
    def sender(self) -> Sender:
        """Deliveries to the carrier."""
        settings = self.settings
        rules = SendingRules(
            rest=district_rest(self.policy, settings.zone),
            public_base_url=settings.public_base_url,
            lease=timedelta(seconds=settings.lease_seconds),
            lag=timedelta(seconds=settings.reconcile_after_seconds),
            trial=Trial.of(self.policy),
        )
        return Sender(self.database, self.channels, self.clock, self.owner, rules)

    @cached_property
    def lanes(self) -> Lanes:
        """The same for broadcasts. One lane keeps one process busy; several processes take turns at several."""
        count = 1 if self.database.embedded else LANES
        pace = Pace(self.settings.send_workers)
        return Lanes(self.database, self.sender, self.clock, pace, precedence=self.precedence, count=count)

    @cached_property
    def precedence(self) -> Precedence:
        """What goes before broadcasts in this process."""
        return Precedence()

    @cached_property
    def indexing(self) -> Indexing:
        """Makes articles findable."""
        return Indexing(self.database, self.clock, self.embedder)

    @cached_property
    def asking(self) -> Asking:
        """Looks after texts of which no report came."""
        return Asking(self.database, self.channels, self.clock, self.settings.zone)

    @property
    def jobs(self) -> Jobs:
        """What a worker does: each job takes a row's id, is safe to run twice, and names the row that follows."""
        sends, first = self.settings.send_workers, self.precedence.first
        return {
            TAKE_TURN: (first(self.journey.take_turn), self.settings.turn_workers),
            SEND_DELIVERY: (first(self.sender.send), sends),
            SEND_BULK: (self.lanes.run, 1),
            INDEX_KNOWLEDGE: (self.indexing.run, 1),
            ASK_CARRIER: (self.asking.run, 1),
        }

    @cached_property
    def work(self) -> Work:
        """All ticks."""
        return Work(
            database=self.database,
            clock=self.clock,
            sender=self.sender,
            lanes=self.lanes,
            queueing=self.queueing,
            broadcasting=Broadcasting(
                database=self.database,
                clock=self.clock,
                queueing=self.queueing,
                wording=self.wording,
                zone=self.settings.zone,
                district=self.policy.district,
            ),
            promise=Promise(self.policy, self.settings.zone),
            our_faults=OUR_FAULTS,
            asking=self.asking,
            submit=self.engine.submit,
        )

    @cached_property
    def console_services(self) -> ConsoleServices:
        """What the staff's pages work with."""
        return ConsoleServices(
            database=self.database,
            clock=self.clock,
            zone=self.settings.zone,
            policy=self.policy,
            line=OutboxLine(self.queueing, self.clock),
            locales=LOCALES,
            wording=self.wording,
        )

    @cached_property
    def secret_key(self) -> str:
        """Signs console sessions. Development makes one and keeps it beside the database."""
        return secret_key_of(self.settings)

    def model_state(self) -> tuple[bool, str]:
        """Whether texts can be understood, and by what."""
        return self.classifier.ready, self.classifier.detail

    def close(self) -> None:
        """Give the database's connections back."""
        self.database.close()


def parts() -> Homeline:
    """The parts of the running app."""
    home: Homeline = current_app.extensions["homeline"]
    return home
