"""Sixty hostile texts wherever text comes from: shown in a real browser, and never obeyed.

What they call (``evil.test``) leads to a server of the tests that counts every connection.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.chat_steps import begin_another, unfold_kept
from tests.e2e.fake_llm import speaking
from tests.e2e.view_steps import compare, field, open_view

PAYLOADS = (Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").splitlines()
QUESTION = "Wie viele Menschen starben beim Brand in Amselfeld?"
TOWNS = [
    *("Amselfeld", "Birkenau", "Dornstadt", "Eschwege", "Finkenwerd", "Grünberg"),
    *("Hainburg", "Ilmenau", "Jagstheim", "Lindau", "Kaltenbach", "Moosburg"),
    *("Neustadt", "Ottersheim", "Parkstein", "Quellheim", "Rosenau", "Steinach"),
    *("Talheim", "Ulmenau", "Vierkirchen", "Wiesental", "Zellbach", "Ahornau"),
    *("Buchen", "Distelhof", "Erlenbach", "Fichtelau", "Ginsterau", "Heidenau"),
]

# Before the page's own scripts: what is set, breaks the policy, or opens a dialog is written down.
_WATCH = """
window.found = [];
Object.defineProperty(window, 'ran', { set: () => { window.found.push('a script ran'); } });
document.addEventListener('securitypolicyviolation', (event) => {
  window.found.push(`${event.violatedDirective}: ${event.blockedURI}`);
});
"""
_FOREIGN = """
() => [...document.querySelectorAll(
  '#talk, #shelf, #source, #compare-result, #briefing-page, #collection-list, #collection-report')]
  .flatMap((place) => [...place.querySelectorAll('*')])
  .filter((each) => !each.closest('[data-testid=status-tracker]'))
  .filter((each) =>
    /^(script|iframe|object|embed|base|meta|link|style|form|img|video|audio|input|math)$/
      .test(each.localName)
    || [...each.attributes].some((a) => a.name.startsWith('on') || a.name === 'style'
      || (['href', 'src', 'srcset', 'action', 'background', 'poster', 'ping'].includes(a.name)
          && !/^https?:/.test(a.value))))
  .map((each) => each.outerHTML.slice(0, 200))
"""
_OPEN_ALL = """
async () => {
  const bodies = [];
  const pause = () => new Promise((done) => setTimeout(done, 5));
  for (const button of document.querySelectorAll('#collection-list button.title')) {
    document.querySelector('#source-body').replaceChildren();
    button.click();
    while (!document.querySelector('#source[open] #source-body .text')) await pause();
    bodies.push(document.querySelector('#source-body').innerText);
    document.querySelector('#source [data-close]').click();
  }
  return bodies;
}
"""


def rows() -> str:
    """Every payload as title, outlet, id, author, address and text; two and two contradict."""
    return "\n".join(
        json.dumps(
            {
                "article_id": f"{place} {payload}"[:200],
                "title": f"Brand in {TOWNS[place // 2 % len(TOWNS)]} {payload}",
                "source": f"Blatt {place} {payload}",
                "authors": [payload],
                "url": payload,
                "published_at": "2025-03-04",
                "text": f"Bei dem Brand in der Lagerhalle von {TOWNS[place // 2 % len(TOWNS)]} "
                f"sind am Montag {12 + place % 2 * 3} Menschen gestorben. {payload} sagte die "
                f"Polizei.\n\nNummer {place}: {payload}",
            },
            ensure_ascii=False,
        )
        for place, payload in enumerate(PAYLOADS)
    )


@pytest.fixture(scope="module")
def page(tmp_path_factory, serve_light, open_shared_page):
    """A page over an empty store, whose language model says all that is hostile."""
    said = [
        f"Das Feuer war nicht so, wie die Quelle sagt [1], und {payload} war auch dort.\n"
        for payload in PAYLOADS
    ]
    with speaking(said, pause_seconds=0.05) as url:
        server = serve_light(
            tmp_path_factory.mktemp("hostile") / "store",
            RAG_ANSWER__MIN_CONFIDENCE="0",
            RAG_ANSWER__UNSUPPORTED="show",
            RAG_LLM__URL=url,
            RAG_LLM__MODEL="<img src=http://evil.test/model onerror=window.ran=1>",
            RAG_LLM__CACHE="false",
            RAG_LLM__MAX_TOKENS="4000",
        )
        opened = open_shared_page(server.url, width=390, before=_WATCH)
        opened.on("framenavigated", lambda frame: opened.evaluate("window.found.push('went away')"))
        opened.context.on("page", lambda other: opened.evaluate("window.found.push('a window')"))
        opened.on("dialog", lambda dialog: dialog.dismiss())
        yield opened


@pytest.fixture(autouse=True)
def nothing_happened(page, outside):
    yield
    assert page.evaluate("window.found") == []
    assert page.evaluate(_FOREIGN) == []
    assert outside.seen == []
    assert page.evaluate("document.title") == "Gegenlese"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1")


def test_as_uploads_file_names_and_in_the_list_of_articles(page):
    open_view(page, "collection")
    files = [("feindlich.jsonl", rows())]
    for place, payload in enumerate(PAYLOADS):
        name = f"{place} {payload}"[:110].replace("/", "∕")
        content = f"Der Hafen von Quellheim, Kai {place}, wurde im Mai {1900 + place} gebaut."
        files.append((f"{name}.txt", content if place % 6 else ""))
    page.locator("#collection-files input[type=file]").set_input_files(
        [{"name": n, "mimeType": "text/plain", "buffer": c.encode()} for n, c in files]
    )
    page.locator("#collection-report .upload-report").wait_for()
    assert page.locator("#collection-report .upload-report > li").count() == len(files)
    assert page.locator("#collection-list tbody tr").count() == 110
    assert "onerror=" in page.locator("#collection-list").inner_text()
    page.locator("#collection-list button.remove").first.click()
    page.locator("#remove-ask p").wait_for()
    page.locator("#remove-no").click()


def test_in_the_source_drawer(page):
    bodies = page.evaluate(_OPEN_ALL)
    assert len(bodies) == 110
    assert sum("window.ran=1" in body for body in bodies) > 25


def test_in_the_cards_of_all_contradictions(page):
    compare(page, QUESTION)
    page.locator("#compare-all").click()
    page.locator("#compare-result .compared.all .card").first.wait_for()
    cards = page.locator("#compare-result .card")
    assert cards.count() >= 25
    assert "window.ran=1" in page.locator("#compare-result").inner_text()


def test_in_a_briefing_and_its_topic(page):
    open_view(page, "briefing")
    field(page, "briefing-topic").fill("Brand in Amselfeld <img src=x onerror=window.ran=1>")
    page.locator("#briefing-run").click()
    page.locator("#briefing-page :is(article, .notice)").first.wait_for()
    page.locator("#briefing-run:enabled").wait_for()


def test_in_a_models_answer_while_it_is_written_and_after(page):
    open_view(page, "chat")
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#question textarea").press("Enter")
    page.locator("#talk .draft").wait_for()
    page.wait_for_function("document.querySelector('#talk .draft')?.innerText.length > 400")
    turn = page.locator("#talk .turn.done")
    turn.wait_for()
    assert "window.ran=1" in turn.locator(".answer").inner_text()
    for panel in turn.locator("details").all():
        panel.locator("summary").first.click()
    turn.locator("ul.passages li").first.wait_for()
    for chip in turn.locator("button.chip").all()[:5]:
        chip.hover()


@pytest.mark.parametrize("half", [0, 1])
def test_as_a_question_and_in_the_list_of_conversations(page, half):
    begin_another(page)
    asked = " ".join(PAYLOADS[half * 30 : half * 30 + 30])[:3900]
    page.locator("#question textarea").fill(asked)
    page.locator("#send").click()
    page.locator("#talk .turn:not(.working)").wait_for()
    page.locator("#send").wait_for()
    begin_another(page)
    unfold_kept(page)
    assert PAYLOADS[half * 30][:40] in page.locator("#shelf .reopen").first.inner_text()
