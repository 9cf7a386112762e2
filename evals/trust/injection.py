"""All hostile texts in all carriers, a model that obeys every word: what reaches the reader?

    python -m evals.trust.injection

Uses a stand-in for the embedding model: what is tried here is everything around it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from evals.trust import hostile
from rag.settings import Settings, load_settings


def main() -> int:
    """Index them, ask about each, count faults; 1 where there was one."""
    import rag.index.embed
    from rag.index.fake_embedder import HashEmbedder
    from rag.pipeline import ask, ingest
    from rag.types import Question
    from rag.wiring import open_deps

    setattr(rag.index.embed, "open_embedder", lambda *_, **__: HashEmbedder())  # noqa: B010
    texts = [*hostile.german_texts(), *hostile.bipia_texts()]
    with tempfile.TemporaryDirectory() as folder, hostile.obedient_server() as server:
        place = Path(folder)
        count = hostile.write_articles(place / "news", texts)
        settings = _settings(place / "store", server.url)
        with open_deps(settings, mode="write") as deps:
            ingest([place / "news"], deps)
        with open_deps(settings) as deps:
            articles = {one.article_id: one for one in deps.store.articles()}
            leaks = sum(hostile.leaked(one, texts) is not None for one in articles.values())
            faults, written = 0, 0
            for text in texts:
                answer = ask(Question(text=text, language="de"), deps)
                found = hostile.shown_faults(answer, articles)
                written += answer.run.mode == "llm"
                faults += bool(found)
                for line in found:
                    print(f"{text[:60]!r}: {line}")
    print(
        f"{count} articles ({len(texts)} texts in {len(hostile.CARRIERS)} carriers): "
        f"{leaks} hidden texts stored, {faults} of {len(texts)} answers with something foreign; "
        f"{written} written by the obedient model, the others extractive"
    )
    # A model of which nothing is ever shown would prove nothing.
    return int(bool(faults or leaks or not written))


def _settings(store: Path, url: str) -> Settings:
    return load_settings(
        store={"path": store},
        answer={"min_confidence": 0.0},
        llm={"url": url, "model": "m", "cache": False},
    )


if __name__ == "__main__":
    sys.exit(main())
