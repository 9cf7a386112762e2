"""The steps from one morpheme of a word to the next: the inner loops of the tagger."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

State = tuple[int, int]
Row = dict[State, float]
Step = tuple[int, float, State]
Before = dict[State, tuple[State, int]]

LEAST = -1e6
_FEW = 6


class Following:
    """The tags that may follow a state, with their chance and the state they lead to."""

    __slots__ = ("_by_tag", "open", "steps")

    def __init__(self, steps: list[Step], open_tags: Container[int]) -> None:
        self.steps = steps
        self.open = [step for step in steps if step[0] in open_tags]
        self._by_tag = {step[0]: step for step in steps}

    def among(self, tags: Mapping[int, float]) -> list[Step]:
        """Those of a few tags."""
        by_tag = self._by_tag
        found = [by_tag[tag] for tag in tags if tag in by_tag]
        # In their own order, so that sums come out to the last bit as in HanTa.
        return found if len(found) < 2 else [step for step in self.steps if step[0] in tags]


def take(row: Row, live: Sequence[tuple[float, Following]], chances: Mapping[int, float]) -> None:
    """Takes the steps that a stretch of these chances allows."""
    for so_far, after in live:
        steps = after.steps
        for tag, chance, reached in steps if len(steps) <= _FEW else after.among(chances):
            if tag in chances:
                total = so_far + chance + chances[tag]
                if total > row.get(reached, LEAST):
                    row[reached] = total


def take_best(row: Row, best: Sequence[Step], chances: Mapping[int, float]) -> None:
    """Takes ``best_steps`` for an unknown stretch of these chances."""
    for tag, so_far, reached in best:
        total = so_far + chances[tag]
        if total > row.get(reached, LEAST):
            row[reached] = total


def best_steps(live: Sequence[tuple[float, Following]]) -> list[Step]:
    """The steps that an unknown stretch may take, with the chance up to and with the step.

    Of two to one state the likelier: what is added for the stretch is the same for both.
    """
    best: dict[State, tuple[int, float]] = {}
    for so_far, after in live:
        for tag, chance, reached in after.open:
            total = so_far + chance
            if reached not in best or total > best[reached][1]:
                best[reached] = (tag, total)
    return [(tag, total, reached) for reached, (tag, total) in best.items()]


def extend(
    row: Row,
    back: dict[State, tuple[State, int]],
    start: int,
    nexts: Sequence[tuple[State, float, Sequence[Step]]],
    chances: Mapping[int, float],
) -> None:
    """Takes the steps that a stretch allows; of two to one state the likelier."""
    for state, so_far, steps in nexts:
        for tag, chance, reached in steps:
            if tag in chances:
                total = so_far + chance + chances[tag]
                if total > row.get(reached, LEAST):
                    row[reached] = total
                    back[reached] = (state, start)


def live_states(row: Row, most: int) -> list[tuple[State, float]]:
    """The states that are followed further: the best ones, and those hardly worse."""
    if len(row) <= most:
        return [(state, chance) for state, chance in row.items() if chance >= LEAST]
    least = sorted(row.values(), reverse=True)[most] - 1
    return [(state, chance) for state, chance in row.items() if chance >= least]
