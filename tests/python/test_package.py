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
