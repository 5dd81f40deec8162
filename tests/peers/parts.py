#!/usr/bin/python3
"""What `show` writes in parts, read by SciPy, zarr and Dask, against the dense .npy of the
same command: every module and form, in both numberings, whole and sample by sample.
`parts.py JACOBIAN`."""
import json
import pathlib
import resource
import subprocess
import sys
import tempfile

import dask.array
import numpy as np
import scipy.sparse
import zarr

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve())
BATCH = 3


def run(*words, cwd=None):
    return subprocess.run([PROGRAM, *words], cwd=cwd, capture_output=True, text=True)


def show(folder, name, *words):
    done = run("show", *words, "-o", name, cwd=folder)
    if done.returncode != 0:
        raise SystemExit(f"{words} -o {name}: {done.stderr}")


def same(what, found, dense):
    if found.shape != dense.shape or not np.allclose(found, dense, rtol=1e-13, atol=1e-13):
        raise SystemExit(f"{what}: {found.shape} against {dense.shape}, not the same")


def compare(folder, spec, wrt, batch, form, order):
    words = [*spec.split(), "--wrt", wrt, "--batch", str(batch), "--form", form, "--order", order]
    if run("show", *words, "--format", "npy", "-o", "J.npy", cwd=folder).returncode != 0:
        return 0  # a form that the module has not
    dense = np.load(folder / "J.npy")
    what = " ".join(words)
    show(folder, "J.zarr", *words)
    same(what, zarr.open(str(folder / "J.zarr"), "r")[:], dense)
    subprocess.run(["rm", "-r", str(folder / "J.zarr")], check=True)
    if form != "batch":
        show(folder, "J.npz", *words)
        sparse = scipy.sparse.load_npz(folder / "J.npz")
        same(what, sparse.toarray(), dense)
    return 1


def compare_parts(folder):
    """Each sample by a program of its own, the last first."""
    for spec, wrt in ("linear:5x3", "W"), ("linear:5x3", "z"), ("softmax:4", "z"):
        for form in "batch", "full":
            words = [spec, "--wrt", wrt, "--batch", str(BATCH), "--form", form]
            show(folder, "J.npy", *words)
            dense = np.load(folder / "J.npy")
            for k in range(BATCH, 0, -1):
                show(folder, "P.zarr", *words, "--samples", f"{k}:{k}")
            same(f"{words} in parts", zarr.open(str(folder / "P.zarr"), "r")[:], dense)
            same(f"{words} by dask", dask.array.from_zarr(str(folder / "P.zarr")).compute(), dense)
            subprocess.run(["rm", "-r", str(folder / "P.zarr")], check=True)
            if form == "full":
                parts = []
                for k in range(1, BATCH + 1):
                    show(folder, f"{k}.npz", *words, "--samples", f"{k}:{k}")
                    parts.append(scipy.sparse.load_npz(folder / f"{k}.npz"))
                same(f"{words} stacked", scipy.sparse.vstack(parts).toarray(), dense)


def large(folder):
    """275 GB when written densely: here in 1 GB of memory and 100 MB of disk."""
    limit = 1 << 30
    words = ["linear:1024x1024", "--wrt", "W", "--batch", "32"]
    for name in "big.npz", "big.zarr":
        done = subprocess.run(
            [PROGRAM, "show", *words, "-o", name], cwd=folder, capture_output=True, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        assert done.returncode == 0, done.stderr
        path = folder / name
        size = sum(f.stat().st_size for f in path.iterdir()) if path.is_dir() else path.stat().st_size
        assert size < 100e6, f"{name}: {size} bytes"
    sparse = scipy.sparse.load_npz(folder / "big.npz")
    array = zarr.open(str(folder / "big.zarr"), "r")
    assert array.shape == (32, 1024, 1 << 20) and sparse.shape == (1 << 15, 1 << 20)
    assert sparse.nnz == 1 << 25
    row = array[31, 1000]
    assert np.count_nonzero(row) == 1024 and (sparse[[31 * 1024 + 1000], :].toarray()[0] == row).all()


def main():
    modules = json.loads(run("modules", "--format", "json").stdout)
    count = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        specs = [(m["example"], v["name"]) for m in modules for v in m["variables"]]
        own = "--define y=tanh(z*W) --size z=1x3,W=3x4"
        specs += [("linear:3x4,bias tanh linear:2 softmax", "W1"), ("linear:3x4 tanh linear:2", "z")]
        specs += [("linear:3x4 rotary", "W"), (own, "z"), (own, "W")]
        for spec, wrt in specs:
            for batch in (1, BATCH):
                for form in "matrix", "batch", "full":
                    for order in "FC":
                        count += compare(folder, spec, wrt, batch, form, order)
        compare_parts(folder)
        large(folder)
    assert count > 300, count
    print(f"{count} Jacobians as SciPy and zarr read them, in parts, and one larger than memory")


main()
