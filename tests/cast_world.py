"""What surrounds the cast: conference openings, answers, services, and an embedder that needs no model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from bot.model.ports import Embedder
from bot.school import knowledge_sources, retrieval, service_names
from bot.storage.conferences import Opening
from bot.storage.knowledge import Article, ArticleTranslation
from bot.storage.resources import Resource, ResourceHours
from tests.cast import Cast

_CONCEPTS = (
    "lunch almuerzo cafeteria comer غداء trưa",
    "cost costs cuesta cuestan free gratis price pay pagar",
    "start starts empieza begin entrada hours hora horario time bell timbre",
    "bus autobús camión late tarde stop parada route ruta",
    "food comida groceries pantry hungry hambre despensa alimentos",
    "rent renta evicted desalojar apartment deposit deposito",
    "doctor clinic clínica vaccines vacunas",
    "calendar calendario vacation vacaciones winter invierno holiday feriado",
    "uniform uniforme dress vestir clothes ropa",
    "dentist dentista tooth teeth muela",
)


class ConceptEmbedder:
    """Port Embedder without a model: a text is the handful of concepts its words name, in any language."""

    version = "concepts-1"
    dimension = len(_CONCEPTS) + 1

    def embed(self, texts: Sequence[str]) -> Any:
        """Unit vectors; what names no concept at all points where nothing else does."""
        return np.stack([self._vector(text) for text in texts])

    embed_passages = embed

    def _vector(self, text: str) -> Any:
        words = "".join(sign if sign.isalnum() else " " for sign in text.casefold()).split()
        counts = [float(any(word in concept.split() for word in words)) for concept in _CONCEPTS]
        vector = np.array([*counts, 0.0 if any(counts) else 1.0], dtype=np.float32)
        return vector / np.linalg.norm(vector)


_ARTICLES = (
    ("lunch-cost", "What school lunch costs", "Breakfast and lunch are free for every student this year.",
     "how much is lunch\nis lunch free", "Cuánto cuesta el almuerzo",
     "El desayuno y el almuerzo son gratis este año para cada estudiante."),
    ("school-hours", "When school starts", "School starts at 8:30 and ends at 2:45.",
     "what time does school start\nwhen is the first bell", "A qué hora empieza la escuela",
     "La escuela empieza a las 8:30 y termina a las 2:45."),
    ("late-bus", "When the bus is late", "If the bus is late, call Transportation: +1 510 555 0155.",
     "the bus is late\nwhere is the bus", "Cuando el autobús llega tarde",
     "Si el autobús llega tarde, llame a Transporte: +1 510 555 0155."),
    ("school-calendar", "School calendar", "Winter vacation is from December 21 to January 1.",
     "when is winter vacation", "Calendario escolar", "Las vacaciones de invierno son del 21 de diciembre al 1 de enero."),
    ("dress-code", "Dress code", "Students may wear what they like. There is no uniform.",
     "is there a uniform\nwhat clothes may they wear", "Código de vestir", "No hay uniforme."),
)  # fmt: skip


def index_articles(session: Session, embedder: Embedder, now: datetime) -> int:
    """Make the vectors that are missing or stale, as the tick does but in one transaction; how many articles."""
    knowledge_sources.index_texts(session)
    waiting = retrieval.stale(session, knowledge_sources.sources(session), embedder.version)
    for source in waiting:
        retrieval.store(session, retrieval.make(source, embedder), now)
    return len(waiting)


def add_articles(session: Session, now: datetime, embedder: Any = None) -> None:
    """Five answers with their Spanish, and their vectors."""
    for slug, title, text, questions, title_es, text_es in _ARTICLES:
        article = Article(slug=slug, topic="school", title=title, text=text, questions=questions,
                          source="Family handbook", link=None, checked_on=date(2026, 10, 5), version="1")  # fmt: skip
        article.translations = [
            ArticleTranslation(
                language="es", title=title_es, text=text_es, review="reviewed", source_version="1"
            )
        ]
        session.add(article)
    session.flush()
    index_articles(session, embedder or ConceptEmbedder(), now)


def add_openings(session: Session, cast: Cast, now: datetime) -> list[Opening]:
    """Three openings an afternoon, on the next three days, for every teacher and counselor."""
    made = []
    for person in cast.staff.values():
        if person.role not in {"teacher", "counselor"}:
            continue
        for day in (1, 2, 3):
            for slot in range(3):
                starts = now.replace(hour=23, minute=0) + timedelta(days=day, minutes=20 * slot)
                made.append(Opening(staff_id=person.id, starts_at=starts, ends_at=starts + timedelta(minutes=20),
                                    modes="in_person,phone,video", place="Room 12"))  # fmt: skip
    session.add_all(made)
    session.flush()
    return made


_SERVICES = (
    ("Bayside Food Pantry", "food", "active", "+1 510 555 0160", "en,es", True, date(2026, 9, 1), "94601"),
    ("Hill Street Pantry", "food", "active", "+1 510 555 0161", "en", True, date(2026, 8, 1), "94602"),
    ("Harbor Groceries", "food", "active", "+1 510 555 0162", "en,ar", False, date(2026, 7, 1), "94601"),
    ("Sunday Table", "food", "active", "+1 510 555 0163", "en,es", True, date(2026, 6, 1), "94603"),
    ("Old Mill Pantry", "food", "active", "+1 510 555 0164", "en", True, date(2023, 8, 1), "94601"),
    ("Closed Pantry", "food", "inactive", "+1 510 555 0165", "en", True, date(2026, 9, 1), "94601"),
    ("Bright Smiles", "dental", "active", "+1 510 555 0166", "en,es", True, date(2026, 9, 1), "94601"),
    ("Safe at Home", "dv", "active", "+1 510 555 0167", "en,es", True, date(2026, 9, 1), None),
)


def add_services(session: Session) -> None:
    """Eight services; the first is open on weekdays and on the first Saturday of a month."""
    for number, (name, category, status, phone, tags, free, assured, code) in enumerate(_SERVICES, 1):
        hours = [
            ResourceHours(freq="WEEKLY", byday="MO,TU,WE,TH,FR", opens_at=time(9), closes_at=time(17)),
            ResourceHours(freq="MONTHLY", byday="1SA", opens_at=time(10), closes_at=time(13)),
        ]
        session.add(
            Resource(source_id=f"svc-{number}", organization="Río Vista Helps", name=name, description="",
                     category=category, status=status, phone=phone, languages=tags, free=free, assured_on=assured,
                     address=f"{number} Example Street" if code else None, city="Río Vista", postal_code=code,
                     hours=hours if number != 3 else [])
        )  # fmt: skip
    session.flush()
    service_names.index_names(session)
