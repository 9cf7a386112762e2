"""HanTa's tagger with the same results in a fraction of the time.

HanTa asks for each stretch of a word and for each tag that may follow what its chance is. Here the
few tags that a stretch can have are looked up at once, and nothing is asked for the others. Chances
are added in HanTa's order, so that they are the same to the last bit; a test compares both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter

from HanTa.HanoverTagger import EMPTY, END, END_UNKNOWN, START, UNKNOWN, HanoverTagger
from numpy import logaddexp

from rag.language.tagging_steps import (
    LEAST,
    Before,
    Following,
    Row,
    State,
    best_steps,
    extend,
    live_states,
    take,
    take_best,
)

_CACHED = 50_000
_CACHED_WORDS = 100_000
_CACHED_FOR_ANOTHER_CASE = 5_000
_ALL_UNKNOWN = 4.6
_LONGEST_MEASURED = 24
_LONGEST_SUFFIX = 4
_LIVE_IN_WORD, _LIVE_IN_SENTENCE = 3, 5
_CUT_OFF = 5
_NOTHING: dict[int, float] = {}


@cache
def tagger(model: str) -> QuickTagger:
    """The tagger of a model that comes with HanTa; what it finds out about words is kept."""
    return QuickTagger(model)


class QuickTagger(HanoverTagger):  # type: ignore[misc]
    """The methods in which HanTa spends its time, written anew."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self._known: dict[str, dict[int, float]] = {}
        for tag, morphemes in self.LP_m_t.items():
            for morpheme, chance in morphemes.items():
                self._known.setdefault(morpheme, {})[tag] = chance
        # What tags morphemes may have that the model does not know, with their chance by length.
        self._open = {
            tag: [self.Int_t + self.LP_hapax_t[tag] + chance for chance in self.LP_len_t[tag]]
            for tag in self.LP_m_t
            if tag in self.LP_hapax_t and tag in self.LP_s_t
        }
        # Every state names the same followers, in one order.
        followers: Mapping[int, float] = next(iter(self.LP_trans_word.values()), {})
        self._order = {tag: place for place, tag in enumerate(followers)}
        self._all_following = self._following(lambda tag: True)
        # What is known of suffixes is known of the same ones for each of these tags.
        self._suffixes = self.LP_s_t[next(iter(self._open))]
        self._end = lru_cache(_CACHED)(self._known_end)
        self._guessed = lru_cache(_CACHED)(self._guess)
        self._by_suffix = lru_cache(_CACHED)(self._guess_by_length)
        self._towards = lru_cache(None)(self._reaching)
        # The same words come back in every article, mostly in the same letters.
        self.analyze_forward = lru_cache(_CACHED_FOR_ANOTHER_CASE)(self._parts_of_speech)
        self._could_be = lru_cache(_CACHED_WORDS)(self._possible)
        self._analyze = lru_cache(_CACHED)(super()._analyze)

    def lemma(self, word: str, part_of_speech: int) -> str:
        """What ``tag_sent`` gives beside a part of speech."""
        found: str = self._analyze(word, part_of_speech, taglevel=1)[0]
        return found

    def _parts_of_speech(self, word: str) -> list[tuple[int, float]]:
        """In place of ``analyze_forward``."""
        last: Row = {}
        for state, so_far in self._ends(word).items():
            for tag, chance in self.LP_trans_final.get(state, ()):
                total = so_far + chance
                reached = (state[1], tag)
                if total > LEAST and (reached not in last or total > last[reached]):
                    last[reached] = total
        results: dict[int, float] = {}
        for (_, tag), total in last.items():
            results[-tag] = logaddexp(results[-tag], total) if -tag in results else total
        return sorted(results.items(), key=itemgetter(1), reverse=True) or [(UNKNOWN, 0)]

    def _ends(self, word: str) -> Row:
        """The states at the end of a word, as in ``_paths``, whatever leads there."""
        if self.strict:
            return self._paths(word, self._all_following, strict=True)[0][-1]
        length = len(word)
        everything, morphemes = self._all_following, self._known
        # What an unknown stretch can be goes by its last letters: of a long one only by its end.
        long_ones = [
            self._by_suffix(word[max(0, at - _LONGEST_SUFFIX) : at]) for at in range(length + 1)
        ]
        table: list[Row] = [{(EMPTY, START): 0}, *({} for _ in word)]
        for start in range(length):
            live = [
                (so_far, everything[state])
                for state, so_far in live_states(table[start], _LIVE_IN_WORD)
                if state in everything
            ]
            to_open = best_steps(live)
            for end in range(start + 1, length + 1) if live else ():
                known = morphemes.get(word[start:end], _NOTHING)
                long = end - start
                if long <= 2 and length >= 4:
                    if known:
                        take(table[end], live, known)
                    continue
                if not known and not to_open:
                    continue
                by_length = (
                    long_ones[end]
                    if long > _LONGEST_SUFFIX
                    else self._by_suffix(word[start + 1 : end])
                )
                chances: Mapping[int, float] = by_length[min(long, _LONGEST_MEASURED)]
                if known or long == length:
                    chances = self._chances(word, start, end, known)
                    if not known.keys() <= self._open.keys():
                        take(table[end], live, chances)
                        continue
                take_best(table[end], to_open, chances)
        return table[-1]

    def analyze_viterbi(self, word: str, targetpos: int) -> list[tuple[int, int]]:
        """The morphemes of a word whose part of speech is known."""
        last: Row = {}
        for strict in (True, False):
            table, before = self._paths(word, self._towards(targetpos), strict=strict)
            ends: dict[State, State] = {}
            for state, so_far in table[-1].items():
                chance = self._final_chance(state, targetpos)
                reached = (state[1], targetpos)
                total = so_far + chance
                if total > LEAST and (reached not in last or total > last[reached]):
                    last[reached] = total
                    ends[reached] = state
            if last:
                break
        length = len(word)
        if not last or max(last.values()) == -math.inf:
            return [(UNKNOWN, length), (END_UNKNOWN, length + 1)]
        best = max(last, key=last.__getitem__)
        found = [(best[1], length + 1)]
        state, at = ends[best], length
        while at > 0:
            found.append((state[1], at))
            state, at = before[at][state]
        return found[::-1]

    def _paths(
        self, word: str, following: Mapping[State, Following], *, strict: bool
    ) -> tuple[list[Row], list[Before]]:
        """For each place in a word the states that lead there, and where they came from."""
        length = len(word)
        table: list[Row] = [{(EMPTY, START): 0}, *({} for _ in word)]
        before: list[Before] = [{} for _ in table]
        for start in range(length):
            live = [
                (state, so_far, following[state])
                for state, so_far in live_states(table[start], _LIVE_IN_WORD)
                if state in following
            ]
            if not live:
                continue
            to_open = [(state, so_far, after.open) for state, so_far, after in live if after.open]
            to_any = [(state, so_far, after.steps) for state, so_far, after in live]
            for end in range(start + 1, length + 1):
                known = self._known.get(word[start:end], _NOTHING)
                may_be_unknown = not strict and (end - start > 2 or length < 4)
                if may_be_unknown:
                    chances = self._chances(word, start, end, known)
                    nexts = to_any if known else to_open
                elif known:
                    chances = known
                    nexts = [
                        (state, so_far, steps)
                        for state, so_far, after in live
                        if (steps := after.among(known))
                    ]
                else:
                    continue
                extend(table[end], before[end], start, nexts, chances)
        return table, before

    def _chances(
        self, word: str, start: int, end: int, known: Mapping[int, float]
    ) -> Mapping[int, float]:
        """What a stretch can be that the model may not know: what ``lp_m_t`` says of each tag."""
        suffix = self._end(word[max(start + 1, end - _LONGEST_SUFFIX) : end])
        chances: dict[int, float] = self._guessed(suffix, min(end - start, _LONGEST_MEASURED))
        if end - start == len(word):
            chances = {tag: chance - _ALL_UNKNOWN for tag, chance in chances.items()}
        return {**chances, **known} if known else chances

    def _guess(self, suffix: str, length: int) -> dict[int, float]:
        """What ``lp_m_t`` says of each tag that an unknown morpheme of this length can have."""
        return {
            tag: by_length[length] + self.LP_s_t[tag][suffix]
            for tag, by_length in self._open.items()
        }

    def _guess_by_length(self, suffix: str) -> list[dict[int, float]]:
        """``_guess`` for each length."""
        known = self._end(suffix)
        return [self._guessed(known, length) for length in range(_LONGEST_MEASURED + 1)]

    def _known_end(self, suffix: str) -> str:
        """The longest end of a suffix of which the model knows something."""
        return next(suffix[at:] for at in range(len(suffix) + 1) if suffix[at:] in self._suffixes)

    def _reaching(self, part_of_speech: int) -> dict[State, Following]:
        """What can follow each state on the way to a part of speech."""
        reaching = self.reachability.get(part_of_speech, frozenset())
        return self._following(lambda tag: tag in reaching)

    def _following(self, may_follow: Callable[[int], bool]) -> dict[State, Following]:
        return {
            state: Following(steps, self._open)
            for state, followers in self.LP_trans_nonfinal.items()
            if (steps := [(tag, c, (state[1], tag)) for tag, c in followers if may_follow(tag)])
        }

    def _final_chance(self, state: State, part_of_speech: int) -> float:
        steps: Sequence[tuple[int, float]] = self.LP_trans_final.get(state, ())
        return next((chance for tag, chance in steps if tag == part_of_speech), -math.inf)

    def tag_sent_viterbi(self, sent: Sequence[str], casesensitive: bool = True) -> list[int]:
        """The parts of speech of the words of a sentence."""
        row: Row = {(EMPTY, START): 0.0}
        before: list[dict[State, State]] = []
        for place, word in enumerate(sent):
            possible = self._could_be(word, casesensitive and place > 0)
            reached: Row = {}
            back: dict[State, State] = {}
            for state, so_far in live_states(row, _LIVE_IN_SENTENCE):
                chances = self.LP_trans_word[state]
                for tag, own in possible:
                    total = so_far + chances[tag] + own
                    if total > LEAST:
                        here = (state[1], tag)
                        if here not in reached or total > reached[here]:
                            reached[here] = total
                            back[here] = state
            row = reached
            before.append(back)
        best, most = None, -math.inf
        for state, so_far in row.items():
            total = so_far + self.LP_trans_word[state].get(END, -math.inf)
            if total > most:
                best, most = state, total
        if best is None:
            raise KeyError(END)  # as HanTa does: no way through the sentence has a chance
        tags = []
        for back in reversed(before):
            tags.append(best[1])
            best = back[best]
        return tags[::-1]

    def _possible(self, word: str, casesensitive: bool) -> list[tuple[int, float]]:
        """What a word can be, in the order of the states; any where nothing is known."""
        found = dict(
            self._tag_word(word, cutoff=_CUT_OFF, casesensitive=casesensitive, conditional=True)
        )
        if not found or (len(found) == 1 and UNKNOWN in found):
            return [(tag, 0) for tag in self._order if tag != END]
        order = self._order
        return sorted(
            ((tag, chance) for tag, chance in found.items() if tag in order and tag != END),
            key=lambda each: order[each[0]],
        )
