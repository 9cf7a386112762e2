"""What the machine can compute with: cores worth using, whether bf16 and 8 bits are native."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

_CPU_INFO = Path("/proc/cpuinfo")
_CPU_TOPOLOGY = Path("/sys/devices/system/cpu")
_CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16", "bf16"})  # the last one is Arm's name
_INT8_FLAGS = frozenset({"avx512_vnni", "amx_int8"})


@lru_cache(maxsize=1)
def usable_cores() -> int:
    """Physical cores this process may run on; a container's CPU quota counts too."""
    allowed = _allowed_cpus()
    siblings = {_read(_CPU_TOPOLOGY / f"cpu{cpu}/topology/thread_siblings_list") for cpu in allowed}
    # Where the topology is hidden every processor counts as a core.
    cores = len(allowed) if "" in siblings else len(siblings)
    quota = _quota_cores()
    return max(1, min(cores, quota) if quota else cores)


@lru_cache(maxsize=1)
def computes_in_bf16() -> bool:
    """Whether the CPU multiplies bf16 natively; elsewhere bf16 is slower than fp32."""
    return not _BF16_FLAGS.isdisjoint(_cpu_flags())


@lru_cache(maxsize=1)
def computes_in_int8() -> bool:
    """Whether products of bytes are native, beside bf16 for the rest.

    Measured with both; on a CPU that has neither, bytes may overflow in between.
    """
    return computes_in_bf16() and not _INT8_FLAGS.isdisjoint(_cpu_flags())


def share_cores_politely() -> None:
    """Lets waiting OpenMP threads sleep; to be called before a library that uses it is loaded.

    By default they spin, which multiplies the time of a question by ten as soon as another
    program needs the cores, and gains nothing measurable otherwise.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def _cpu_flags() -> frozenset[str]:
    for line in _read(_CPU_INFO).splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() in {"flags", "features"}:
            return frozenset(value.split())
    return frozenset()


def _allowed_cpus() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def _quota_cores() -> int | None:
    quota, _, period = _read(_CGROUP_QUOTA).strip().partition(" ")
    if not (quota.isdigit() and period.isdigit()):
        return None
    return max(1, round(int(quota) / int(period)))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
