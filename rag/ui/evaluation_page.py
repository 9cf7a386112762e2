"""The figures of a run of `rag eval` as HTML, with the charts of its own report."""

from __future__ import annotations

from evals.figures import Figure, figures_of
from evals.page.charts import Bar, shares_chart
from evals.results import RunResult, SuiteResult
from evals.table import interval, written
from rag.ui.markup import element, notice, text
from rag.ui.texts import Say, has

_SEED = 0
_HEADLINE = (
    "nugget_recall_vital",
    "quote_exists",
    "citation_recall",
    "disagreement_precision",
    "disagreement_recall",
    "false_refusal_rate",
    "recall@5",
    "support_accuracy",
    "briefing_nugget_recall_vital",
    "obeyed_rate",
    "latency_p50",
)
"""What is shown large, where a suite has it."""


def evaluation_html(run: RunResult, made: str, say: Say) -> str:
    """All suites of a run; ``made`` says when."""
    about = run.about
    line = say(
        "evaluation.made",
        made,
        about.get("version", "?"),
        about.get("model", "?"),
        about.get("total_seconds", "?"),
    )
    parts = [element("p", text(line), class_="facts")]
    if not run.is_complete:
        parts.append(notice(text(say("evaluation.partial")), "warning"))
    parts += [_suite(suite, say) for suite in run.suites]
    return element("div", "".join(parts), class_="evaluation")


def _suite(suite: SuiteResult, say: Say) -> str:
    head = element("h3", text(say("evaluation.suite", suite.name)))
    if not suite.is_available or not suite.systems:
        return head + notice(text(say("evaluation.unavailable", suite.reason)), "warning")
    ours, *peers = suite.systems
    figures = figures_of(ours, seed=_SEED)
    beside = [(p.name, {f.metric.name: f for f in figures_of(p, seed=_SEED)}) for p in peers]
    counts = say(
        "evaluation.case_counts", *(ours.count(s) for s in ("scored", "unscored", "failed"))
    )
    chart = shares_chart(
        say("evaluation.chart", suite.name),
        [_bar(figure, say, beside) for figure in figures if figure.metric.unit == "share"],
    )
    others = "".join(f" · × {name}" for name, _ in beside)
    legend = element("p", text(say("evaluation.legend", ours.name, others)), class_="facts")
    scrolled = element("div", chart, class_="scroll", tabindex=0, role="group",
                       aria_label=say("evaluation.chart", suite.name))  # fmt: skip
    table = element(
        "div", _table(figures, beside, say), class_="scroll", tabindex=0, role="group",
        aria_label=say("evaluation.numbers"),
    )  # fmt: skip
    return element(
        "section",
        head
        + element("p", text(counts), class_="facts")
        + _headline(figures, say)
        + _folded(say("evaluation.charted"), scrolled + legend, is_open=True)
        + _folded(say("evaluation.numbers"), table),
        class_="suite",
    )


def _headline(figures: list[Figure], say: Say) -> str:
    by_name = {figure.metric.name: figure for figure in figures}
    cells = [_large(by_name[name], say) for name in _HEADLINE if name in by_name]
    return element("dl", "".join(cells), class_="headline") if cells else ""


def _large(figure: Figure, say: Say) -> str:
    found = figure.estimate
    notes = [say("evaluation.of_cases", found.n)]
    if found.low is not None and found.high is not None and found.low != found.high:
        low, high = (_readable(figure, each, say) for each in (found.low, found.high))
        notes.insert(0, say("evaluation.between", low, high))
    if not figure.metric.higher_is_better:
        notes.append(say("evaluation.less_is_better"))
    return element(
        "div",
        element("dt", text(metric_name(figure.metric.name, say)))
        + element(
            "dd",
            text(_readable(figure, found.value, say)) + element("small", text(" · ".join(notes))),
        ),
    )


def _readable(figure: Figure, value: float | None, say: Say) -> str:
    if value is None or figure.metric.unit != "share":
        return written(figure.metric, value)
    return say("evaluation.percent", round(100 * value))


def metric_name(name: str, say: Say) -> str:
    """A metric in readers' words, under its own name where there are none."""
    return say(f"metric.{name}") if has(f"metric.{name}") else name


def _folded(name: str, content: str, *, is_open: bool = False) -> str:
    return element("details", element("summary", text(name)) + content, open=is_open)


def _bar(figure: Figure, say: Say, beside: list[tuple[str, dict[str, Figure]]]) -> Bar:
    return Bar(
        label=metric_name(figure.metric.name, say),
        note="" if figure.metric.higher_is_better else " ↓",
        ours=figure.estimate,
        others=tuple(
            ("peer", name, value)
            for name, figures in beside
            if figure.metric.name in figures
            and (value := figures[figure.metric.name].estimate.value) is not None
        ),
    )


def _table(figures: list[Figure], beside: list[tuple[str, dict[str, Figure]]], say: Say) -> str:
    names = [
        say(f"evaluation.{name}") for name in ("metric", "value", "cases", "unscored", "failed")
    ]
    names += [name for name, _ in beside]
    head = "".join(element("th", text(name), scope="col") for name in names)
    rows = []
    for figure in figures:
        metric = figure.metric
        cells = [
            interval(metric, figure.estimate),
            figure.estimate.n,
            figure.unscored,
            figure.failed,
            *(
                written(metric, found[metric.name].estimate.value) if metric.name in found else "–"
                for _, found in beside
            ),
        ]
        rows.append(
            element(
                "tr",
                element(
                    "th",
                    text(metric_name(metric.name, say)) + element("small", f" {text(metric.name)}"),
                    scope="row",
                    title=metric.meaning,
                )
                + "".join(element("td", text(cell), class_="n") for cell in cells),
            )
        )
    return element("table", element("thead", element("tr", head)) + element("tbody", "".join(rows)))
