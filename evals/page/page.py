"""Results → one HTML file: no font, script, style or picture from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files

from evals.catalog import BY_NAME, METRICS
from evals.figures import by_tag, figures_of, tags_of
from evals.page.cases import case_list
from evals.page.charts import Bar, shares_chart
from evals.page.markup import element, table, text
from evals.results import CaseResult, RunResult, SuiteResult
from evals.table import interval, written
from evals.uncertainty import Difference

TAGGED = ("nugget_recall_vital", "disagreement_f1", "false_alarm_rate", "recall@1")
"""Metrics shown tag by tag."""


def page(
    run: RunResult,
    baseline: RunResult | None,
    against: Mapping[str, Mapping[str, Difference]],
    *,
    seed: int = 0,
) -> str:
    """The whole page."""
    style, script = (
        (files("evals.page") / name).read_text(encoding="utf-8") for name in ("page.css", "page.js")
    )
    suites = "".join(
        _suite(suite, baseline.suite(suite.name) if baseline else None, against, seed)
        for suite in run.suites
    )
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:"
    )
    return (
        "<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
        f'<meta http-equiv="Content-Security-Policy" content="{text(policy)}">'
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        f"<title>Gegenlese: evals</title><style>{style}</style></head><body>"
        f"<h1>Gegenlese: evals</h1>{_about(run, baseline)}{suites}"
        f"<script>{script}</script></body></html>\n"
    )


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _about(run: RunResult, baseline: RunResult | None) -> str:
    about = run.about
    parts = [
        f"version {about.get('version')}, program {about.get('program')}",
        f"model {about.get('model')}",
        f"{about.get('total_seconds')} s, {about.get('peak_memory_mb')} MB at most",
        f"seed {about.get('seed')}",
    ]
    if baseline is not None:
        parts.append(f"baseline: program {baseline.about.get('program')}")
    if not run.is_complete:
        parts.append("interrupted")
    return element("p", text(" · ".join(parts)), class_="dim")


def _suite(
    suite: SuiteResult,
    then: SuiteResult | None,
    against: Mapping[str, Mapping[str, Difference]],
    seed: int,
) -> str:
    head = f"<h2>suite {text(suite.name)}</h2>"
    if not suite.is_available or not suite.systems:
        return head + element("p", "not available: " + text(suite.reason), class_="bad")
    before = {c.case_id: c for c in then.systems[0].cases} if then and then.systems else {}
    return element(
        "section",
        head
        + _chart(suite, then, seed)
        + _figures(suite, against.get(suite.name, {}), seed)
        + _tags(suite, seed)
        + _cases(suite, before),
        class_="suite",
    )


def _chart(suite: SuiteResult, then: SuiteResult | None, seed: int) -> str:
    ours, *peers = suite.systems
    others = [("peer", p.name, {f.metric.name: f for f in figures_of(p, seed=seed)}) for p in peers]
    if then and then.systems:
        past = {f.metric.name: f for f in figures_of(then.systems[0], seed=seed)}
        others.append(("then", "baseline", past))
    bars = [
        Bar(
            label=figure.metric.name,
            note="" if figure.metric.higher_is_better else " ↓",
            ours=figure.estimate,
            others=tuple(
                (kind, name, value)
                for kind, name, figures in others
                if figure.metric.name in figures
                and (value := figures[figure.metric.name].estimate.value) is not None
            ),
        )
        for figure in figures_of(ours, seed=seed)
        if figure.metric.unit == "share"
    ]
    legend = f"● {ours.name} with 95 % interval" + "".join(f" · × {name}" for _, name, _ in others)
    note = f"{legend} · ↓ less is better"
    return shares_chart(f"Figures of {suite.name}", bars) + element("p", text(note), class_="dim")


def _figures(suite: SuiteResult, against: Mapping[str, Difference], seed: int) -> str:
    ours, *peers = suite.systems
    beside = [{f.metric.name: f for f in figures_of(p, seed=seed)} for p in peers]
    head = ["metric", text(ours.name), "n", "unscored", "failed"]
    head += ["against baseline"] if against else []
    head += [text(peer.name) for peer in peers]
    rows = []
    for figure in figures_of(ours, seed=seed):
        metric = figure.metric
        row = [
            f'<span title="{text(metric.meaning)}">{text(metric.name)}</span>',
            text(interval(metric, figure.estimate)),
            str(figure.estimate.n),
            str(figure.unscored),
            str(figure.failed),
        ]
        row += [_verdict(metric.name, against)] if against else []
        row += [
            text(written(metric, f[metric.name].estimate.value)) if metric.name in f else "–"
            for f in beside
        ]
        rows.append(row)
    return table(head, rows)


def _verdict(name: str, against: Mapping[str, Difference]) -> str:
    difference = against.get(name)
    if difference is None or difference.value is None:
        return element("span", "not comparable", class_="dim")
    colour = {"better": "good", "worse": "bad"}.get(difference.verdict, "dim")
    metric = BY_NAME[name]
    sign = "+" if difference.value >= 0 else "−"
    amount = written(metric, abs(difference.value))
    return element("span", text(f"{difference.verdict} ({sign}{amount})"), class_=colour)


def _tags(suite: SuiteResult, seed: int) -> str:
    charts = []
    for metric in METRICS:
        if metric.name not in TAGGED:
            continue
        rows = by_tag(suite.systems[0], metric, seed=seed)
        bars = [
            Bar(label=tag, note=f" n {found.n}", ours=found)
            for tag, found in rows.items()
            if found.value is not None
        ]
        if len(bars) > 1:
            title = f"{metric.name} by tag"
            arrow = "" if metric.higher_is_better else " (less is better)"
            charts.append(f"<h3>{text(title + arrow)}</h3>" + shares_chart(title, bars))
    if not charts:
        return ""
    return f"<details><summary>by tag</summary>{''.join(charts)}</details>"


def _cases(suite: SuiteResult, before: Mapping[str, CaseResult]) -> str:
    ours = suite.systems[0]
    listed = case_list(ours.cases, before)
    if not listed:
        return ""
    options = "".join(f"<option>{text(tag)}</option>" for tag in tags_of(ours))
    states = ["lost", "full", "failed", "unscored", *(["better", "worse"] if before else [])]
    chosen = "".join(f"<option>{state}</option>" for state in states)
    filters = (
        f'<select data-filter=tag aria-label="tag"><option value="">all tags</option>{options}'
        f'</select><select data-filter=state aria-label="state"><option value="">all cases'
        f"</option>{chosen}</select>"
        '<input data-filter=text type=search placeholder="words" aria-label="words">'
        "<span data-count class=dim></span>"
    )
    return "<h3>cases</h3>" + element("div", filters, class_="filters") + listed
