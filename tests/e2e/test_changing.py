"""Upload and remove in the page, and everything that programs may call: over one changing store."""

from __future__ import annotations

import json
import re

import pytest

from rag.index.lock import WriterLock
from tests.e2e.view_steps import DEICH, compare, open_view, titles, upload

MARKT = (
    "Der Wochenmarkt in Holzdorf zieht um. Ab Mai stehen die Stände auf dem Kirchplatz. "
    "Die Händler freuen sich über die neuen Anschlüsse für Strom und Wasser."
)


@pytest.fixture(scope="module")
def changing_server(tmp_path_factory, serve):
    """A page over an empty store; what Gradio keeps of uploads lies beside it."""
    folder = tmp_path_factory.mktemp("changing")
    return serve(folder / "store", GRADIO_TEMP_DIR=str(folder / "kept"))


def test_an_empty_collection_offers_the_sample_and_takes_files_with_reasons(
    changing_server, open_page, shoot
):
    page = open_page(changing_server.url)
    open_view(page, "collection")
    page.locator("#load-sample").wait_for()
    lines = upload(
        page,
        ("deich.txt", DEICH),
        ("abschrift.md", "---\nsource: Küstenblatt\n---\n" + DEICH),
        ("leer.txt", " \n"),
        ("kein.pdf", b"this is no pdf"),
        ("ticker.jsonl", json.dumps({"text": MARKT, "source": "Holzbote"}) + "\n{kaputt\n"),
    )
    assert [line.split("\n")[0].split(" ")[0].rstrip(",") for line in lines] == [
        "hinzugefügt",
        "hinzugefügt",
        "abgelehnt",
        "abgelehnt",
        "teilweise",
    ]
    # Which of the two is the original is the program's to say.
    assert ("Kopie von abschrift" in lines[0]) != ("Kopie von deich" in lines[1])
    assert "die Datei ist leer" in lines[2]
    assert "kein PDF" in lines[3]
    assert "Zeile 2" in lines[4]
    assert "kein gültiges JSON" in lines[4]
    shoot(page, "upload")
    assert len(titles(page)) == 3
    assert page.locator("#load-sample").is_hidden()
    assert page.locator("#collection-list .badge.copy").count() == 1


def test_files_of_other_kinds_are_refused_by_the_page_and_by_the_server(changing_server, open_page):
    page = open_page(changing_server.url, locale="en-US")
    open_view(page, "collection")
    page.locator("#collection-files input[type=file]").set_input_files(
        {"name": "virus.exe", "mimeType": "text/plain", "buffer": b"MZ"}
    )
    page.locator(".toast-body").wait_for()
    status = page.evaluate(
        """async () => {
          const form = new FormData();
          form.append('files', new Blob(['MZ']), 'virus.exe');
          return (await fetch('/en/gradio_api/upload', {method: 'POST', body: form})).status;
        }"""
    )
    assert status == 415


def test_a_new_article_answers_at_once_and_a_removed_one_no_more(changing_server, open_page):
    page = open_page(changing_server.url)
    upload(page, ("seehund.txt", "Ein Seehund hat sich in das Freibad von Tarnsiel verirrt. "
                  "Tierpfleger Enno Rickleffs fing ihn nach drei Stunden ein."))  # fmt: skip
    result = compare(page, "Wer fing den Seehund in Tarnsiel ein?")
    assert "Enno Rickleffs" in result.inner_text()
    open_view(page, "collection")
    row = page.locator("#collection-list tr", has_text="eehund")
    row.get_by_role("button", name="entfernen").click()
    page.locator("#remove-ask").wait_for()
    page.locator("#remove-no").click()
    page.locator("#remove-ask").wait_for(state="hidden")
    assert row.count() == 1
    row.get_by_role("button", name="entfernen").click()
    page.locator("#remove-yes").click()
    page.locator("#collection-report .notice.good").wait_for()
    row.wait_for(state="detached")
    result = compare(page, "Wer fing den Seehund in Tarnsiel ein?")
    page.locator("#compare-result", has_text="Enno Rickleffs").wait_for(state="detached")
    # Vector files aside: hnswlib writes memory there that it never filled.
    left = [
        f for f in changing_server.store.parent.rglob("*") if f.is_file() and f.suffix != ".bin"
    ]
    assert [f for f in left if b"Tarnsiel" in f.read_bytes()] == []
    assert [f for f in left if f.name == "seehund.txt"] == []


def test_while_another_process_writes_the_page_names_it_and_takes_nothing(
    changing_server, open_page
):
    page = open_page(changing_server.url)
    open_view(page, "collection")
    page.locator("#collection-list tbody tr").first.wait_for()
    before = titles(page)
    with WriterLock(changing_server.store):
        page.locator("#collection-files input[type=file]").set_input_files(
            {"name": "spaet.txt", "mimeType": "text/plain", "buffer": MARKT.encode()}
        )
        page.locator("#collection-report .notice.warning").wait_for()
    assert re.search(r"von Prozess \d+ geändert", page.locator("#collection-report").inner_text())
    assert titles(page) == before


@pytest.fixture(scope="module")
def client(changing_server):
    from gradio_client import Client

    return Client(f"{changing_server.url}/api/", verbose=False)


def test_every_endpoint_is_named_and_typed(client):
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(named) == {
        "/ask", "/search", "/compare", "/briefing", "/briefing_file", "/articles", "/article",
        "/upload", "/remove", "/verify", "/evaluation",
    }  # fmt: skip


def test_programs_upload_ask_search_compare_and_remove(client, tmp_path):
    from gradio_client import handle_file

    good, empty = tmp_path / "moor.txt", tmp_path / "nichts.txt"
    good.write_text(
        "Im Moor bei Wendisch brannten am Dienstag 12 Hektar Heide. Die Feuerwehr löschte bis zum "
        "Abend, sagte Einsatzleiterin Frauke Bohnsack.",
        encoding="utf-8",
    )
    empty.write_text(" ", encoding="utf-8")
    taken = client.predict(
        files=[handle_file(str(good)), handle_file(str(empty))], api_name="/upload"
    )
    assert [each["outcome"] for each in taken["files"]] == ["new", "rejected"]
    [article_id] = taken["files"][0]["new"]
    answer = client.predict(question="Wie viel Heide brannte bei Wendisch?", api_name="/ask")
    assert answer["status"] == "answered"
    [citation, *_] = answer["citations"]
    article = client.predict(article_id=citation["article_id"], api_name="/article")
    start, end = citation["start_char"], citation["end_char"]
    assert article["text"][start:end] == citation["quote"]
    assert "path" not in article
    found = client.predict(query="Moorbrand Wendisch", api_name="/search")
    assert found["passages"][0]["article_id"] == article_id
    matrix = client.predict(question="Wie viel Heide brannte bei Wendisch?", api_name="/compare")
    assert any(cell["article_id"] == article_id for cell in matrix["cells"])
    assert "disagreements" in client.predict(api_name="/compare")
    client.predict(article_ids=[article_id], api_name="/remove")
    left = client.predict(api_name="/articles")["articles"]
    assert article_id not in [each["article_id"] for each in left]


def test_programs_get_briefings_and_verify_them(client):
    from gradio_client import handle_file

    topic = "Deichbruch in Krummwarden"
    made = client.predict(topic=topic, length="short", api_name="/briefing")
    assert made["citations"]
    file = client.predict(
        topic=topic, length="short", language="de", form="md", api_name="/briefing_file"
    )
    verdict = client.predict(file=handle_file(file), api_name="/verify")
    assert verdict["checked"] > 0
    assert verdict["failed"] == 0
    assert client.predict(api_name="/evaluation") == {"schema": 1, "available": False}


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("/ask", {"question": " "}, "has no text"),
        ("/ask", {"question": "Wer?", "published_from": "gestern"}, "is no date"),
        ("/article", {"article_id": "nix"}, "no article 'nix'"),
        ("/remove", {"article_ids": ["nix"]}, "no article 'nix'"),
        ("/briefing", {"topic": "Zuckerrübenernte in Oberquellheim"}, ""),
        (
            "/briefing_file",
            {"topic": "x", "length": "normal", "language": "", "form": "exe"},
            "exe",
        ),
    ],
)
def test_an_expected_failure_is_one_plain_sentence(client, name, given, message):
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError) as raised:
        client.predict(**given, api_name=name)
    assert message in str(raised.value)
    assert "Traceback" not in str(raised.value)
