#!/usr/bin/python3
"""docs/frameworks.md is true: its Python is run, and its commands say what stands there,
or, where nothing stands, find no fault; then arrays with their axes in every order, made by NumPy, are told what puts them right.
The argument is the program."""
import itertools
import os
import re
import subprocess
import sys
import tempfile

import numpy as np

program = os.path.realpath(sys.argv[1])
text = open("docs/frameworks.md", encoding="utf-8").read()
environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="en", COLUMNS="80")
faults = []


def run(command, **more):
    command = re.sub(r"^jacobian ", f"'{program}' ", command)
    done = subprocess.run(command, shell=True, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
    return done.stdout, done.returncode


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    for kind, block in re.findall(r"```(python|console)\n(.*?)```", text, re.S):
        if kind == "python":
            exec(compile(block, "docs/frameworks.md", "exec"), {})
            continue
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            said, status = run(command)
            if not expected.strip():
                if status != 0:
                    faults.append(f"{command}\nends with {status}:\n{said}")
            elif re.sub(r"error [0-9.e-]+.*", "", said) != re.sub(r"error [0-9.e-]+.*", "", expected):
                faults.append(f"{command}\nsays\n{said}not\n{expected}")

    rng = np.random.default_rng(7)
    z, W = rng.standard_normal((2, 3)), rng.standard_normal((3, 4))
    np.save("z.npy", z)
    np.save("W.npy", W)
    right = {
        "z": np.einsum("bc,io->bcoi", np.eye(2), W).transpose(0, 2, 1, 3),
        "W": np.einsum("bi,op->boip", z, np.eye(4)),
    }
    count = 0
    for wrt, J in right.items():
        for order in itertools.permutations(range(4)):
            np.save("J.npy", J.transpose(order))
            said, _ = run(f"jacobian check linear:3x4 --batch 2 --set z=@z.npy --set W=@W.npy "
                          f"--wrt {wrt} --against J.npy")
            told = re.search(r"np\.transpose\(J, (\(.*?\))\)", said)
            moved = J.transpose(order)
            if told:
                moved = moved.transpose(eval(told.group(1)))
            # For W the reduced form, batch x out x column of W x in, is right too.
            forms = [J, J.transpose(0, 1, 3, 2)] if wrt == "W" else [J]
            if not any(np.array_equal(moved, form) for form in forms):
                faults.append(f"{wrt}, axes {order}:\n{said}")
            count += 1

for fault in faults:
    print(fault, file=sys.stderr)
if faults:
    sys.exit(1)
print(f"docs/frameworks.md is true; {count} orders of axes are told what puts them right")
