/* Formulas as modules, as a person types them: --define, files of equations, --module. */
#include "tests/visual/shell_case.h"

static const struct shell_line lines[] = {
    {"timeout 9 $J show --define 'y = \\'", 2, "a backslash with nothing behind it"},
    {"$J check --define 'y = log(x)' --size x=3 --claim 'diag(1/x)'", 0,
     "the claim holds"},
    {"$J check --define 'f = x^T A x' --size x=3x1,A=3x3 --wrt A --claim \"x*x'\"", 0,
     "holds"},
    /* What follows a word below belongs to the whole name. */
    {"$J show --define \"y = x*A_f'''\" --size x=1x3,A_f=3x3 --wrt x", 0, "∂y/∂x = A_f"},
    {"$J check --define \"y = x*A_f'\" --size x=1x2,A_f=3x2 --wrt x --claim A_f", 0,
     "the claim holds"},
    {"$J check --define 'y = x_1_2^2 + x_f_g^2' --size x_1_2=1,x_f_g=1 --wrt x_1_2 "
     "--claim '2*x_1_2'",
     0, "the claim holds"},
    {"$J show --define 'y = W x' --size 'W=2x2,x=2x1' --entries symbols --wrt W", 0,
     "x₁"},
    {"$J show --define 'y = W x' --size 'W=2x2,x=2x1,hat_z=3' --wrt W", 2,
     "has no variable 'hat_z'"},
    {"$J show --define 'f = \\hat{y}_1 + \\lambda \\hat{y}_2^2' --size "
     "'hat_y=2,lambda=1' "
     "--entries symbols --wrt hat_y",
     0, "1"},
    /* Cells may stand apart by spaces; a difference stays one, and commas are enough. */
    {"$J check --define 'y = [1 2; 3 4] x' --size x=2x1 --claim '[1, 2; 3, 4]'", 0,
     "the claim holds"},
    {"$J check --define 'y = [cos(t) -sin(t); sin(t) cos(t)] x' --size t=1,x=2x1 --wrt x "
     "--claim '[cos(t), -sin(t); sin(t), cos(t)]'",
     0, "the claim holds"},
    {"$J check --define 'y = [1 -t, 2]*[1; 1]' --size t=1 --claim '-1'", 0,
     "the claim holds"},
    {"$J show --define \"y = [X, b; b', 1]\" --size b=2x1,X=2x2 --wrt X --entries "
     "symbols",
     2, "names no formula for its Jacobian with respect to X"},
    /* What is zero whatever the values is told from what is zero at these. */
    {"$J show --define 'y = acosh(x)' --size x=3x1 | grep -c nan", 1, "0"},
    {"$J show --define 'y = x .* relu(a)' --size x=2,a=2 --set 'a=1 -1' --wrt x", 0,
     "y₁   1   ·\n  y₂   ·   0"},
    {"$J show --define 'y = W x' --size W=2x2,x=2x1 --wrt x", 0, "      x₁  "},
    {"$J show --define 'y = [3 t; 0 2]*[1; 5]' --size t=1 --entries symbols", 0,
     "y = [3, t; 0, 2] [1; 5]"},
    {"$J show --define 'y = softmax(z)' --size z=3 --entries symbols", 0, "y₁(1 − y₁)"},
    {"$J show --define 'y = prod(i, x[i])' --size x=3 --entries symbols", 0, "x₂ x₃"},
    {"$J show --define 'y = sum(t, x[t]*sum(i, M[t,i]*b[i]))' --size M=2x3,x=2,b=3 --wrt "
     "x --entries symbols",
     0, "Σⱼ M₁ⱼ bⱼ"},
    {"$J show --define 'g = max(i, x[i]); y = g*a' --size x=3,a=1 --wrt x --entries "
     "symbols",
     0, "1[x₁ = g] a"},
    {"$J show --define 'y = exp(x)^2' --size x=1 --entries symbols --format latex", 0,
     "2 (e^{x})^{2}"},
    {"$J check --define 'y = tanh(z*W) .* v' --size z=1x3,W=3x2,v=1x2", 0,
     "with respect to v: 3 of 3 references agree"},
    {"$J check --define 'f(x) = x^T A x' --size x=3x1,A=3x3 --wrt x --claim '2 x^T A'", 1,
     "does not hold"},
    {"$J check --define 'f(x) = x^T A x' --size x=3x1,A=3x3 --wrt x --claim 'x^T(A + "
     "A^T)'",
     0, "the claim holds\n"},
    /* A module or a definition is a scope; the one judge answers. */
    {"$J check --define 'F = A*U*B' --size A=2x3,U=3x4,B=4x2 --wrt U --claim \"kron(B', "
     "A)\"",
     0, "the claim holds\n"},
    {"$J check --define 'F = A*U*B' --size A=2x3,U=3x4,B=4x2 --wrt U --order C --claim "
     "\"kron(A, B')\"",
     0, "the claim holds\n"},
    {"$J check --define 'F = A*U*B' --size A=2x2,U=2x2,B=2x2 --wrt U --claim 'kron(B, "
     "A)'",
     1, "does not hold"},
    {"$J check --define \"c = u'*v\" --size u=3x1,v=3x1 --wrt u --claim \"v'\"", 0,
     "the claim holds\n"},
    {"$J check --define \"c = u'*v/norm(v)\" --size u=2x1,v=2x1 --wrt v --claim "
     "\"u/norm(v) - "
     "c*v/norm(v)^2\"",
     0, "a gradient has the shape of its variable"},
    {"$J check --define 'o = u*A' --size u=3,A=3x2 --wrt u --claim 'A[i,j]'", 0,
     "with j the output's index and i the variable's"},
    {"$J check --define 'y = u*A' --size u=3,A=3x2 --wrt u --claim 'A[i,o]'", 0,
     "the claim holds\n"},
    {"$J check --define 's = l; Y = sum(s)*x' --size l=3x1,x=2x1 --wrt x --claim "
     "'[sum(j,s[j]), "
     "0; 0, sum(j,s[j])]'",
     0, "the claim holds\n"},
    {"$J check --define 'y = u/sqrt(c)' --size u=2,c=1 --wrt u --seed 2", 0,
     "3 of 3 references agree"},
    {"$J check --define 'y = sin(n)' --size n=1 --claim 'cos(n)'", 0,
     "the claim holds\n"},
    {"$J show --define \"g = u*y'\" --size u=2x1,y=2x1 --wrt u --entries numbers", 0,
     "g₁₁"},
    {"$J show --define 'f(x) = x .* x' --size x=2 --set 'x=1 3'", 0, "f₂"},
    {"$J check --define 'kron(A, B)' --size A=2x2,B=2x3", 0, "3 of 3 references agree"},
    {"$J show --define 'norm(x)' --set 'x=3 4'", 0, "0.6  0.8"},
    {"$J show --define 'W*z' --size W=3x2", 2, "z has no size: add --size z=3x2"},
    {"$J show --define 'W*z' --size W=3x2,z=3x1", 2,
     "W is 3 x 2 and z is 3 x 1: * does not fit\n  W*z\n  ^"},
    {"$J derive --define 'f = tr(X*diag(X))'", 2,
     "tr does not fit; diag of a matrix is its diagonal, a column"},
    {"$J derive --define 'f = norm(X, 1)'", 2, "this norm of a matrix is not read"},
    {"$J derive linear --format latex", 0, "Derivative of linear with respect to W}"},
    {"$J derive linear,stride=2", 2, "linear has no option 'stride'"},
    {"$J derive linear tanh,slop=1", 2, "tanh has no option 'slop'"},
    {"$J show --define 'norm(x, 1) + norm(x, inf)' --set 'x=3 -4'", 0, "1  -2"},
    {"$J derive linear:nxp,bias --wrt b", 0, "∂y/∂b = I_{output}"},
    {"$J show --define 'W*z' --size W=3by2", 2, "a comma between sizes"},
    {"$J show --define 'W*z' --size W=0x2", 2, "NAME=SIZE with a size such as 3, 3x2"},
    {"$J show --define 'z' --size z=3 linear:3x2", 2, "a formula or modules, not both"},
    {"$J chain --define 'a = linear:3x2(x); y = a .* linear:2x2(a)' --size x=batchx3 "
     "--wrt x | grep -A4 'The sum over all'",
     0, "equals the Jacobian that show prints"},
    {"$J chain --define 'a = x + linear:2x2(x); b = a + linear:2x2(a); c = b + "
     "linear:2x2(b); d = c + linear:2x2(c); e = d + linear:2x2(d); f = e + "
     "linear:2x2(e); y = f + linear:2x2(f)' --size x=batchx2 --wrt x",
     2, "more than the 100 that chain walks"},
    {"$J check docs/examples/shared.jac --of h_1 --wrt U --batch 2", 0,
     "b) with respect to U: 3 of 3 references agree"},
    {"$J show docs/examples/shared.jac --of q", 2, "the equations give h_1, h_2, y"},
    {"$J show --define 'a = x .* x; y = exp(a)' --size x=3 --of a", 0,
     "Jacobian of a = x .* x with respect to x"},
    {"$J chain docs/examples/shared.jac --of h_2 --wrt U | grep 'way.*from U'", 0,
     "way 2 of 2 from U"},
    /* A file is what it holds. */
    {"printf '# two layers\\nlinear:3x4,bias # hidden\\n\\ntanh linear:2\\nsoftmax' "
     ">$D/net.jac; $J show $D/net.jac --wrt W1 >$D/a; "
     "$J show linear:3x4,bias tanh linear:2 softmax --wrt W1 | cmp - $D/a && echo same",
     0, "same"},
    {"printf 'linear:3x4,bias\\ntanh' >$D/net.jac; "
     "$J check linear:2x3 net mse --module $D/net.jac --batch 2 >$D/a; "
     "$J check linear:2x3 linear:3x4,bias tanh mse --batch 2 | cmp - $D/a && echo same",
     0, "same"},
    {"printf 'x, v: 3 x 1\\nA: 3x3 # a matrix\\nu = A v\\nf(x, v) = x^T u' >$D/f.jac; "
     "$J show $D/f.jac --wrt x >$D/a; $J show --define 'u = A v; f(x, v) = x^T u' "
     "--size A=3x3,x=3x1,v=3x1 --wrt x | cmp - $D/a && echo same",
     0, "same"},
    {"printf 'z: batch x 3\\nW: 3x2\\ny = tanh(z W)' >$D/f.jac; "
     "$J check $D/f.jac --batch 2",
     0, "3 of 3 references agree"},
    {"printf '# nothing' >$D/e.jac; $J show $D/e.jac", 2,
     "neither a module nor an equation"},
    {"printf 'y = x' >$D/f.jac; $J show f --module $D/f.jac", 2,
     "f.jac, line 1: x has no size"},
    {"printf 'linear:3x4\n\ntanh # n\nlinear:5x2' >$D/f.jac; $J show $D/f.jac", 2,
     "f.jac, line 4: tanh:4 gives 4 features, linear:5x2 wants 5"},
    {"printf 'linear:3x4\ntanhh' >$D/f.jac; $J show $D/f.jac", 2,
     "f.jac, line 2: no module is called 'tanhh'"},
    {"printf 'x: batch x 3\nW: 3 y 2\ny = x W' >$D/f.jac; $J show $D/f.jac", 2,
     "f.jac, line 2: --size 'W=3y2'"},
    {"printf 'x: batch x 3\nh = linear:3x2(x)\ny = h + g' >$D/f.jac; $J show $D/f.jac", 2,
     "f.jac, line 3: g has no size"},
    {"printf 'x: batch x 3\ny = f(x)' >$D/f.jac; $J show f --module $D/f.jac", 2,
     "f.jac calls itself"},
    /* Modules among equations, and a file of these as a module. */
    {"printf 'x: batch x 3\nh: batch x 2\ns = rnn(x, h)\nlinear:4 tanh:4' >$D/cell.jac; "
     "$J check $D/cell.jac --batch 2 --wrt h",
     0, "3 of 3 references agree"},
    {"$J show linear:2x3 cell --module $D/cell.jac --batch 2 --wrt z --entries numbers "
     "--set 'z=1 2; 3 4' | tail -n +2 | sed 's/z.*z/z/' >$D/a; test -s $D/a && "
     "$J check linear:2x3 cell softmax --module $D/cell.jac --batch 2 --wrt U",
     0, "3 of 3 references agree"},
    {"$J check --define 'y = cell(x, h) + cell(x, g)' --module $D/cell.jac --batch 2 "
     "--size x=batchx3,h=batchx2,g=batchx2 --wrt x",
     0, "3 of 3 references agree"},
    {"$J modules cell --module $D/cell.jac", 0, "y = cell(...)"},
    {"printf 'tanh:3' >$D/tanh.jac; $J show tanh --module $D/tanh.jac", 2,
     "has a module tanh itself"},
    {"$J show $D/none.jac", 2, "none.jac: No such file"},
    {"$J modules --module $D/net.jac", 0, "y = net(...)"},
    {"printf 'x: 2\\ny = x' >$D/f.jac; $J show $D/f.jac --define 'y = 2 x' --size x=2", 2,
     "one of them"},
    {"$J show --define 'z' --size z=3 --batch 2", 2, "say which variables are data"},
    /* The same function as a network is other code. */
    {"V=\"--set z=@$D/z.csv --set W=@$D/W.csv\"; printf '1,2\\n-.5,.3\\n' >$D/z.csv; "
     "printf '1,2,3\\n-.4,.5,.6\\n' >$D/W.csv; "
     "$J show --define 'Y = tanh(z W)' --size z=batchx2,W=2x3 --batch 2 --wrt z $V "
     "-o $D/d.npy; $J check linear:2x3 tanh --batch 2 --wrt z $V --against $D/d.npy",
     0, "read as: batch"},
    {"V=\"--set z=@$D/z.csv --set W=@$D/W.csv\"; printf '1,2\\n-.5,.3\\n' >$D/z.csv; "
     "printf '1,2,3\\n-.4,.5,.6\\n' >$D/W.csv; "
     "$J show --define 'Y = tanh(z W)' --size z=batchx2,W=2x3 --batch 2 --wrt W $V "
     "-o $D/d.npy; $J check linear:2x3 tanh --batch 2 --wrt W $V --against $D/d.npy",
     0, "read as: batch"},
    {"$J show --define 'L = sum((z W).^2)' --size z=batchx2,W=2x3 --batch 2 --wrt z", 0,
     "full form, 1 × 4"},
    {"$J show --define 'Y = z - ones(2,2) z/2' --size z=batchx3 --batch 2", 0,
     "full form, 6 × 6"},
    {"$J show --define 'Y = z - ones(2,2) z/2' --size z=batchx3 --batch 2 --form batch",
     2, "the data of another"},
    {"$J show --define 'Y = z^T W' --size z=batchx3,W=2x2 --batch 2", 2,
     "3 rows for 2 samples"},
    {"$J check --define 'Y = tanh(z W)' --size z=batchx3,W=3x2 --batch 2 --wrt W --claim "
     "'delta(o,j)*(1 - Y[n,o]^2)*z[n,i]'",
     0, "the claim holds"},
    {"$J check --define 'Y = softmax(z W)' --size z=batchx3,W=3x2 --batch 3", 0,
     "3 of 3 references agree"},
    {"$J show --define 'foo(z)' --size z=3", 2, "foo: no function is called so"},
    {"$J check --define 'L = sum((z*W).^2)/batch' --size z=batchx3,W=3x2 --batch 2 --wrt "
     "W --claim \"2*z'*z*W/batch\"",
     0, "the claim holds"},
    {"$J check --define 'L = sum((z*W).^2)/batch' --size z=batchx3,W=3x2 --batch 2 --wrt "
     "W --claim \"2*z'*z*W\"",
     1, "2"},
    {"$J show --define 'y = x/batch' --size x=2,batch=1 --wrt batch", 0, "batch"},
    {"$J show --define 'y = delta*x' --size x=3", 2, "delta has no size: add --size"},
    {"$J derive --define 'y = delta*x' --wrt x", 0, "= δ I_{n}"},
    {"$J show --define '2 + 3'", 2, "no variable to differentiate by"},
    {"$J show --define 'z[9]' --size z=3", 2, "entry 9 of 3 does not exist"},
    {"$J show --define 'y[i] = x[i+1] - x[i]' --size x=4 --entries symbols", 0,
     "  y₃  ·   ·   -1  1\n"},
    {"$J show --define 'y[i] = sum(k, w[k]*x[i+k-1])' --size x=3,w=2 --wrt x --entries "
     "symbols",
     0, "  y₂  ·   w₁  w₂\n"},
    {"$J check --define 'y[i,j] = sum(k, w[k]*x[i+k-1,j])' --size x=4x2,w=3", 0,
     "3 of 3 references agree"},
    {"$J show --define 'y[i] = cases(x[i+1], i<3, 0)*x[i]' --size x=3", 0, "  y₃"},
    {"$J show --define 'y[i] = ind(i < 3)*x[i+1] + x[i]' --size x=3 --entries numbers", 0,
     "  y₃   ·   ·   1\n"},
    {"$J show --define 'y[i] = x[i-1]' --size x=3", 2,
     "entry 0 of 3 of x does not exist: an index runs too far: shift it"},
    {"$J show --define 'y[i] = x[1]' --size x=3", 2, "how far i runs is not known"},
    {"$J show --define 'L = sum_j x[j]' --size x=3", 2,
     "sum_j is a name: a sum over j is sum(j, ...)"},
    {"$J show --define 'L = sum_j' --size sum_j=3", 0, "sum_j"},
    {"$J show --define 'y = \\int_0^x t dt' --size x=1", 2,
     "an integral is read in notes alone"},
    {"$J show --define 'sum(i, z[i]' --size z=3", 2, "where ')' is expected"},
    {"$J show --define 'x*x' --size x=3", 2, "did you mean 'x.*x', entry by entry?"},
    {"$J show --define 'x^2' --size x=3", 2, "did you mean 'x.^2', entry by entry?"},
    {"$J show --define '1/x' --size x=3", 2, "did you mean '1./x', entry by entry?"},
    {"$J derive --define 'y = log x'", 2, "in brackets, log(x)"},
    {"$J derive --define 'y = log x' --size log=1xn,x=nx1", 0, "y = log x\n"},
    {"$J derive --define 'y = mean*x' --wrt mean", 0, "respect to mean"},
    {"$J derive linear tanh linear --wrt W1", 0, "respect to W1"},
    {"$J show --define 'y = log det X' --size X=2x2", 2, "in brackets, log(x)"},
    {"$J show --define 'x**2' --size x=3", 2, "did you mean 'x.^2', entry by entry?"},
    {"$J show --define 'X**2' --size X=3x3", 0, "y₁₁"},
    {"$J show --define 'y = W*x + b' --size W=3x2,x=2,b=3", 2,
     "did you mean --size x=2x1,b=3x1?"},
    {"$J show --define 'y = x*W' --size x=3x1,W=3x2", 2, "did you mean --size x=1x3?"},
    {"$J show --define 'tanh(x)' --size x=3,q=2", 2, "has no variable 'q': it has x"},
    {"$J check --define 'y=1/u' --size u=1 --set u=1e-4", 0, "3 of 3 references agree"},
    {"$J check --define 'y=log(u)' --size u=1 --set u=1e-20", 0,
     "3 of 3 references agree"},
    {"$J check --define 'y=sqrt(u)' --size u=1 --set u=0", 0, "not differentiable here"},
    {"$J check --define 'y=norm(u)' --size u=2 --set 'u=0 0'", 0,
     "not differentiable here"},
    {"$J check --define 'y=exp(u)' --size u=1 --set u=800 --format json", 0,
     "\"verdict\": \"cannot be told\""},
};

START_TEST(lines_answer) {
  shell_line_answers(&lines[_i]);
}
END_TEST

Suite *cli_define_suite(void);
Suite *cli_define_suite(void) {
  Suite *suite = suite_create("cli_define");
  TCase *tc = shell_case();
  tcase_add_loop_test(tc, lines_answer, 0, (int)(sizeof lines / sizeof lines[0]));
  suite_add_tcase(suite, tc);
  return suite;
}
