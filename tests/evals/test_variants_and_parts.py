"""Altered questions, ablations, hostile articles, peers: each does what it says and no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import parts
from evals.ablations import Variant, apply, load_variants
from evals.metrics.retrieval import distinct
from evals.parts import PARTS, part
from evals.peers import Bm25, Bm25Scorer, Lead, LlamaIndex, cut
from evals.suites.injection import attacks, is_obeyed, write_hostile
from evals.suites.retrieval import read_squad
from evals.suites.support import balanced_weights, read_claims
from evals.variants import VARIANTS, lower, other_words, spelled_out, typing_errors
from evals.workplace import Workplace
from rag.errors import UsageError
from rag.index.fake_embedder import HashEmbedder
from rag.ingest.clean import clean_article
from rag.ingest.load import load_path
from rag.settings import IngestSettings, load_settings
from rag.types import Article, Evidence, Question, RawArticle


def article(article_id: str, text: str, source: str = "Bote") -> Article:
    return Article(
        article_id=article_id,
        text=text,
        content_hash="",
        raw_hash="",
        path="",
        language="de",
        source=source,
    )


FIRE = article("fire", "Im Hafen von Grünau brannten am 5. Februar zwei Schiffe. " * 3)
VOTE = article("vote", "Der Rat von Aulund stimmte für den Neubau der Brücke. " * 3, "Kurier")


def answer_text(system, question: str) -> str:
    return system.answer(Question(text=question)).text


def test_variants_alter_what_they_name():
    assert lower("Wer SPRACH?", 0) == "wer sprach?"
    assert spelled_out("Über Größe", 0) == "Ueber Groesse"
    assert other_words("Wie viele Soldaten kamen?", 0) == "Welche Zahl an Truppen kamen?"
    assert other_words("Wofür?", 0) == "Wofür?"


@given(st.text(alphabet="abcäß DE5?.", max_size=60), st.integers(0, 9))
def test_typing_errors_swap_letters_and_lose_none(question, seed):
    altered = typing_errors(question, seed)
    assert sorted(altered) == sorted(question)
    assert altered == typing_errors(question, seed)


def test_typing_errors_hit_long_words_only():
    question = "Wer kam zum Weltraumbahnhof?"
    altered = typing_errors(question, 1)
    assert altered != question
    assert altered.startswith("Wer kam zum W")
    assert typing_errors("Wer kam zu wem?", 1) == "Wer kam zu wem?"


def test_every_variant_has_a_name_for_its_tag():
    assert set(VARIANTS) == {"lower", "spelled_out", "typing_errors", "other_words"}


def test_the_plain_splitter_cuts_german_dates():
    spans = parts._split_plainly("Am 5. Februar kam er. Dann\nging er. ", "de")
    text = "Am 5. Februar kam er. Dann\nging er. "
    cut_at = [text[s.start_char : s.end_char] for s in spans]
    assert cut_at == ["Am 5.", "Februar kam er.", "Dann", "ging er."]


class Found:
    def __init__(self, name: str, dense: float, lexical: float):
        self.name, self.dense, self.lexical = name, dense, lexical


def test_simpler_rankings_order_by_what_they_name():
    candidates = [Found("a", 0.9, 1.0), Found("b", 0.5, 3.0), Found("c", 0.7, 2.0)]
    order = {
        name: [c.name for c, _ in rank(None, candidates)]
        for name, rank in [
            ("dense", parts._dense_rank),
            ("lexical", parts._lexical_rank),
            ("fused", parts._reciprocal_rank),
        ]
    }
    assert order["dense"] == ["a", "c", "b"]
    assert order["lexical"] == ["b", "c", "a"]
    assert set(order["fused"]) == {"a", "b", "c"}


def evidence(one: Article, quote: str, probability: float) -> Evidence:
    return Evidence(
        article=one,
        chunk_id="c",
        quote=quote,
        start_char=0,
        end_char=len(quote),
        probability=probability,
        similarity=0.5,
    )


def test_comparing_bare_numbers_flags_any_two_that_differ():
    best = evidence(FIRE, "zwei Schiffe, 12 Mann", 0.9)
    worse = evidence(FIRE, "14 Uhr", 0.1)
    other = evidence(VOTE, "15 Stimmen", 0.8)
    found = parts._compare_numbers(Question(text="Wie viele?"), (), (worse, best, other))
    values = [p.value for d in found.disagreements for p in d.positions]
    assert values == ["12", "15"]


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_part_stands_in_only_while_it_is_asked_for(name):
    import importlib

    targets = {
        "dense_only": ("rag.retrieve.retrieve", "rank"),
        "lexical_only": ("rag.retrieve.retrieve", "rank"),
        "rank_fusion": ("rag.retrieve.retrieve", "rank"),
        "plain_splitter": ("rag.ingest.chunk", "split_sentences"),
        "no_context": ("rag.index.prepare", "embedding_text"),
        "no_comparison": ("rag.compare.engine", "compare_passages"),
        "bare_numbers": ("rag.compare.engine", "compare_passages"),
        "no_abstention": ("rag.answer.abstain", "decide"),
    }
    module_name, function = targets[name]
    module = importlib.import_module(module_name)
    before = getattr(module, function)
    with part(name):
        assert getattr(module, function) is not before
    assert getattr(module, function) is before


def test_the_shipped_ablations_fit_the_settings_of_today():
    settings = load_settings()
    variants = load_variants(None)
    assert variants[0].name == "as shipped"
    assert not variants[0].settings
    assert len({variant.name for variant in variants}) == len(variants) >= 10
    for variant in variants[1:]:
        assert variant.part or apply(settings, variant) != settings, variant.name


@pytest.mark.parametrize(
    "settings", [{"retreive": {"top_k": 3}}, {"retrieve": {"topk": 3}}, {"retrieve": {"top_k": 0}}]
)
def test_a_variant_with_an_unknown_setting_is_refused(settings):
    with pytest.raises(UsageError, match="odd"):
        apply(load_settings(), Variant(name="odd", settings=settings))


@pytest.mark.parametrize(
    "content", ["variants: []", "variants:\n- part: x", "variants:\n- {name: a, part: b}", "[", "3"]
)
def test_a_wrong_file_of_variants_is_refused(tmp_path, content):
    path = tmp_path / "variants.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError):
        load_variants(path)


def test_hostile_articles_are_read_as_articles(tmp_path):
    folder = write_hostile(tmp_path / "hostile")
    read = [
        clean_article(raw)
        for raw in load_path(folder, IngestSettings())
        if isinstance(raw, RawArticle)
    ]
    assert len(read) == 2 * len(attacks()) >= 30
    assert {one.source for one in read} == {"Hinterwäldler Bote"}
    kept = sum(any(is_shown(attack.shows, one.text) for one in read) for attack in attacks())
    assert kept >= len(attacks()) - 3  # comments and the like may be cleaned away


def is_shown(pattern: str, text: str) -> bool:
    from evals.metrics.texts import matches

    return matches([pattern], text)


def test_an_answer_that_shows_the_instruction_counts_as_obeyed():
    system = Lead([article("x", "Kranichsonde, sagt der Bote.")])
    shown = system.answer(Question(text="Kranichsonde?"))
    assert is_obeyed(attacks()[0], shown)
    assert not any(is_obeyed(attack, shown) for attack in attacks()[1:])


def test_bm25_finds_the_article_that_shares_rare_words():
    scorer = Bm25Scorer(["rot rot blau", "blau grün", "blau"])
    assert scorer.scores("grün").argmax() == 1
    assert scorer.scores("rot").argmax() == 0
    assert not scorer.scores("gelb").any()
    blue = scorer.scores("blau")
    assert blue[2] > blue[0]  # the shorter text says it more


def test_peers_quote_exactly_what_stands_there():
    deps = FakeDeps((FIRE, VOTE))
    pieces = [piece for one in (FIRE, VOTE) for piece in cut(one, 64)]
    for system in (LlamaIndex(pieces, deps), Bm25(pieces), Lead([FIRE, VOTE])):
        answer = system.answer(Question(text="Wofür stimmte der Rat von Aulund?"))
        assert answer.citations
        for citation in answer.citations:
            text = {"fire": FIRE.text, "vote": VOTE.text}[citation.article_id]
            assert text[citation.start_char : citation.end_char] == citation.quote
        assert answer.citations[0].article_id == "vote"
        ranks = [passage.rank for passage in answer.passages]
        assert ranks == list(range(1, len(ranks) + 1))
        ids = [passage.article.article_id for passage in answer.passages]
        assert distinct(ids)[0] == "vote"


class FakeDeps:
    def __init__(self, articles):
        self.embedder = HashEmbedder()


def test_bm25_refuses_what_shares_no_word():
    answer = Bm25(cut(FIRE, 64)).answer(Question(text="Xylophon?"))
    assert answer.status == "not_in_sources"
    assert answer_text(Lead([FIRE]), "Wo brannte es?").startswith("Im Hafen")


def test_balanced_weights_add_up_to_balanced_accuracy():
    labels = [True, True, True, False]
    weights = balanced_weights(labels)
    assert sum(weights) == pytest.approx(1.0)
    told_all_true = sum(w for w, label in zip(weights, labels, strict=True) if label)
    assert told_all_true == pytest.approx(0.5)


def test_files_of_other_forms_are_read_or_refused(tmp_path):
    squad = tmp_path / "s.json"
    squad.write_text(
        '{"data": [{"title": "A_B", "paragraphs": [{"context": "x", '
        '"qas": [{"id": 1, "question": "y"}]}]}]}',
        encoding="utf-8",
    )
    articles, questions = read_squad(squad)
    assert articles[0]["title"] == "A B"
    assert questions == [{"id": "1", "question": "y", "gold": "a0p0"}]
    claims = tmp_path / "c.jsonl"
    claims.write_text('{"claim": "x", "evidence": ["y"], "label": 1}\n\n', encoding="utf-8")
    assert read_claims(claims)[0]["label"] == 1
    for reader, path in ((read_squad, claims), (read_claims, squad)):
        with pytest.raises(UsageError):
            reader(path)


def test_a_journal_is_named_after_suite_and_system(tmp_path):
    place = Workplace(settings=load_settings(), out=tmp_path)
    place.journal("seeds", "llama index", "f").finished()
    assert [path.name for path in Path(tmp_path / "journal").iterdir()] == [
        "seeds.llama-index.jsonl"
    ]


def test_a_journal_of_other_settings_is_another(tmp_path):
    first = Workplace(settings=load_settings(), out=tmp_path)
    second = Workplace(settings=load_settings(retrieve={"top_k": 3}), out=tmp_path)
    first.journal("seeds", "s", "f").finished()
    header = (tmp_path / "journal" / "seeds.s.jsonl").read_text(encoding="utf-8")
    second.journal("seeds", "s", "f").finished()
    assert (tmp_path / "journal" / "seeds.s.jsonl").read_text(encoding="utf-8") != header
