from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.ingest.copies import find_copies, link_copies, signature
from rag.types import Article

WORDS = ("Rat", "Brücke", "Dienstag", "sperren", "Kosten", "Herbst", "Umweg", "Rost", "Fähre")


def _text(seed: int, words: int) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choice(WORDS) + str(chosen.randrange(99)) for _ in range(words))


def _article(
    article_id: str, text: str, day: str | None = None, origin: str | None = None
) -> Article:
    return Article(
        article_id=article_id, text=text, content_hash="h", raw_hash="r", path=f"/{article_id}",
        language="de", published_at=day, origin=origin,
    )  # fmt: skip


def _with_changes(text: str, count: int) -> str:
    words = text.split()
    for at in range(count):
        words[(at * 37 + 11) % len(words)] = f"anders{at}"
    return " ".join(words)


def test_a_copy_with_a_changed_figure_is_linked_to_the_earliest() -> None:
    text = _text(1, 90)
    links = find_copies(
        [
            _article("b", _with_changes(text, 1), "2025-05-02"),
            _article("c", text, "2025-05-01T09:00:00"),
            _article("a", text, None),
            _article("d", _text(2, 90), "2025-05-01"),
        ]
    )
    assert {key: link.duplicate_of for key, link in links.items()} == {
        "a": "c", "b": "c", "c": None, "d": None,
    }  # fmt: skip
    assert {link.origin_id for key, link in links.items() if key != "d"} == {"c"}
    assert links["a"].similarity == 1.0
    assert 0.85 < links["b"].similarity < 1.0
    assert links["d"].origin_id == "d"


def test_a_shortened_copy_is_found_by_containment() -> None:
    text = _text(3, 120)
    links = find_copies([_article("a", text), _article("b", " ".join(text.split()[:65]))])
    assert links["b"].duplicate_of == "a"


def test_a_short_shared_passage_makes_no_copy() -> None:
    shared = _text(4, 40)
    links = find_copies(
        [_article("a", f"{shared} {_text(5, 300)}"), _article("b", f"{shared} {_text(6, 300)}")]
    )
    assert links["a"].duplicate_of is links["b"].duplicate_of is None


@pytest.mark.parametrize(
    ("origin_a", "origin_b", "is_copy"),
    [("dpa", "dpa", True), ("dpa", "AFP", False), (None, None, False)],
)
def test_one_agencys_text_may_be_edited_more(
    origin_a: str | None, origin_b: str | None, is_copy: bool
) -> None:
    text = _text(7, 200)
    edited = f"{' '.join(text.split()[:90])} {_text(8, 85)}"
    links = find_copies(
        [_article("a", text, origin=origin_a), _article("b", edited, origin=origin_b)]
    )
    assert (links["b"].duplicate_of == "a") is is_copy


def test_the_same_agency_alone_makes_no_copy() -> None:
    links = find_copies(
        [_article("a", _text(9, 100), origin="dpa"), _article("b", _text(10, 100), origin="dpa")]
    )
    assert links["b"].duplicate_of is None


@pytest.mark.parametrize(("threshold", "is_copy"), [(0.6, True), (0.8, True), (0.97, False)])
def test_a_threshold_of_its_own_is_obeyed(threshold: float, is_copy: bool) -> None:
    text = _text(11, 100)
    signatures = {"a": signature(text), "b": signature(_with_changes(text, 4))}
    assert (link_copies(signatures, threshold=threshold)["b"].duplicate_of == "a") is is_copy


def test_long_texts_are_sampled_and_still_found() -> None:
    text = _text(12, 9000)
    stored = signature(text, published_at="2025-01-01")
    assert len(stored) < 5200
    links = link_copies({"a": stored, "b": signature(_with_changes(text, 90))})
    assert links["b"].duplicate_of == "a"
    assert 0.9 < links["b"].similarity < 1.0


def test_many_equal_texts_form_one_group() -> None:
    stored = signature(_text(13, 60))
    links = link_copies({f"{number:03d}": stored for number in range(100)})
    assert {link.origin_id for link in links.values()} == {"000"}


def test_texts_without_words_are_never_copies() -> None:
    links = link_copies({"a": signature(""), "b": signature("…"), "c": signature("Haas")})
    assert {link.duplicate_of for link in links.values()} == {None}


@given(st.text(max_size=120))
def test_a_signature_depends_on_the_text_alone(text: str) -> None:
    assert signature(text) == signature(text)
    assert link_copies({"a": signature(text)})["a"].origin_id == "a"
