"""A briefing in the form that is asked for."""

from __future__ import annotations

import json
from typing import Literal

from rag.types import Briefing

Form = Literal["md", "html", "json", "pdf", "text"]


def export(briefing: Briefing, form: Form) -> bytes:
    """The file's bytes; all but PDF is UTF-8 text."""
    if form == "pdf":
        from rag.briefing.export_pdf import to_pdf

        return to_pdf(briefing)
    return _text(briefing, form).encode("utf-8", "replace")


def _text(briefing: Briefing, form: Form) -> str:
    from rag.briefing.export_html import to_html
    from rag.briefing.export_markdown import to_markdown
    from rag.briefing.export_text import to_json, to_text

    if form == "json":
        return json.dumps(to_json(briefing), ensure_ascii=False, indent=2) + "\n"
    return {"md": to_markdown, "html": to_html, "text": to_text}[form](briefing)
