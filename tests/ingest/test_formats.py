"""HTML and PDF through their process, as ``load_path`` reads them; hostile files among them."""

from __future__ import annotations

import io
import random
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen import canvas

from rag.ingest.clean import clean_article
from rag.ingest.load import load_path
from rag.settings import IngestSettings
from rag.types import Article, RawArticle, Rejection

pytestmark = pytest.mark.integration

PARAGRAPHS = (
    "Der Rat von Hagendorf hat am Dienstag beschlossen, die alte Brücke über die Aue zu sperren.",
    "Das teilte Bürgermeisterin Ilse Brandl nach der Sitzung mit. Die Kosten für einen Neubau "
    "liegen nach ihren Worten bei rund 3,5 Mio. Euro, das Land will die Hälfte übernehmen.",
    "„Wir haben keine Wahl“, sagte Brandl. Händler in der Innenstadt befürchten Umwege und "
    "fordern eine Behelfsbrücke, wie es sie 1998 schon einmal gegeben hatte.",
)

HIDDEN = (
    '<p style="display:none">{}</p>',
    '<p style="visibility: hidden">{}</p>',
    '<p style="font-size:0">{}</p>',
    '<p style="opacity:0">{}</p>',
    '<p style="color:#fff">{}</p>',
    '<p style="color:red;background:red">{}</p>',
    '<p style="position:absolute;left:-9999px">{}</p>',
    '<p style="text-indent: -5000px">{}</p>',
    '<p style="clip: rect(0 0 0 0)">{}</p>',
    "<p hidden>{}</p>",
    '<div aria-hidden="true"><p>{}</p></div>',
    '<p class="sr-only">{}</p>',
    '<p class="quiet">{}</p>',
    '<p id="quiet">{}</p>',
    "<template><p>{}</p></template>",
    "<noscript><p>{}</p></noscript>",
    "<!-- <p>{}</p> -->",
    '<input value="{}">',
    '<img src="x.png" alt="{}">',
    "<dialog><p>{}</p></dialog>",
    "<iframe>{}</iframe>",
    "<script>var x = '{}';</script>",
)  # fmt: skip


def _page(body: str, head: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">{head}</head><body>'
        "<nav><ul><li><a href='/'>Startseite</a></li><li><a href='/p'>Politik</a></li></ul></nav>"
        f"<article><h1>Hagendorf sperrt Brücke</h1>{text}{body}</article>"
        "<footer><a href='/i'>Impressum</a> © Ostkurier</footer></body></html>"
    )


def _pdf(pages: Sequence[Sequence[str]]) -> bytes:
    buffer = io.BytesIO()
    sheet = canvas.Canvas(buffer)
    for lines in pages:
        for at, line in enumerate(lines):
            sheet.drawString(60, 780 - 16 * at, line)
        sheet.showPage()
    sheet.save()
    return buffer.getvalue()


def _items(
    folder: Path, settings: IngestSettings | None = None
) -> tuple[dict[str, RawArticle], dict[str, Rejection]]:
    items = list(load_path(folder, settings or IngestSettings()))
    return (
        {item.article_id: item for item in items if isinstance(item, RawArticle)},
        {Path(item.path).name: item for item in items if isinstance(item, Rejection)},
    )


def _article(folder: Path) -> Article:
    articles, rejections = _items(folder)
    assert not rejections
    (raw,) = articles.values()
    return clean_article(raw)


def test_only_what_a_reader_sees_of_a_page_is_read(tmp_path: Path) -> None:
    words = [
        f"GEHEIM{number} steht hier verborgen und zählt nicht." for number in range(len(HIDDEN))
    ]
    body = "".join(form.format(word) for form, word in zip(HIDDEN, words, strict=True))
    head = "<style>.quiet, #quiet { display: none } @media print { p { display: none } }</style>"
    (tmp_path / "a.html").write_text(_page(body, head), encoding="utf-8")
    article = _article(tmp_path)
    assert article.text == "\n".join(PARAGRAPHS)
    assert article.title == "Hagendorf sperrt Brücke"


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:site_name" content="Ostkurier"><link rel="canonical" '
        'href="https://x.example/1"><meta name="author" content="Jana Moll">'
        '<meta property="article:published_time" content="2025-03-04T10:00:00+01:00">',
        '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"}, {"@type": '
        '"NewsArticle", "headline": "Hagendorf sperrt Brücke", "datePublished": '
        '"2025-03-04T10:00:00+01:00", "author": [{"name": "Jana Moll"}], "publisher": '
        '{"name": "Ostkurier"}}]}</script><meta property="og:url" content="https://x.example/1">',
    ],
    ids=["meta", "json-ld"],
)
def test_a_page_says_its_outlet_date_author_and_address(tmp_path: Path, head: str) -> None:
    (tmp_path / "a.html").write_text(_page("", head), encoding="utf-8")
    article = _article(tmp_path)
    assert (article.source, article.published_at) == ("Ostkurier", "2025-03-04T10:00:00+01:00")
    assert (article.url, article.authors) == ("https://x.example/1", ("Jana Moll",))
    assert article.language == "de"


def test_a_page_that_states_no_date_or_outlet_has_none(tmp_path: Path) -> None:
    body = "<p>Schon am 1. Mai 2019 hatte der Ostkurier über Risse berichtet.</p>"
    (tmp_path / "a.html").write_text(_page(body), encoding="utf-8")
    article = _article(tmp_path)
    assert (article.source, article.published_at, article.url) == (None, None, None)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_pages_in_other_encodings_keep_their_umlauts(tmp_path: Path, encoding: str) -> None:
    page = _page("").replace("utf-8", {"cp1252": "iso-8859-1"}.get(encoding, encoding))
    (tmp_path / "a.html").write_bytes(page.encode(encoding))
    assert _article(tmp_path).text == "\n".join(PARAGRAPHS)


def test_content_counts_more_than_the_suffix(tmp_path: Path) -> None:
    (tmp_path / "page.pdf").write_text(_page(""), encoding="utf-8")
    (tmp_path / "paper.html").write_bytes(_pdf([["Haas schwieg am Dienstag."]]))
    (tmp_path / "page.txt").write_text(_page(""), encoding="utf-8")
    (tmp_path / "noise.pdf").write_text("Nur Text.", encoding="utf-8")
    articles, rejections = _items(tmp_path)
    assert clean_article(articles["page"]).text.split("\n") == list(PARAGRAPHS)
    assert articles["paper"].text == "Haas schwieg am Dienstag."
    assert clean_article(articles["page.txt"]).text.split("\n") == list(PARAGRAPHS)
    assert rejections["noise.pdf"].reason == "it is not a PDF"


def test_lines_of_a_pdf_become_paragraphs_without_page_numbers(tmp_path: Path) -> None:
    pages = [
        [
            "Ostkurier – Lokales",
            f"Teil {number}",
            f"Der Rat von Hagendorf hat am {number}. Mai beschlossen, die alte Brü-",
            "cke über die Aue zu sperren. Das teilte Bürgermeisterin Ilse Brandl mit.",
            f"Die Kosten liegen bei {number},5 Mio. Euro.",
            f"Seite {number} von 4",
        ]
        for number in range(1, 5)
    ]
    (tmp_path / "a.pdf").write_bytes(_pdf(pages))
    lines = [line for line in _article(tmp_path).text.split("\n") if line]
    assert lines == [
        f"Der Rat von Hagendorf hat am {number}. Mai beschlossen, die alte Brücke über die Aue zu "
        f"sperren. Das teilte Bürgermeisterin Ilse Brandl mit. Die Kosten liegen bei {number},5 "
        "Mio. Euro."
        for number in range(1, 5)
    ]


def test_pages_beyond_the_limit_are_left_out_with_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(_pdf([[f"Seite mit Satz {number}."] for number in range(5)]))
    articles, _ = _items(tmp_path, IngestSettings(max_pdf_pages=2))
    assert "Satz 1" in articles["a"].text
    assert "Satz 2" not in articles["a"].text
    assert articles["a"].notes == ("5 pages: only the first 2 were read (ingest.max_pdf_pages)",)


def _encrypted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(_pdf([["Haas schwieg."]]))))
    writer.encrypt("geheim", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _object_pdf(objects: Sequence[bytes]) -> bytes:
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (size, len(body))
    )


def _stream_pdf(stream: bytes, filters: bytes) -> bytes:
    return _object_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
            b"<</Length %d/Filter%s>>stream\n%s\nendstream" % (len(stream), filters, stream),
        ]
    )


def _bomb() -> bytes:
    packer = zlib.compressobj(9)
    block = b"\x00" * 10_000_000
    return b"".join([*(packer.compress(block) for _ in range(60)), packer.flush()])


BROKEN: dict[str, Callable[[], bytes]] = {
    "noise.pdf": lambda: b"%PDF-1.4\n" + random.Random(1).randbytes(3000),
    "cut.pdf": lambda: _pdf([["Haas schwieg."] * 40] * 20)[:900],
    "blank.pdf": lambda: _pdf([[]]),
    "encrypted.pdf": _encrypted,
    "cycle.pdf": lambda: _object_pdf(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]
    ),
    "bomb.pdf": lambda: _stream_pdf(_bomb(), b"/FlateDecode"),
    "operators.pdf": lambda: _stream_pdf(
        zlib.compress(b"BT (Haas) Tj ET\n" * 2_000_000), b"/FlateDecode"
    ),
    "arrays.pdf": lambda: _object_pdf([b"<</Type/Catalog/Pages " + b"[" * 20_000 + b">>"]),
    "marked.html": lambda: b"<html><![\x00",
    "empty.html": lambda: b"<html></html>",
    "menu.html": lambda: b"<html><body><nav><a href='/'>Startseite</a></nav></body></html>",
    "deep.html": lambda: b"<html><body>" + b"<b>" * 1_000_000 + b"tief" + b"</b>" * 1_000_000,
}


def test_broken_and_hostile_files_are_rejected_and_the_rest_is_read(tmp_path: Path) -> None:
    for name, make in BROKEN.items():
        (tmp_path / name).write_bytes(make())
    (tmp_path / "zz.html").write_text(_page(""), encoding="utf-8")
    (tmp_path / "zz.pdf").write_bytes(_pdf([["Haas schwieg am Dienstag."]]))
    started = time.monotonic()
    articles, rejections = _items(tmp_path, IngestSettings(parser_seconds=10))
    assert set(articles) | {"deep", "operators"} == {"zz", "zz.pdf", "deep", "operators"}
    assert set(rejections) >= set(BROKEN) - {"deep.html", "operators.pdf"}
    for rejection in rejections.values():
        assert "\n" not in rejection.reason
        assert len(rejection.reason) < 200
    assert time.monotonic() - started < 100


def test_entities_cannot_smuggle_what_no_file_may_hold(tmp_path: Path) -> None:
    body = "<p>Das &#0;Ende &#xD800;und &#55357; und &#x1F600; der Sitzung war spät am Abend.</p>"
    (tmp_path / "a.html").write_text(_page(body), encoding="utf-8")
    text = _article(tmp_path).text
    assert "der Sitzung war spät am Abend." in text
    text.encode("utf-8")


def test_a_parser_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(_page("<p>Satz.</p>" * 200_000), encoding="utf-8")
    (tmp_path / "b.html").write_text(_page(""), encoding="utf-8")
    settings = IngestSettings(parser_seconds=0.6)
    articles, rejections = _items(tmp_path, settings)
    assert "longer than 0.6 s" in rejections["a.html"].reason
    assert list(articles) == ["b"]
