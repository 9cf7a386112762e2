"""What the machine is said to have, read from made-up system files."""

from __future__ import annotations

import pytest

from rag.index import hardware


@pytest.fixture(autouse=True)
def made_up_machine(tmp_path, monkeypatch):
    monkeypatch.setattr(hardware, "_CPU_INFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(hardware, "_CPU_TOPOLOGY", tmp_path / "cpu")
    monkeypatch.setattr(hardware, "_CGROUP_QUOTA", tmp_path / "cpu.max")
    monkeypatch.setattr(hardware, "_allowed_cpus", lambda: [0, 1, 2, 3])
    for measured in (
        hardware.usable_cores,
        hardware.computes_in_bf16,
        hardware.computes_in_int8,
    ):
        measured.cache_clear()
    yield
    for measured in (
        hardware.usable_cores,
        hardware.computes_in_bf16,
        hardware.computes_in_int8,
    ):
        measured.cache_clear()


def write_topology(folder, siblings):
    for cpu, shared in enumerate(siblings):
        path = folder / f"cpu/cpu{cpu}/topology/thread_siblings_list"
        path.parent.mkdir(parents=True)
        path.write_text(shared)


@pytest.mark.parametrize(
    ("siblings", "cores"),
    [(["0,2", "1,3", "0,2", "1,3"], 2), (["0", "1", "2", "3"], 4), ([], 4)],
    ids=["two threads a core", "one thread a core", "topology hidden"],
)
def test_threads_of_one_core_count_once(tmp_path, siblings, cores):
    write_topology(tmp_path, siblings)
    assert hardware.usable_cores() == cores


@pytest.mark.parametrize(
    ("quota", "cores"),
    [("max 100000", 4), ("200000 100000", 2), ("50000 100000", 1), ("nonsense", 4)],
)
def test_a_containers_quota_limits_the_cores(tmp_path, quota, cores):
    (tmp_path / "cpu.max").write_text(quota)
    assert hardware.usable_cores() == cores


@pytest.mark.parametrize(
    ("line", "has_it"),
    [
        ("flags\t\t: fpu avx512f avx512_bf16 sha_ni", True),
        ("flags\t\t: amx_bf16 amx_tile", True),
        ("Features\t: fp asimd bf16", True),
        ("flags\t\t: fpu avx512f avx2", False),
        ("model name\t: bf16 machine", False),
    ],
)
def test_bf16_is_used_only_where_the_cpu_says_so(tmp_path, line, has_it):
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\n{line}\n")
    assert hardware.computes_in_bf16() is has_it


@pytest.mark.parametrize(
    ("flags", "has_it"),
    [("avx512_bf16 avx512_vnni", True), ("avx512_vnni", False), ("avx512_bf16", False)],
)
def test_8_bits_are_used_only_where_the_cpu_has_them_and_bf16(tmp_path, flags, has_it):
    (tmp_path / "cpuinfo").write_text(f"flags\t\t: fpu {flags}\n")
    assert hardware.computes_in_int8() is has_it


def test_a_machine_without_system_files_computes_in_fp32():
    assert hardware.computes_in_bf16() is False
