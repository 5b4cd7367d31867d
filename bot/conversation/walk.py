"""One turn's way through the flows: the state while it changes, and how steps move it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.conversation.definitions import END, Flow, FlowSet, Step
from bot.conversation.stack import frames, groups, started
from bot.conversation.wording import compose
from bot.model.dialogue import Act, Asking, DialogueState, Frame, Request, Say, SlotValue, StepOutcome
from bot.model.errors import HomelineError

MOST_STEPS = 40
"""Steps in one turn; more means that the flows go in a circle."""

REMEMBERED = 3
"""Messages of the last turn that `repeat` says again."""


class EndlessWalk(HomelineError):
    """A turn took more steps than any turn needs."""


@dataclass
class Walk:
    """Where the turn stands. `earlier` is what the last turn said, `so_far` what this one said before its last action."""

    flow_set: FlowSet
    facts: Mapping[str, SlotValue]
    stack: list[Frame]
    slots: dict[str, SlotValue]
    asking: Asking | None
    misses: int
    steps: int = 0
    waiting: list[Request] = field(default_factory=list)
    earlier: tuple[Say, ...] = ()
    so_far: tuple[Say, ...] = ()
    said: list[Say] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    act: Act | None = None
    paused: bool = False

    @property
    def top(self) -> Frame:
        """The flow that runs."""
        return self.stack[-1]

    @property
    def flow(self) -> Flow:
        """Its definition."""
        return self.flow_set.flows[self.top.flow]

    @property
    def step(self) -> Step:
        """The step it stands at."""
        return self.flow.steps[self.top.step]

    @property
    def context(self) -> Mapping[str, SlotValue]:
        """The facts, and what the engine itself knows."""
        return {**self.facts, "can_repeat": bool(self.earlier)}

    def outcome(self) -> StepOutcome:
        """The turn's result so far."""
        said = (*self.so_far, *self.said)
        state = DialogueState(
            stack=tuple(self.stack),
            slots=dict(self.slots),
            asking=self.asking,
            misses=self.misses,
            last_said=said[-REMEMBERED:] or (() if self.act else self.earlier),
            steps=self.steps,
            waiting=tuple(self.waiting),
        )
        return StepOutcome(state, tuple(self.said), self.act, tuple(self.trail))

    def run(self) -> None:
        """Go from step to step until something is to be waited for, or nothing is left to do."""
        while self.stack and not self.paused:
            if self.top.step == END:
                self.end()
                continue
            self.steps += 1
            if self.steps > MOST_STEPS:
                raise EndlessWalk(
                    f"more than {MOST_STEPS} steps in one turn, last {self.top.flow}/{self.top.step}"
                )
            self.trail.append(f"{self.top.flow}/{self.top.step}")
            self.step.enter(self)

    # What steps do

    def say(self, *says: Say) -> None:
        """Add to what is said."""
        self.said.extend(says)

    def utter(self, *responses: str) -> None:
        """Say these responses as one message, with the buttons of the last."""
        self.say(compose(self, *responses))

    def follow(self, step: Step) -> None:
        """Go on from this step, by the first of its ways that is open. The last one, its `else`, always is."""
        context = self.context
        self.go(
            next(
                way.target
                for way in step.next
                if not way.condition or way.condition.holds(self.slots, context)
            )
        )

    def go(self, target: str) -> None:
        """Stand at another step of the flow that runs."""
        self.stack[-1] = replace(self.top, step=target)

    def push(self, flow: str, entered_by: str) -> None:
        """Run another flow; the one that runs waits beneath."""
        self.stack.append(Frame(flow, self.flow_set.flows[flow].first, entered_by))

    def link(self, flow: str) -> None:
        """End the flow that runs and run another in its place. What both know of, the other one inherits."""
        ended = self.stack.pop()
        if ended.entered_by == "call":
            self.push(flow, "call")
            return
        if started(self.stack, flow):
            self.return_to(flow)
        else:
            self.push(flow, "link")
        self.forget_slots_of(ended.flow)

    def return_to(self, flow: str) -> None:
        """Go on with a flow that waits beneath; what was started since is given up."""
        grouped = groups(self.stack)
        given_up = []
        while grouped[-1][0].flow != flow:
            given_up += grouped.pop()
        self.stack = frames(grouped)
        self.forget_slots_of(*(frame.flow for frame in given_up))

    def answered(self) -> None:
        """Note that the question at this step has been answered, for `back`."""
        others = (name for name in self.top.answered if name != self.top.step)
        self.stack[-1] = replace(self.top, answered=(*others, self.top.step))

    def await_action(self, name: str) -> None:
        """Leave the turn to the caller until the action's receipt is there."""
        self.act, self.paused = Act(name), True

    def ask(self, asking: Asking) -> None:
        """Wait for the family's answer."""
        self.asking, self.paused = asking, True

    def unset(self, *slots: str) -> None:
        """Empty slots, so that they are asked for."""
        for slot in slots:
            self.slots.pop(slot, None)

    def forget(self, *slots: str) -> None:
        """Set slots back to what they begin with."""
        for slot in slots:
            definition = self.flow_set.slots.get(slot)
            self.slots.pop(slot, None)
            if definition and definition.initial is not None:
                self.slots[slot] = definition.initial

    # How flows end

    def end(self) -> None:
        """The flow on top is over: its slots are forgotten, and what waits beneath goes on."""
        ended = self.stack.pop()
        if ended.entered_by == "call":  # what it collected belongs to its caller, until that ends
            if ended.answered:
                self.answered()
            self.follow(self.step)
            return
        self.forget_slots_of(ended.flow)
        if self.waiting and self._is_free(ended):
            self.push("pattern_next_request", "pattern")
        elif not self.stack:
            self._all_over(ended)
        elif ended.entered_by == "cancel" or (
            ended.entered_by in ("trigger", "link") and ended.flow in self.flow_set.asking
        ):
            self.push("pattern_continue_interrupted", "pattern")
        # else: the step beneath is entered again, and so its question is asked again

    def drop_all(self, *, keep_slots: bool = False) -> None:
        """Give up every flow. With `keep_slots` an action may still read what was collected, until the next flow ends."""
        self.stack.clear()
        self.waiting.clear()
        self.asking = None
        if not keep_slots:
            self.forget_all()

    def forget_slots_of(self, *flows: str) -> None:
        """Set back what these flows collected, but for what is persisted or belongs to a flow still under way."""
        if not self.stack:
            self.forget_all(*flows)
            return
        used = frozenset().union(*(self.flow_set.fills[frame.flow] for frame in self.stack))
        for flow in flows:
            self.forget(*(self.flow_set.fills[flow] - self.flow_set.keeps[flow] - used))

    def forget_all(self, *ended: str) -> None:
        """Set back all slots that no flow persists; of the flows that just ended, all they do not persist themselves."""
        kept = frozenset().union(*self.flow_set.keeps.values())
        own = frozenset().union(*(self.flow_set.fills[flow] - self.flow_set.keeps[flow] for flow in ended))
        known = {*self.slots, *self.flow_set.slots}
        self.forget(*(slot for slot in known if slot in own or slot not in kept))

    def _is_free(self, ended: Frame) -> bool:
        """Whether the next request may be taken up: nothing is open, or what is was interrupted before."""
        return not self.stack or (self.asking is None and ended.entered_by in ("trigger", "link"))

    def _all_over(self, ended: Frame) -> None:
        self.asking = None
        completed = self.flow_set.flows["pattern_completed"]
        if completed.steps and not ended.flow.startswith("pattern_"):
            self.push(completed.id, "pattern")
