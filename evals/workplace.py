"""Where a suite works: settings, folders, an index made for it, what identifies a run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from evals.metrics.disagreements import Wanted
from evals.runner import Journal, Progress
from evals.scoring import Collection
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.wiring import Deps

PROJECT = Path(__file__).resolve().parents[1]
SEEDS_DIR = PROJECT / "seeds"
BENCH_DIR = PROJECT.parent / "shared" / "bench"


class NotAvailableError(Exception):
    """A suite cannot be run here; the message says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """What a suite may use.

    Without ``articles``, own ``cases`` are asked of the store that the settings name. ``data`` is
    the file of a suite that reads another form (SQuAD, clusters). ``limit`` takes a few cases.
    """

    settings: Settings
    out: Path
    cases: tuple[Path, ...] = ()
    articles: tuple[Path, ...] = ()
    data: Path | None = None
    with_peers: bool = True
    with_judge: bool = False
    limit: int | None = None
    seed: int = 0
    on_progress: Progress = field(default=lambda system, done, total: None)

    def journal(self, suite: str, system: str, fingerprint: str) -> Journal:
        """Where the finished cases of a system are kept."""
        shaped_by = {
            "cases": fingerprint,
            "settings": self.settings.model_dump(mode="json", exclude={"store"}),
            "program": program_fingerprint(),
            "limit": self.limit,
            "judge": self.with_judge,
            "seed": self.seed,
        }
        digest = hashlib.sha256(json.dumps(shaped_by, sort_keys=True).encode()).hexdigest()[:16]
        name = f"{suite}.{system}.jsonl".replace("/", "-").replace(" ", "-")
        return Journal(self.out / "journal" / name, digest)


@contextmanager
def indexed(place: Workplace, paths: Sequence[Path], name: str) -> Iterator[Deps]:
    """An index of its own with exactly the articles under ``paths``, open for reading.

    It is kept, and made anew only when what shapes it has changed; vectors are kept even then.
    """
    from evals.kept_vectors import KeptVectors
    from rag.pipeline import ingest
    from rag.wiring import open_deps

    folder = place.out / "stores" / name
    own = place.settings.store.model_copy(update={"path": folder, "url": None})
    settings = place.settings.model_copy(update={"store": own})
    stamp, made_with = folder / "eval-stamp", _index_stamp(settings)
    is_current = stamp.exists() and stamp.read_text(encoding="utf-8") == made_with
    with open_deps(settings, mode="write", rebuild=not is_current) as deps:
        kept = KeptVectors(deps.embedder, place.out / "vectors.db")
        ingest(
            paths,
            replace(deps, embedder=kept),
            prune=True,
            on_progress=lambda stage, done, total: place.on_progress(
                f"indexing {name}: {stage}", done, total
            ),
        )
    stamp.write_text(made_with, encoding="utf-8")
    with open_deps(settings) as deps:
        deps.store.require_articles()
        yield deps


def collection_of(deps: Deps, known: tuple[Wanted, ...] = ()) -> Collection:
    """The texts and outlets of what is indexed."""
    articles = deps.store.articles()
    return Collection(
        texts={article.article_id: article.text for article in articles},
        outlets={article.article_id: article.outlet for article in articles},
        known=known,
    )


def program_fingerprint() -> str:
    """Changes whenever a file of the program or of the evals does."""
    return _code_fingerprint("rag", "evals")


def _index_stamp(settings: Settings) -> str:
    code = _code_fingerprint("rag/ingest", "rag/index", "rag/language", "rag/data")
    shape = {"chunk": settings.chunk, "embedding": settings.embedding, "ingest": settings.ingest}
    described = {name: part.model_dump(mode="json") for name, part in shape.items()}
    return code + json.dumps(described, sort_keys=True)


@lru_cache(maxsize=4)
def _code_fingerprint(*folders: str) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.suffix in {".py", ".json", ".txt", ".yaml"} and "baselines" not in path.parts:
                digest.update(str(path.relative_to(PROJECT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
