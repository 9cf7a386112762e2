"""Asks Chroma for vectors of the catalogue, in a process that may die of it.

    python -m rag.index.health STORE SERVERS_AS_JSON

Exit code 0: every sampled vector finds itself, the number is right; 1: not so, with the reason.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rag.index.store import Store


def main(store: str, servers: str) -> int:
    """The exit code; the reason goes to stdout."""
    url, catalogue_url = json.loads(servers)
    with Store.open(Path(store), mode="read", url=url, catalogue_url=catalogue_url) as opened:
        reason = opened.chroma_problem()
    if reason:
        sys.stdout.write(f"{reason}\n")
    return 1 if reason else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
