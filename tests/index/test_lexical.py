import math
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.index import lexical
from rag.index.catalogue import Catalogue
from rag.index.lexical import Bm25, add_postings, rebuild_postings, remove_postings
from rag.index.schema import articles, chunks, tables
from rag.index.sqlite import SqliteDatabase

texts = st.lists(st.sampled_from(["hafen", "brand", "kahn", "kai", "tür"]), max_size=12)


class Postings:
    """The lexical tables alone, holding chunks of given terms."""

    def __init__(self, folder):
        self.catalogue = Catalogue(SqliteDatabase(folder), "write")
        with self.catalogue.transaction() as connection:
            tables.create_all(connection)
            row = dict.fromkeys((column.name for column in articles.c), "")
            connection.execute(articles.insert(), {**row, "article_id": "a", "signature": b""})

    def add(self, documents):
        with self.catalogue.transaction() as connection:
            for number, terms in documents.items():
                connection.execute(
                    chunks.insert(),
                    {
                        "chunk_no": number,
                        "chunk_id": str(number),
                        "article_id": "a",
                        "position": number,
                        "start_char": 0,
                        "end_char": 0,
                        "sentences": b"",
                        "terms": " ".join(terms),
                        "term_count": len(terms),
                    },
                )
            add_postings(connection, documents)

    def remove(self, documents):
        with self.catalogue.transaction() as connection:
            remove_postings(connection, documents)
            connection.execute(chunks.delete().where(chunks.c.chunk_no.in_(list(documents))))

    def rows(self):
        with self.catalogue.reading() as connection:
            query = lexical.postings.select().order_by("term", "block")
            return [tuple(row) for row in connection.execute(query)]

    def scores(self, terms):
        with self.catalogue.reading() as connection:
            return Bm25(connection).scores(connection, terms)


@pytest.fixture
def postings(tmp_path):
    made = Postings(tmp_path)
    yield made
    made.catalogue.close()


def textbook_bm25(documents, query, k1=1.2, b=0.75):
    average = sum(map(len, documents.values())) / len(documents)
    scores = {}
    for number, terms in documents.items():
        counts = Counter(terms)
        scores[number] = 0.0
        for term in set(query):
            df = sum(term in other for other in documents.values())
            idf = math.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
            norm = k1 * (1 - b + b * len(terms) / max(average, 1.0))
            scores[number] += idf * counts[term] * (k1 + 1) / (counts[term] + norm)
    return scores


@given(st.lists(texts, min_size=1, max_size=30), texts)
@settings(max_examples=40, deadline=None)
def test_scores_are_those_of_the_textbook(tmp_path_factory, documents, query):
    made = Postings(tmp_path_factory.mktemp("postings"))
    numbered = dict(enumerate(documents))
    made.add(numbered)
    scores = made.scores(query)
    made.catalogue.close()
    expected = textbook_bm25(numbered, query)
    assert all(math.isclose(scores[n], expected[n], abs_tol=1e-5) for n in numbered)


@given(st.lists(texts, min_size=2, max_size=20), st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_removed_leaves_no_trace(tmp_path_factory, monkeypatch, documents, data):
    monkeypatch.setattr(lexical, "BLOCK_SIZE", 4)
    numbered = dict(enumerate(documents))
    gone = data.draw(st.sets(st.sampled_from(sorted(numbered))))
    kept = {number: terms for number, terms in numbered.items() if number not in gone}
    changed, fresh = (Postings(tmp_path_factory.mktemp("postings")) for _ in range(2))
    changed.add(numbered)
    changed.remove({number: numbered[number] for number in gone})
    fresh.add(kept)
    assert changed.rows() == fresh.rows()
    with changed.catalogue.transaction() as connection:
        rebuild_postings(connection)
    assert changed.rows() == fresh.rows()
    changed.catalogue.close()
    fresh.catalogue.close()


def test_adding_in_steps_is_adding_at_once(postings, tmp_path, monkeypatch):
    monkeypatch.setattr(lexical, "BLOCK_SIZE", 2)
    documents = {number: ["hafen", "kai"][: number % 3] for number in range(9)}
    for number, terms in documents.items():
        postings.add({number: terms})
    (tmp_path / "other").mkdir()
    at_once = Postings(tmp_path / "other")
    at_once.add(documents)
    assert postings.rows() == at_once.rows()
    assert {block for _, block, _, _ in postings.rows()} == {0, 1, 2, 3, 4}
    at_once.catalogue.close()


def test_unknown_terms_and_an_empty_store_score_nothing(postings):
    assert postings.scores(["hafen"]).size == 0
    postings.add({0: ["hafen"]})
    assert postings.scores(["brand"]).tolist() == [0.0]
    assert postings.scores([]).tolist() == [0.0]


def test_a_word_said_twice_in_the_question_counts_once(postings):
    postings.add({0: ["hafen"], 1: ["brand"]})
    assert postings.scores(["hafen", "hafen"]).tolist() == postings.scores(["hafen"]).tolist()
