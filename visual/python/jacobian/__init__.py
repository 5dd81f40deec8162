"""Explicit Jacobians of neural-network modules, from Python.

Pure Python over the installed command `jacobian`: NumPy arrays go in and come out.

>>> import jacobian
>>> jacobian.jacobian("linear:3x2", "z", W=[[1, 2], [3, 4], [5, 6]])
array([[1., 3., 5.],
       [2., 4., 6.]])
"""

import json
import os
import shutil
import subprocess
import tempfile

import numpy as np

__all__ = ["jacobian", "check", "show", "verify", "from_torch", "JacobianError", "Check", "Shown"]
__version__ = "0.1.0"


class JacobianError(ValueError):
    """What the command refused, with its one line that says what, where and what to do."""


def _program():
    program = os.environ.get("JACOBIAN") or shutil.which("jacobian")
    if program is None:
        raise JacobianError("the command jacobian is not on the PATH: install it, or set JACOBIAN")
    return program


def _run(arguments, text=None, statuses=(0,)):
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en", NO_COLOR="1")
    done = subprocess.run(
        [_program(), *arguments], input=text, capture_output=True, encoding="utf-8", env=environment
    )
    if done.returncode not in statuses:
        line = done.stderr.strip() or f"exit status {done.returncode}"
        raise JacobianError(line.removeprefix("jacobian: "))
    return done.stdout


def _specs(spec):
    """The words of a spec: "linear:3x4 tanh", or a list of specs."""
    return spec.split() if isinstance(spec, str) else list(spec)


def _common(folder, spec, wrt, batch, form, order, values):
    words = _specs(spec)
    if wrt is not None:
        words += ["--wrt", wrt]
    if batch != 1:
        words += ["--batch", str(batch)]
    if form is not None:
        words += ["--form", form]
    if order != "F":
        words += ["--order", order]
    for name, value in values.items():
        path = os.path.join(folder, f"{name}.npy")
        array = np.atleast_2d(np.asarray(value, dtype=float))
        if array.ndim == 3:  # a parameter of three dimensions is one row, in the order's numbering
            array = array.flatten(order=order)[np.newaxis]
        np.save(path, array)
        words += ["--set", f"{name}=@{path}"]
    return words


def jacobian(spec, wrt, *, batch=1, form=None, order="F", **values):
    """The explicit Jacobian as an array, in the form that `jacobian show` gives it.

    spec is that of the command ("linear:3x2", "linear:3x4 tanh linear:2"), or a list of specs;
    values are arrays by the variables' names. Raises JacobianError.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "J.npy")
        words = _common(folder, spec, wrt, batch, form, order, values)
        _run(["show", *words, "--format", "npy", "-o", path])
        return np.load(path)


class Check:
    """What a check found: true where all agrees; results holds the command's JSON."""

    def __init__(self, results, text):
        self.results = results
        self._text = text

    def __bool__(self):
        return all(result["verdict"] == "agrees" for result in self.results)

    def __repr__(self):
        return self._text


def check(J, spec, wrt=None, *, batch=1, order="F", tolerance=None, **values):
    """Holds an array against the explicit Jacobian (None: the explicit one against finite
    differences and the fast products). The shape of J tells its form."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["check", *_common(folder, spec, wrt, batch, None, order, values)]
        if J is not None:
            path = os.path.join(folder, "against.npy")
            np.save(path, np.asarray(J, dtype=float))
            words += ["--against", path]
            if tolerance is not None:
                words += ["--tolerance", repr(tolerance)]
        results = json.loads(_run([*words, "--format", "json"], statuses=(0, 1)))
        text = _run(words, statuses=(0, 1)).replace(folder + os.sep, "")
    return Check(results if isinstance(results, list) else [results], text)


class Shown:
    """A Jacobian that a notebook displays: as LaTeX, or as a picture."""

    def __init__(self, text, latex=None, svg=None):
        self.text, self.latex, self.svg = text, latex, svg

    def __repr__(self):
        return self.text

    def _repr_svg_(self):
        return self.svg

    def _repr_latex_(self):
        return self.latex


def show(spec, wrt, *, batch=1, form=None, order="F", entries="numbers", picture=False, **values):
    """The Jacobian as `jacobian show` prints it; in a notebook as a formula, with picture=True
    as a picture."""
    with tempfile.TemporaryDirectory() as folder:
        words = ["show", *_common(folder, spec, wrt, batch, form, order, values)]
        words += ["--entries", entries]
        text = _run(words)
        if picture:
            path = os.path.join(folder, "J.svg")
            _run([*words, "-o", path])
            with open(path, encoding="utf-8") as file:
                return Shown(text, svg=file.read())
        latex = _run([*words, "--format", "markdown", "--no-heading"])
        return Shown(text, latex=latex.strip())


def verify(notes):
    """The judgements of the formulas in notes, Markdown: a list of the command's objects. notes
    is a text, or the path of a file (an os.PathLike)."""
    if isinstance(notes, os.PathLike):
        return json.loads(_run(["verify", os.fspath(notes), "--format", "json"], statuses=(0, 1)))
    return json.loads(_run(["verify", "-", "--format", "json"], text=notes, statuses=(0, 1)))


_PLAIN = {
    "Tanh": "tanh", "Sigmoid": "sigmoid", "ReLU": "relu", "SiLU": "silu", "Mish": "mish",
    "SELU": "selu", "Hardswish": "hardswish", "Softsign": "softsign", "LogSigmoid": "logsigmoid",
    "Flatten": "flatten", "Identity": None,
}  # fmt: skip


def _array(tensor):
    return tensor.detach().cpu().numpy()


def _linear(m):
    weights = {"W": _array(m.weight).T}
    if m.bias is not None:
        weights["b"] = _array(m.bias)
    return f"linear:{m.in_features}x{m.out_features}" + (",bias" if m.bias is not None else ""), weights


def _over_features(name):
    def of(m):
        if m.dim not in (-1, 1):
            raise JacobianError(f"{type(m).__name__} over dimension {m.dim}: only the features are known")
        return name, {}

    return of


def _gelu(m):
    if m.approximate != "none":
        raise JacobianError("GELU(approximate='tanh'): gelu is the exact one")
    return "gelu", {}


def _softplus(m):
    if m.beta != 1:
        raise JacobianError(f"Softplus(beta={m.beta}): softplus has 1")
    return "softplus", {}


def _hardtanh(m):
    if (m.min_val, m.max_val) != (-1, 1):
        raise JacobianError(f"Hardtanh({m.min_val}, {m.max_val}): hardtanh is from -1 to 1")
    return "hardtanh", {}


def _prelu(m):
    if m.num_parameters == 1:
        raise JacobianError("PReLU with one parameter: prelu has one a feature")
    return "prelu", {"a": _array(m.weight)}


def _layer_norm(m):
    if len(m.normalized_shape) != 1 or m.eps != 1e-5 or m.weight is None or m.bias is None:
        raise JacobianError("LayerNorm: layer-norm is of one dimension, has eps 1e-5, gamma and beta")
    return "layer-norm", {"gamma": _array(m.weight), "beta": _array(m.bias)}


def _dropout(m):
    if m.training and m.p > 0:
        raise JacobianError("Dropout that is training: its mask is drawn anew; call eval()")
    return None, {}


_OWN = {
    "Linear": _linear, "Softmax": _over_features("softmax"), "LogSoftmax": _over_features("log-softmax"),
    "Softmin": _over_features("softmin"), "GELU": _gelu, "Softplus": _softplus, "Hardtanh": _hardtanh,
    "LeakyReLU": lambda m: (f"leaky-relu,slope={m.negative_slope}", {}),
    "ELU": lambda m: (f"elu,alpha={m.alpha}", {}), "CELU": lambda m: (f"celu,alpha={m.alpha}", {}),
    "PReLU": _prelu, "LayerNorm": _layer_norm, "Dropout": _dropout,
}  # fmt: skip


def _of(m):
    """The spec of one module, or None where it does nothing, and its parameters."""
    name = type(m).__name__
    if name in _OWN:
        return _OWN[name](m)
    if name in _PLAIN:
        return _PLAIN[name], {}
    raise JacobianError(f"{name} has no spec here: see `jacobian modules`")


def _flat(module):
    """The modules one after the other, those of a Sequential in a Sequential too."""
    if type(module).__name__ != "Sequential":
        return [module]
    return [inner for m in module for inner in _flat(m)]


def from_torch(module):
    """The specs and the values of a torch.nn.Sequential (or one module): what jacobian() takes.
    A parameter's name that occurs more than once is numbered: W1, W2.

    >>> specs, values = from_torch(nn.Sequential(nn.Linear(3, 4), nn.Tanh()))
    >>> jacobian(specs, "W", z=x, **values)
    """
    found = [(spec, own) for spec, own in map(_of, _flat(module)) if spec is not None]
    names = [name for _, own in found for name in own]
    values, met = {}, {}
    for _, own in found:
        for name, array in own.items():
            met[name] = met.get(name, 0) + 1
            values[name + (str(met[name]) if names.count(name) > 1 else "")] = array
    if not any(spec.startswith("linear:") for spec, _ in found):
        raise JacobianError("no module says its sizes: begin with nn.Linear")
    return [spec for spec, _ in found], values
