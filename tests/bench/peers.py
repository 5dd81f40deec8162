#!/usr/bin/python3
"""The same Jacobians made by others, side by side: PyTorch, NumPy (einsum), ADOL-C.

Usage: peers.py BENCH PROGRAM EMPTY [ADOLC]; says which are not installed. One thread
each; a cell is the median of several runs, with the least and the most.
"""
import os
import statistics
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

missing = []
try:
    import numpy as np
except ImportError:
    np = None
    missing.append("NumPy")
try:
    import torch
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
except ImportError:
    torch = None
    missing.append("PyTorch")
adolc = sys.argv[4] if len(sys.argv) > 4 else None
if adolc is None:
    missing.append("ADOL-C")


def seconds(run, budget=1.0):
    """Repetitions of a run: at least 3, a small one many times between two looks."""
    run()
    loops, times, end = 1, [], time.perf_counter() + budget
    while True:
        start = time.perf_counter()
        for _ in range(loops):
            run()
        taken = time.perf_counter() - start
        if taken < 1e-3:
            loops *= 2
            continue
        times.append(taken / loops)
        if len(times) >= 3 and time.perf_counter() > end or len(times) == 41:
            return times


def cell(times):
    if not times:
        return "-"
    unit, factor = ("s", 1) if times[0] >= 1 else ("ms", 1e3) if times[0] >= 1e-3 else ("µs", 1e6)
    low, middle, high = (factor * f(times) for f in (min, statistics.median, max))
    return f"{middle:.3g} {unit} ({low:.3g} to {high:.3g})"


def with_numpy(kind, batch, n, out):
    if np is None:
        return None
    z = np.random.default_rng(1).normal(size=(batch, n))
    if kind == "linear W":
        eye = np.eye(out)
        return seconds(lambda: np.einsum("oj,ni->noji", eye, z).reshape(batch, out, -1))
    e = np.exp(z)
    s, eye = e / e.sum(1, keepdims=True), np.eye(n)
    return seconds(lambda: np.einsum("no,oi->noi", s, eye) - np.einsum("no,ni->noi", s, s))


def with_torch(kind, batch, n, out):
    """The fastest of reverse mode row by row, vectorised, and forward mode."""
    if torch is None:
        return None
    z, W = torch.randn(batch, n), torch.randn(n, out)
    f, x = (lambda w: z @ w, W) if kind == "linear W" else (lambda t: torch.softmax(t, 1).sum(0), z)
    best = None
    for options in ({}, {"vectorize": True}, {"vectorize": True, "strategy": "forward-mode"}):
        # A row at a time takes minutes, forward mode an identity of all variables.
        if (batch * n >= 1024 and not options) or (x.numel() > 4096 and "strategy" in options):
            continue
        times = seconds(lambda: torch.autograd.functional.jacobian(f, x, **options))
        if best is None or statistics.median(times) < statistics.median(best):
            best = times
    return best


def with_adolc(kind, batch, n, out):
    if adolc is None or kind != "linear W" or n > 64:
        return None
    text = subprocess.run([adolc, str(batch), str(n), str(out)], capture_output=True,
                          text=True, check=True).stdout
    return [float(word) for word in text.split()]


def ours(spec, wrt, batch):
    text = subprocess.run([sys.argv[1], sys.argv[2], sys.argv[3], "--one", spec, wrt, str(batch)],
                          capture_output=True, text=True, check=True).stdout.splitlines()
    return [[float(word) for word in line.split()] for line in text]


print("| Jacobian | batch | bytes | this library, into an array | into a new one | "
      "NumPy `einsum` | PyTorch | ADOL-C |\n|---|---|---|---|---|---|---|---|")
for kind, batch, n, out in (("linear W", 1, 3, 2), ("linear W", 8, 64, 64),
                            ("linear W", 8, 128, 128), ("linear W", 8, 256, 256),
                            ("softmax z", 8, 64, 64), ("softmax z", 8, 1024, 1024)):
    spec, wrt = (f"linear:{n}x{out}", "W") if kind == "linear W" else (f"softmax:{n}", "z")
    size = 8 * batch * out * n * (out if wrt == "W" else 1)
    into, new = ours(spec, wrt, batch)
    cells = (into, new, with_numpy(kind, batch, n, out), with_torch(kind, batch, n, out),
             with_adolc(kind, batch, n, out))
    print(f"| `{spec}`, {wrt} | {batch} | {size:,} | " + " | ".join(map(cell, cells)) + " |",
          flush=True)
print()
print("Not installed: " + ", ".join(missing) + "." if missing else "All are installed.")
