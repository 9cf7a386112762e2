"""All conflicts of a store without a question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag.compare.near import NearSentences
from rag.compare.whole_store import compare_articles
from rag.types import Article, Disagreement

OPENING = "In Torfheim kamen am Abend Nachbarn, Feuerwehr und der Rat an der Ziegelei zusammen. "


def article(article_id: str, text: str, day: str | None = "2025-05-20") -> Article:
    return Article(
        article_id=article_id,
        text=text,
        content_hash=article_id,
        raw_hash="",
        path="",
        language="de",
        source=article_id.upper(),
        published_at=day,
    )


def conflicts(*articles: Article) -> list[Disagreement]:
    return [d for d in compare_articles(articles).disagreements if d.status == "conflict"]


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("Der Brand dauerte neun Stunden.", "Der Brand dauerte vier Stunden.", "duration"),
        (
            "Die Ziegelei wurde im Jahr 1391 erbaut und oft verkauft.",
            "Die Ziegelei wurde im Jahr 1471 erbaut und stand lange leer.",
            "date",
        ),
        (
            "Ursache des Brandes war ein Blitz, sagte die Wehr.",
            "Ursache des Brandes war ein Kabel, sagte die Wehr.",
            "cause",
        ),
    ],
)
def test_two_reports_of_one_event_that_differ_in_one_value_are_a_conflict(
    first: str, second: str, kind: str
) -> None:
    (found,) = conflicts(article("a", OPENING + first), article("b", OPENING + second))
    assert found.kind == kind
    assert {position.claims[0].article_id for position in found.positions} == {"a", "b"}


def test_every_quote_is_exact() -> None:
    one = article("a", OPENING + "Der Brand an der Ziegelei dauerte neun Stunden.")
    other = article("b", OPENING + "Der Brand an der Ziegelei dauerte vier Stunden.")
    texts = {item.article_id: item.text for item in (one, other)}
    for found in conflicts(one, other):
        for position in found.positions:
            for claim in position.claims:
                assert texts[claim.article_id][claim.start_char : claim.end_char] == claim.quote


def test_running_counts_of_two_days_are_updates() -> None:
    first = "Das Amt in Torfheim meldete 31 Neuinfektionen binnen eines Tages."
    second = "Das Amt in Torfheim meldete 45 Neuinfektionen binnen eines Tages."
    one, other = article("a", first, "2025-05-20"), article("b", second, "2025-05-21")
    assert conflicts(one, other) == []
    statuses = {d.status for d in compare_articles([one, other]).disagreements}
    assert statuses <= {"update"}


def test_an_identical_article_adds_nothing() -> None:
    one = article("a", OPENING + "Der Brand an der Ziegelei dauerte neun Stunden.")
    other = article("b", OPENING + "Der Brand an der Ziegelei dauerte neun Stunden.")
    assert compare_articles([one, other]).disagreements == ()


def test_a_person_whom_one_report_puts_in_another_party_is_a_conflict() -> None:
    texts = [
        "Der Antrag kam von Ina Strothmann (SPD) und fand eine Mehrheit.",
        "Dagegen sprach Ina Strothmann (SPD) im Ausschuss am Montag.",
        "Lange redete Ina Strothmann (CDU) über den Haushalt des Kreises.",
    ]
    (found,) = conflicts(*(article(f"a{n}", text) for n, text in enumerate(texts)))
    assert {position.value for position in found.positions} == {"SPD", "CDU"}


def test_two_persons_of_one_name_are_none() -> None:
    texts = [
        "Im Rat von Torfheim sprach Ina Strothmann (SPD) als Letzte.",
        "Den Pokal des Vereins in Hagenow überreichte Ina Strothmann (CDU).",
    ]
    assert conflicts(*(article(f"a{n}", text) for n, text in enumerate(texts))) == []


def test_only_sentences_of_a_few_days_are_compared_but_undated_ones_with_all() -> None:
    def days_of(*days: str | None) -> Iterator[tuple[str, str]]:
        articles = [
            article(f"a{n}", "Der Wolf riss bei Torfheim in der Nacht zwölf Schafe.", day)
            for n, day in enumerate(days)
        ]
        for pair in NearSentences(articles).pairs(days=4, least=0.2):
            yield pair.first.article.article_id, pair.second.article.article_id

    assert list(days_of("2025-05-01", "2025-05-20")) == []
    assert list(days_of("2025-05-18", "2025-05-20")) == [("a0", "a1")]
    assert list(days_of("2025-05-01", None)) == [("a0", "a1")]


def test_an_empty_store_has_no_conflicts() -> None:
    assert compare_articles([]).disagreements == ()
