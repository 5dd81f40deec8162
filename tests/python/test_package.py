"""The Python package against NumPy, and against PyTorch where it is installed."""

import unittest

import numpy as np

import jacobian as jac

try:
    import torch
except ImportError:
    torch = None


class Jacobians(unittest.TestCase):
    def test_linear(self):
        W = np.arange(6.0).reshape(3, 2)
        z = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        np.testing.assert_allclose(jac.jacobian("linear:3x2", "z", W=W), W.T)
        J = jac.jacobian("linear:3x2", "W", batch=2, W=W, z=z)
        self.assertEqual(J.shape, (2, 2, 6))
        for n in range(2):
            np.testing.assert_allclose(J[n], np.kron(np.eye(2), z[n]))

    def test_softmax(self):
        z = np.array([1.0, 2.0, 3.0])
        s = np.exp(z) / np.exp(z).sum()
        np.testing.assert_allclose(jac.jacobian("softmax:3", "z", z=z), np.diag(s) - np.outer(s, s))

    def test_faults_are_one_line(self):
        with self.assertRaisesRegex(jac.JacobianError, "linear"):
            jac.jacobian("liner:3x2", "z")


class Checks(unittest.TestCase):
    def test_right_and_transposed(self):
        W = np.array([[1.0, 2.0], [3.0, 4.0]])
        self.assertTrue(jac.check(W.T, "linear:2x2", "z", W=W))
        wrong = jac.check(W, "linear:2x2", "z", W=W)
        self.assertFalse(wrong)
        self.assertIn("transpose", repr(wrong))

    def test_explicit_against_differences(self):
        self.assertTrue(jac.check(None, "linear:3x2,bias tanh", batch=2))


class Showing(unittest.TestCase):
    def test_notebooks(self):
        formula = jac.show("linear:3x2", "W", entries="symbols")
        self.assertTrue(formula._repr_latex_().startswith("$$"))
        self.assertIsNone(formula._repr_svg_())
        picture = jac.show("linear:3x2", "W", picture=True)
        self.assertIn("<svg", picture._repr_svg_())

    def test_verify(self):
        found = jac.verify(
            "<!-- jacobian: softmax -->\n\n$$\\frac{\\partial s}{\\partial z} = "
            "\\operatorname{diag}(s) - s s^\\top$$\n"
        )
        self.assertIn("holds", found[-1]["verdict"])


class Tensor:
    """What from_torch asks of a tensor."""

    def __init__(self, array):
        self.array = np.asarray(array)

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        return self.array


def module(name, **fields):
    made = type(name, (), {"training": False})()
    made.__dict__.update(fields)
    return made


class StandIns(unittest.TestCase):
    """from_torch without PyTorch: modules that have the names and the fields of its own."""

    def setUp(self):
        rng = np.random.default_rng(0)
        self.A, self.a, self.B = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(2, 4))
        self.x = rng.normal(size=(1, 3))
        first = module("Linear", in_features=3, out_features=4, weight=Tensor(self.A), bias=Tensor(self.a))
        second = module("Linear", in_features=4, out_features=2, weight=Tensor(self.B), bias=None)
        inner = type("Sequential", (list,), {})([first, module("Tanh"), module("Dropout", p=0.5)])
        self.net = type("Sequential", (list,), {})([inner, second, module("LeakyReLU", negative_slope=0.2)])

    def forward(self, x):
        u = np.tanh(x @ self.A.T + self.a) @ self.B.T
        return np.where(u > 0, u, 0.2 * u)

    def test_the_jacobian_is_that_of_a_forward_pass(self):
        specs, values = jac.from_torch(self.net)
        self.assertEqual(sorted(values), ["W1", "W2", "b"])
        found = jac.jacobian(specs, "z", z=self.x, **values)
        h = 1e-6 * np.eye(3)
        expected = np.stack([(self.forward(self.x + e) - self.forward(self.x - e))[0] / 2e-6 for e in h], 1)
        np.testing.assert_allclose(found, expected, atol=1e-8)

    def test_what_is_no_module_here_is_refused(self):
        with self.assertRaisesRegex(jac.JacobianError, "Bilinear has no spec"):
            jac.from_torch(type("Sequential", (list,), {})([module("Bilinear")]))
        with self.assertRaisesRegex(jac.JacobianError, "exact"):
            jac.from_torch(module("GELU", approximate="tanh"))
        dropout = module("Dropout", p=0.5)
        dropout.training = True
        with self.assertRaisesRegex(jac.JacobianError, "eval"):
            jac.from_torch(dropout)


@unittest.skipIf(torch is None, "PyTorch is not installed")
class Torch(unittest.TestCase):
    def test_sequential(self):
        torch.manual_seed(0)
        net = torch.nn.Sequential(
            torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 2), torch.nn.Softmax(1)
        ).double()
        x = torch.randn(1, 3, dtype=torch.double)
        specs, values = jac.from_torch(net)
        expected = torch.autograd.functional.jacobian(net, x).numpy().reshape(2, 3)
        np.testing.assert_allclose(jac.jacobian(specs, "z", z=x.numpy(), **values), expected)

    def test_parameters_are_numbered_by_their_owners(self):
        torch.manual_seed(0)
        nn = torch.nn
        net = nn.Sequential(
            nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.PReLU(4)),
            nn.Dropout(0.5), nn.Linear(4, 2, bias=False), nn.LayerNorm(2), nn.ELU(0.5),
        ).double().eval()  # fmt: skip
        torch.nn.init.normal_(net[0][1].weight)
        x = torch.randn(1, 3, dtype=torch.double)
        specs, values = jac.from_torch(net)
        self.assertEqual(
            sorted(values), ["W1", "W2", "a", "b", "beta1", "beta2", "gamma1", "gamma2"]
        )
        expected = torch.autograd.functional.jacobian(net, x).numpy().reshape(2, 3)
        found = jac.jacobian(specs, "z", z=x.numpy(), **values)
        np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-12)

    def test_what_is_no_module_here_is_refused(self):
        nn = torch.nn
        for module, why in [
            (nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5)), "eval"),
            (nn.Sequential(nn.Linear(2, 2), nn.GELU("tanh")), "exact"),
            (nn.Sequential(nn.Linear(2, 2), nn.Bilinear(2, 2, 2)), "Bilinear has no spec"),
            (nn.Tanh(), "sizes"),
        ]:
            with self.assertRaisesRegex(jac.JacobianError, why):
                jac.from_torch(module)


if __name__ == "__main__":
    unittest.main()
