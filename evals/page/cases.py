"""The cases of a suite, one fold-out each: question, expected, answered, why points were lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.metrics.tally import Tally
from evals.page.markup import element, items, marked, text
from evals.results import CaseResult, Json

MAX_SHOWN_QUOTE = 400


def case_list(cases: Sequence[CaseResult], before: Mapping[str, CaseResult]) -> str:
    """All cases with something to look at, those that lost points first."""
    shown = [case for case in cases if case.detail or case.status != "scored"]
    ordered = sorted(shown, key=lambda case: (case.status == "scored", not case.lost))
    return "".join(_case(case, before.get(case.case_id)) for case in ordered)


def change(now: Mapping[str, Tally], then: Mapping[str, Tally]) -> str:
    """``better``, ``worse`` or ``same`` by facts held and contradictions told right."""
    step = 0.0
    for name in ("nugget_recall_vital", "disagreement_f1", "status_accuracy"):
        one, other = (run[name].value if name in run else None for run in (now, then))
        step += (one or 0.0) - (other or 0.0)
    return "same" if abs(step) < 1e-9 else ("better" if step > 0 else "worse")


def _case(case: CaseResult, then: CaseResult | None) -> str:
    states = [case.status, "lost" if case.lost else "full"]
    if then is not None:
        states.append(change(case.tallies, then.tallies))
    question = case.detail.get("question") or case.detail.get("topic") or ""
    mark = {"failed": "✗", "unscored": "–"}.get(case.status, "△" if case.lost else "✓")
    colour = "dim" if case.status == "unscored" else ("bad" if mark != "✓" else "good")
    summary = (
        f"<summary>{element('span', mark, class_=colour)} "
        f"{element('span', text(case.case_id), class_='id')} {text(question)}</summary>"
    )
    tags = "".join(element("span", text(tag), class_="tag") for tag in case.tags)
    body = [
        element("p", tags),
        element("p", text(case.reason), class_="bad") if case.reason else "",
        items(element("span", text(reason), class_="bad") for reason in case.lost),
        _history(case.detail),
        _body(case.detail, then.detail if then else {}),
        _scores(case.tallies),
    ]
    return element(
        "details",
        summary + "".join(body),
        class_="case",
        data_tags="\n".join(case.tags),
        data_state=" ".join(states),
    )


def _history(detail: Json) -> str:
    turns = detail.get("history") or []
    return element("p", "after: " + text(" → ".join(turns)), class_="dim") if turns else ""


def _body(detail: Json, before: Json) -> str:
    answer, expected = detail.get("answer"), detail.get("expected") or {}
    if not answer:
        return ""
    columns = [
        element("div", "<h3>expected</h3>" + _expected(expected)),
        element("div", "<h3>answer</h3>" + _answer(answer, expected)),
    ]
    if before.get("answer"):
        columns.append(element("div", "<h3>baseline</h3>" + _answer(before["answer"], expected)))
    return element("div", "".join(columns), class_="sides")


def _expected(expected: Json) -> str:
    nuggets = [
        f"{text(nugget['text'])} <span class=dim>{text(nugget['importance'])}</span>"
        for nugget in expected.get("nuggets", [])
    ]
    sides = [
        f"{text(one['kind'])}, {text(one['status'])}: "
        + " / ".join(text(side["value"]) for side in one["sides"])
        for one in expected.get("disagreements", [])
    ]
    quotes = [_quote(e["article_id"], e["quote"]) for e in expected.get("evidence", [])]
    return "".join(
        [
            element("p", text(expected.get("status", "")), class_="dim"),
            element("p", text(expected.get("reference_answer") or "")),
            items(nuggets),
            element("p", "disagreements:" if sides else "", class_="dim") if sides else "",
            items(sides),
            "".join(quotes),
        ]
    )


def _answer(answer: Json, expected: Json) -> str:
    wanted = [p for nugget in expected.get("nuggets", []) for p in nugget["patterns"]]
    shown = marked(answer.get("answer", ""), wanted, expected.get("must_not", []))
    found = [
        f"{text(one['kind'])}, {text(one['status'])}: {text(one['aspect'])}"
        + items(_position(position) for position in one["positions"])
        for one in answer.get("disagreements", [])
    ]
    quotes = [
        _quote(f"[{c['marker']}] {c['article_id']}", c["quote"])
        for c in answer.get("citations", [])
    ]
    return "".join(
        [
            element("p", text(answer.get("status", "")), class_="dim"),
            element("div", shown, class_="answer"),
            items(found),
            "".join(quotes),
            items(text(note) for note in answer.get("notes", [])),
        ]
    )


def _position(position: Json) -> str:
    quotes = "".join(_quote(c["article_id"], c["quote"]) for c in position["claims"])
    return f"<b>{text(position['value'])}</b>{quotes}"


def _quote(source: str, quote: str) -> str:
    short = quote if len(quote) <= MAX_SHOWN_QUOTE else quote[:MAX_SHOWN_QUOTE] + " …"
    return f"<blockquote><span class=dim>{text(source)}</span><br>{text(short)}</blockquote>"


def _scores(tallies: Mapping[str, Tally]) -> str:
    shown = [
        f"{text(name)} {value:.3g}"
        for name, tally in tallies.items()
        if (value := tally.value) is not None
    ]
    return element("p", " · ".join(shown), class_="dim")
