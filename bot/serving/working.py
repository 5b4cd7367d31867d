"""The worker's part: the model is made ready, then jobs are taken."""

from __future__ import annotations

import threading

import structlog

from bot.app import Homeline
from bot.school import need_vectors
from bot.serving.memory import settle_memory
from bot.serving.preparing import recover
from bot.serving.rehearsal import rehearse
from bot.understanding import wording

log = structlog.get_logger(__name__)


class Working:
    """Does the jobs of this process, from `start` to `stop`."""

    def __init__(self, home: Homeline) -> None:
        self._home = home
        self._stopped = threading.Event()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._begin, name="beginning")

    @property
    def model(self) -> tuple[bool, str]:
        """Whether texts can be understood here, without waiting for a model that is still being loaded."""
        return self._home.model_state() if self._begun.is_set() else (False, "is being loaded")

    def start(self) -> None:
        """Begin, in the background."""
        recover(self._home)
        self._thread.start()

    def stop(self) -> None:
        """Take nothing new, finish what has begun."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._home.engine.stop()

    def _begin(self) -> None:
        """Texts are taken in from the first moment; answering begins here. Articles without vectors are indexed
        first, because a half-made index gives wrong answers, and a made-up text is answered, because the first one
        takes long; whatever goes wrong with that, the line answers."""
        try:
            self._home.indexing.index()
            if self._home.embedder is not None:
                need_vectors.warm(self._home.embedder)
            wording.preload()
            if self._home.model_state()[0]:
                rehearse(self._home)
        except Exception as error:
            log.exception("warming_up_failed", error=type(error).__name__)
        settle_memory()
        self._begun.set()
        if not self._stopped.is_set():
            self._home.engine.start(self._home.jobs)
            log.info("works")
