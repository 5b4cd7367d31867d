"""Find community services: three at a time."""

from __future__ import annotations

import re

from bot.actions.context import ActionContext
from bot.model.dialogue import Receipt, SlotValue
from bot.school.needs import BY_NAME
from bot.school.resources import Wanted, search
from bot.school.service_texts import service_say, services_together

NAME = "action_find_resources"
_POSTAL_CODE = re.compile(r"\d{5}")


def run(context: ActionContext) -> Receipt:
    """Finds up to three services not shown yet. Sets `services_found`, `services_more` and `services_seen`.

    `services_shown` has those that fit into one message with the question that follows; what does not is said here.
    """
    need = BY_NAME.get(str(context.slots.get("need")))
    language = context.conversation.language
    code = _POSTAL_CODE.search(context.text_slot("place") or "")
    wanted = Wanted(
        categories=need.codes if need else (),
        language=language,
        only_language=context.slots.get("only_language") is True,
        only_free=context.slots.get("only_free") is True,
        postal_code=code.group() if code else None,
        named=_keys(context, "named_services"),
    )
    seen = set(_keys(context, "services_seen"))
    found = search(context.session, wanted, seen, context.today)
    shown = seen | {service.id for service in found.services}
    slots: dict[str, SlotValue] = {
        "services_found": len(found.services),
        "services_more": found.more,
        "services_seen": ",".join(str(key) for key in sorted(shown)),
    }
    if services_together(found.services, language, context.today) is not None:
        return Receipt({**slots, "services_shown": ",".join(str(service.id) for service in found.services)})
    slots["services_shown"] = None
    return Receipt(slots, tuple(service_say(service, language, context.today) for service in found.services))


def _keys(context: ActionContext, slot: str) -> tuple[int, ...]:
    return tuple(int(key) for key in (context.text_slot(slot) or "").split(",") if key.isdigit())
