/* Closed forms of the tables: Petersen and Pedersen, The Matrix Cookbook (2012), by their
 * numbers there; matrixcalculus.org's; SymPy's; the modules' own. Each comes out, has the
 * value of the derivative, and is the source's in value, no longer than it by more than
 * half. Long: a table, five lines a closed form, and one test that goes over it. */
#include "jacobian/algebra/by_vec.h"
#include "jacobian/algebra/closed.h"
#include "jacobian/algebra/definition.h"
#include "jacobian/algebra/write.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct row {
  const char *source, *definition, *wrt;
  const char *closed; /* as the source states it (~: of its length); NULL: any */
};

static const struct row rows[] = {
    {"69", "f = a'*x", "x", "a"},
    {"70", "f = a'*X*b", "X", "a*b'"},
    {"71", "f = a'*X'*b", "X", "b*a'"},
    {"72", "f = a'*X*a", "X", "a*a'"},
    {"76", "f = sum(i, sum(j, X[i,j]))^2", "X", NULL},
    {"77", "f = b'*X'*X*c", "X", "X*(b*c' + c*b')"},
    {"78", "f = (B*x + b)'*C*(D*x + d)", "x", "B'*C*(D*x + d) + D'*C'*(B*x + b)"},
    {"81", "f = x'*B*x", "x", "(B + B')*x"},
    {"82", "f = b'*X'*D*X*c", "X", "D'*X*b*c' + D*X*c*b'"},
    {"83", "f = (X*b + c)'*D*(X*b + c)", "X", "(D + D')*(X*b + c)*b'"},
    {"49", "f = det(X)", "X", "det(X)*inv(X)'"},
    {"51", "f = det(A*X*B)", "X", NULL},
    {"53", "f = det(X'*A*X)", "X", NULL},
    {"57", "f = log(det(X))", "X", "inv(X)'"},
    {"55", "f = log(det(X'*X))", "X", "2*X*inv(X'*X)"},
    {"61", "f = a'*inv(X)*b", "X", "-inv(X)'*a*b'*inv(X)'"},
    {"62", "f = det(inv(X))", "X", "-det(inv(X))*inv(X)'"},
    {"63", "f = tr(A*inv(X)*B)", "X", "-(inv(X)*B*A*inv(X))'"},
    {"99", "f = tr(X)", "X", NULL},
    {"100", "f = tr(X*A)", "X", "A'"},
    {"101", "f = tr(A*X*B)", "X", "A'*B'"},
    {"102", "f = tr(A*X'*B)", "X", "B*A"},
    {"103", "f = tr(X'*A)", "X", "A"},
    {"104", "f = tr(A*X')", "X", "A"},
    {"106", "f = tr(X*X)", "X", "2*X'"},
    {"107", "f = tr(X*X*B)", "X", "(X*B + B*X)'"},
    {"108", "f = tr(X'*B*X)", "X", "B*X + B'*X"},
    {"110", "f = tr(X*B*X')", "X", "X*B' + X*B"},
    {"113", "f = tr(A*X*B*X)", "X", "A'*X'*B' + B'*X'*A'"},
    {"115", "f = tr(X'*X)", "X", "2*X"},
    {"116", "f = tr(B*X*X')", "X", "(B + B')*X"},
    {"117", "f = tr(X'*B*X*C)", "X", "B*X*C + B'*X*C'"},
    {"118", "f = tr(B'*X'*C*X*B)", "X", "C'*X*B*B' + C*X*B*B'"},
    {"119", "f = tr(A*X*B*X'*C)", "X", "A'*C'*X*B' + C*A*X*B"},
    {"121", "f = tr(X^3)", "X", "3*(X*X)'"},
    {"129", "f = norm(x - a)", "x", "(x - a)/norm(x - a)"},
    {"130", "y = (x - a)/norm(x - a)", "x", NULL},
    {"131", "f = norm(x)^2", "x", "2*x"},
    {"132", "f = norm(X)^2", "X", "2*X"},
    {"least squares", "L = norm(A*x - b)^2", "x", "2*A'*(A*x - b)"},
    {"linear map", "y = A*x", "x", "A"},
    {"linear map", "y = A*x", "A", NULL},
    {"linear map", "Y = X*W", "W", NULL},
    {"softmax", "s = softmax(x)", "x", "diag(s) - s*s'"},
    {"cross-entropy", "L = -sum(y .* log(softmax(z)))", "z", "sum(y)*softmax(z) - y"},
    {"log-sum-exp", "L = logsumexp(x)", "x", "softmax(x)"},
    {"tanh", "h = tanh(W*x + b)", "x", "diag(1 - h.^2)*W"},
    {"tanh", "L = sum(tanh(W*x + b))", "W", "(1 - tanh(W*x + b).^2)*x'"},
    {"relu", "h = max(0, W*x + b); L = norm(h)^2", "b", NULL},
    {"squares", "L = sum((X*W - Y).^2)", "W", "2*X'*(X*W - Y)"},
    {"Rayleigh", "f = (x'*A*x)/(x'*x)", "x", NULL},
    {"diagonal", "y = diag(x)*A*x", "x", "diag(A*x) + diag(x)*A"},
    {"entries", "Y = tanh(X)", "X", "diag(vec(1 - Y.^2))"},
    {"inverse", "y = inv(A)*x", "A", NULL},
    {"logarithm", "L = sum(log(z))", "z", "1 ./ z"},
    /* The Matrix Cookbook: what is left of sections 2.1 to 2.6. */
    {"64", "f = tr(inv(X + A))", "X", "-(inv(X + A)*inv(X + A))'"},
    {"73", "f = tr(A*X)^2", "X", "2*tr(A*X)*A'"},
    {"84", "f = (x - A*s)'*W*(x - A*s)", "s", "-A'*(W + W')*(x - A*s)"},
    {"85", "f = (x - s)'*W*(x - s)", "x", "(W + W')*(x - s)"},
    {"86", "f = (x - s)'*W*(x - s)", "s", "-(W + W')*(x - s)"},
    {"87", "f = (x - A*s)'*W*(x - A*s)", "x", "(W + W')*(x - A*s)"},
    {"88", "f = (x - A*s)'*W*(x - A*s)", "A", "-(W + W')*(x - A*s)*s'"},
    {"97", "f = x'*A*x + b'*x", "x", "(A + A')*x + b"},
    {"105", "f = tr(X^2)", "X", "2*X'"},
    {"109", "f = tr(B*X'*X)", "X", "X*B' + X*B"},
    {"111", "f = tr(X'*X*B)", "X", "X*B' + X*B"},
    {"112", "f = tr(X*X'*B)", "X", "B*X + B'*X"},
    {"120", "f = tr((A*X*B + C)*(A*X*B + C)')", "X", "2*A'*(A*X*B + C)*B'"},
    {"122", "f = tr(A*X^2)", "X", "(X*A + A*X)'"},
    {"124", "f = tr(inv(X)*A)", "X", "-inv(X)'*A'*inv(X)'"},
    {"125", "f = tr(inv(X'*C*X)*A)", "X",
     "-C*X*inv(X'*C*X)*A*inv(X'*C*X) - C'*X*inv(X'*C'*X)*A'*inv(X'*C'*X)"},
    {"126", "f = tr(inv(X'*C*X)*(X'*B*X))", "X", NULL},
    {"58", "f = log(det(X'*A*X))", "X", "A*X*inv(X'*A*X) + A'*X*inv(X'*A'*X)"},
    {"60", "f = det(X)^2", "X", "2*det(X)^2*inv(X)'"},
    {"134", "f = tr((X - A)'*(X - A))", "X", "2*(X - A)"},
    {"147", "f = log(det(S)) + (x - m)'*inv(S)*(x - m)", "m",
     "-(inv(S) + inv(S)')*(x - m)"},
    {"147", "f = (x - m)'*inv(S)*(x - m)", "S", "-inv(S)'*(x - m)*(x - m)'*inv(S)'"},
    /* matrixcalculus.org: its examples and those of its papers. */
    {"site", "f = x'*A*x + lambda*sin(y)'*x", "x", "A*x + A'*x + lambda*sin(y)"},
    {"site", "f = x'*A*x + lambda*sin(y)'*x", "A", "x*x'"},
    {"least squares", "f = norm(A*x - y)^2", "x", "2*A'*(A*x - y)"},
    {"norm", "f = norm(A*x - b)", "x", "A'*(A*x - b)/norm(A*x - b)"},
    {"logistic", "f = sum(log(1 + exp(-y .* (X*w))))", "w",
     "-X'*(y .* exp(-y .* (X*w)) ./ (1 + exp(-y .* (X*w))))"},
    {"logistic", "f = -y'*log(sigma(X*w)) - (1 - y)'*log(1 - sigma(X*w))", "w",
     "X'*(sigma(X*w) - y)"},
    {"logistic", "f = -log(sigma(w'*x))", "w", "-(1 - sigma(w'*x))*x"},
    {"logistic", "f = sigma(w'*x)", "w", "sigma(w'*x)*(1 - sigma(w'*x))*x"},
    {"logistic", "f = 1/(1 + exp(-w'*x))", "w", "exp(-w'*x)/(1 + exp(-w'*x))^2*x"},
    {"factors", "f = norm(A - U*V')^2", "U", "-2*(A - U*V')*V"},
    {"factors", "f = norm(A - U*V')^2", "V", "-2*(A - U*V')'*U"},
    {"factors", "f = norm(Y - X*W)^2", "W", "2*X'*(X*W - Y)"},
    {"lasso", "f = norm(X*w - y)^2 + lambda*sum(abs(w))", "w",
     "2*X'*(X*w - y) + lambda*sign(w)"},
    {"ridge", "f = 1/2*norm(X*w - y)^2 + lambda/2*norm(w)^2", "w",
     "X'*(X*w - y) + lambda*w"},
    {"Gaussian", "f = exp(-norm(x - m)^2/2)", "x", "-exp(-norm(x - m)^2/2)*(x - m)"},
    {"log-sum-exp", "f = log(sum(exp(x)))", "x", "exp(x)/sum(exp(x))"},
    {"log-sum-exp", "f = log(sum(exp(A*x + b)))", "x",
     "A'*exp(A*x + b)/sum(exp(A*x + b))"},
    {"entropy", "f = x'*log(x)", "x", "log(x) + ones(n,1)"},
    {"relative entropy", "f = sum(X .* log(X ./ Y))", "X", NULL},
    {"hinge", "f = sum(max(0, 1 - y .* (X*w)))", "w", NULL},
    {"quotient", "f = (a'*x)/(b'*x)", "x", "a/(b'*x) - (a'*x)/(b'*x)^2*b"},
    {"product", "f = (a'*x)*(b'*x)", "x", "(b'*x)*a + (a'*x)*b"},
    {"root", "f = sqrt(x'*A*x)", "x", "(A + A')*x/(2*sqrt(x'*A*x))"},
    {"logarithm", "f = log(x'*A*x)", "x", "(A + A')*x/(x'*A*x)"},
    {"cubic", "y = (x'*A*x)*x", "x", NULL},
    {"layer", "y = A*tanh(B*x)", "x", "A*diag(1 - tanh(B*x).^2)*B"},
    {"layer", "f = a'*tanh(B*x)", "B", "(a .* (1 - tanh(B*x).^2))*x'"},
    {"layer", "y = softmax(W*x)", "x",
     "(diag(softmax(W*x)) - softmax(W*x)*softmax(W*x)')*W"},
    {"layer", "y = sigma(x)", "x", "diag(sigma(x) .* (1 - sigma(x)))"},
    {"layer", "f = sum(softplus(A*x))", "x", "A'*sigma(A*x)"},
    {"norms", "y = x*norm(x)", "x", NULL},
    {"norms", "f = sum(X .* X .* A)", "X", "2*X .* A"},
    {"outer", "f = norm(x*x' - A)^2", "x", "2*(x*x' - A)*x + 2*(x*x' - A)'*x"},
    {"orthogonal", "f = norm(X'*X - I)^2", "X", "4*X*(X'*X - I)"},
    {"covariance", "f = -log(det(X)) + tr(S*X)", "X", "S' - inv(X)'"},
    {"inverse", "f = x'*inv(A)*x", "A", "-inv(A)'*x*x'*inv(A)'"},
    {"inverse", "f = b'*inv(A)*b", "b", "(inv(A) + inv(A)')*b"},
    {"inverse", "f = a'*inv(X)*inv(X)*b", "X",
     "-inv(X)'*a*b'*inv(X)'*inv(X)' - inv(X)'*inv(X)'*a*b'*inv(X)'"},
    {"rank one", "f = log(det(A + x*x'))", "x", NULL},
    {"entry by entry", "y = (A*x) .* (B*x)", "x", "diag(A*x)*B + diag(B*x)*A"},
    {"entry by entry", "y = A*(x .* x)", "x", "2*A*diag(x)"},
    {"entry by entry", "f = sum((A*x).^3)", "x", "3*A'*(A*x).^2"},
    {"entry by entry", "y = 1 ./ x", "x", "-diag(1 ./ x.^2)"},
    {"entry by entry", "y = exp(x)", "x", "diag(exp(x))"},
    {"entry by entry", "f = sum(exp(X))", "X", "exp(X)"},
    {"entry by entry", "f = log(x)'*y", "x", "y ./ x"},
    /* SymPy's documentation and tests of its matrix expressions. */
    {"diff", "Y = A*X*B", "X", "kron(B', A)"},
    {"diff", "Y = inv(X)", "X", "-kron(inv(X)', inv(X))"},
    {"diff", "Y = X*X", "X", "kron(X', I) + kron(I, X)"},
    {"diff", "f = a'*X*X'*b", "X", "a*b'*X + b*a'*X"},
    {"diff", "f = a'*X*X*b", "X", "a*b'*X' + X'*a*b'"},
    {"diff", "Y = A .* X", "X", "diag(vec(A))"},
    {"diff", "Y = sin(X)", "X", "diag(vec(cos(X)))"},
    {"diff", "f = (x'*x)^2", "x", "4*x'*x*x"},
    {"diff", "f = cos(a'*x)", "x", "-sin(a'*x)*a"},
    {"diff", "f = exp(a'*x)", "x", "exp(a'*x)*a"},
    {"diff", "f = a'*sin(X*b)", "X", "(a .* cos(X*b))*b'"},
    {"diff", "f = a'*diag(x)*b", "x", "a .* b"},
    {"diff", "f = x'*diag(a)*x", "x", "2*diag(a)*x"},
    {"diff", "f = tr(diag(x)*A)", "x", NULL},
    {"diff", "y = A*diag(x)*b", "x", "A*diag(b)"},
    {"diff", "f = norm(X*a)", "X", "X*a*a'/norm(X*a)"},
    {"diff", "f = tr(X)^2", "X", NULL},
    {"diff", "f = tr(inv(X)*inv(X))", "X", "-2*inv(X)'*inv(X)'*inv(X)'"},
    {"vec", "y = vec(A*X*B)", "X", "kron(B', A)"},
    {"vec", "y = vec(X*X)", "X", "kron(X', I) + kron(I, X)"},
    {"vec", "f = vec(A)'*vec(X)", "X", "A"},
    {"vec", "f = norm(vec(A*X))^2", "X", "2*A'*A*X"},
    {"vec", "f = sum(tanh(vec(A*X)))", "X", "A'*(1 - tanh(A*X).^2)"},
    {"traces", "f = tr(kron(A, X))", "X", NULL},
    {"traces", "f = tr(expm(X))", "X", "expm(X)'"},
    {"traces", "f = tr(expm(X .* X))", "X", "2*expm(X .* X)' .* X"},
    {"skew", "y = cross(a, x)", "x", "[0, -a[3], a[2]; a[3], 0, -a[1]; -a[2], a[1], 0]"},
    {"skew", "y = cross(a, x)", "a", "[0, x[3], -x[2]; -x[3], 0, x[1]; x[2], -x[1], 0]"},
    {"index sums", "f = sum(i, sum(j, (x[i] - x[j])^2))", "x",
     "~4*(n*x - sum(x)*ones(n,1))"},
    {"softmax", "s[i] = exp(z[i])/sum(j, exp(z[j]))", "z",
     "diag(exp(z))/sum(exp(z)) - exp(z)*exp(z)'/sum(exp(z))^2"},
    {"softmax", "f = -softmax(x)'*logsoftmax(x)", "x",
     "softmax(x) .* (softmax(x)'*log(softmax(x)) - log(softmax(x)))"},
    /* Textbooks of regression, Gaussian processes, Kalman filters, attention; the tables
     * above where they had a gap. */
    {"weighted least squares", "f = (y - X*b)'*W*(y - X*b)", "b",
     "-X'*(W + W')*(y - X*b)"},
    {"weighted least squares", "f = norm(W*(A*x - b))^2", "x", "2*A'*W'*W*(A*x - b)"},
    {"Tikhonov", "f = norm(A*x - b)^2 + norm(G*x)^2", "x", "2*A'*(A*x - b) + 2*G'*G*x"},
    {"ridge", "f = norm(X*W - Y)^2 + lambda*norm(W)^2", "W",
     "2*X'*(X*W - Y) + 2*lambda*W"},
    {"Poisson regression", "f = sum(exp(X*w)) - y'*X*w", "w", "X'*(exp(X*w) - y)"},
    {"probit", "f = sum(log(Phi(X*w)))", "w", "X'*(phi(X*w) ./ Phi(X*w))"},
    {"softmax regression", "L = -sum(Y .* log(softmax(X*W)))", "W",
     "X'*(diag(Y*ones(k,1))*softmax(X*W) - Y)"},
    {"pseudo-Huber", "f = sum(sqrt(1 + (A*x - b).^2))", "x",
     "A'*((A*x - b) ./ sqrt(1 + (A*x - b).^2))"},
    {"log-cosh", "f = sum(log(cosh(A*x - b)))", "x", "A'*tanh(A*x - b)"},
    {"squared hinge", "f = sum(max(0, 1 - y .* (X*w)).^2)", "w",
     "-2*X'*(y .* max(0, 1 - y .* (X*w)))"},
    {"Rayleigh", "f = norm(A*x)^2/norm(x)^2", "x",
     "2*A'*A*x/norm(x)^2 - 2*norm(A*x)^2*x/norm(x)^4"},
    {"mean squares", "f = mean((X*w - y).^2)", "w", "~2*X'*(X*w - y)/n"},
    {"log of squares", "f = log(norm(A*x - b)^2)", "x", "2*A'*(A*x - b)/norm(A*x - b)^2"},
    {"elastic net", "f = 1/2*norm(X*w - y)^2 + lambda*norm1(w) + lambda/2*norm(w)^2", "w",
     "X'*(X*w - y) + lambda*sign(w) + lambda*w"},
    {"logistic", "f = log(1 + exp(-w'*x))", "w", "-sigma(-w'*x)*x"},
    {"logistic", "f = sum(softplus(X*w)) - y'*X*w", "w", "X'*(sigma(X*w) - y)"},
    {"PCA", "f = tr(W'*S*W)", "W", "(S + S')*W"},
    {"PCA", "f = norm(X - X*W*W')^2", "W", "-2*(X'*(X - X*W*W')*W + (X - X*W*W')'*X*W)"},
    {"log-det", "f = log(det(I + X*X'))", "X", "2*inv(I + X*X')*X"},
    {"rank one", "f = norm(A - x*y')^2", "x", "-2*(A - x*y')*y"},
    {"generalised Rayleigh", "f = (x'*A*x)/(x'*B*x)", "x",
     "(A + A')*x/(x'*B*x) - (x'*A*x)*(B + B')*x/(x'*B*x)^2"},
    {"completion", "f = norm(M .* (A - U*V'))^2", "U", "-2*(M .* M .* (A - U*V'))*V"},
    {"autoencoder", "f = norm(X - X*U*V)^2", "U", "-2*X'*(X - X*U*V)*V'"},
    {"autoencoder", "f = norm(X - X*U*V)^2", "V", "-2*U'*X'*(X - X*U*V)"},
    {"factor", "f = norm(X*X' - A)^2", "X", "2*(X*X' - A)*X + 2*(X*X' - A)'*X"},
    {"factor", "f = norm(A - X*B*X')^2", "X",
     "-2*(A - X*B*X')*X*B' - 2*(A - X*B*X')'*X*B"},
    {"Gaussian process", "f = 1/2*y'*inv(K)*y + 1/2*log(det(K))", "K",
     "1/2*(inv(K)' - inv(K)'*y*y'*inv(K)')"},
    {"Gaussian process", "f = y'*inv(K + lambda*I)*y", "lambda",
     "-y'*inv(K + lambda*I)*inv(K + lambda*I)*y"},
    {"Gaussian process", "f = log(det(K + lambda*I))", "lambda", "tr(inv(K + lambda*I))"},
    {"log-det", "f = log(det(A + B*X*C))", "X", "B'*inv(A + B*X*C)'*C'"},
    {"Gaussian", "f = (y - A*x)'*inv(S)*(y - A*x)", "x",
     "-A'*(inv(S) + inv(S)')*(y - A*x)"},
    {"Kullback-Leibler", "f = tr(inv(B)*A) - log(det(A))", "A", "inv(B)' - inv(A)'"},
    {"Kullback-Leibler", "f = tr(inv(B)*A) + log(det(B))", "B",
     "inv(B)' - inv(B)'*A'*inv(B)'"},
    {"Student", "f = log(1 + (x - m)'*A*(x - m))", "x",
     "(A + A')*(x - m)/(1 + (x - m)'*A*(x - m))"},
    {"Gaussian", "f = exp(-x'*A*x)", "x", "-exp(-x'*A*x)*(A + A')*x"},
    {"metric", "f = (x - y)'*M'*M*(x - y)", "M", "2*M*(x - y)*(x - y)'"},
    {"Kalman", "f = tr((I - K*H)*P*(I - K*H)' + K*R*K')", "K",
     "K*(R + R') - (I - K*H)*(P + P')*H'"},
    {"Kalman", "y = x + K*(z - H*x)", "x", "I - K*H"},
    {"Kalman", "y = x + K*(z - H*x)", "z", "K"},
    {"Kalman", "y = x + K*(z - H*x)", "K", "kron((z - H*x)', eye(n))"},
    {"Kalman", "Y = A*P*A' + Q", "P", "kron(A, A)"},
    {"softmax", "y = logsoftmax(x)", "x", "I - ones(n,1)*softmax(x)'"},
    {"softmax", "L = -y'*log(softmax(W*x + b))", "W", "(sum(y)*softmax(W*x + b) - y)*x'"},
    {"softmax", "L = -y'*log(softmax(W*x + b))", "b", "sum(y)*softmax(W*x + b) - y"},
    {"softmax", "L = -y'*log(softmax(W*x + b))", "x", "W'*(sum(y)*softmax(W*x + b) - y)"},
    {"attention", "o = V'*softmax(K*q)", "q",
     "V'*(diag(softmax(K*q)) - softmax(K*q)*softmax(K*q)')*K"},
    {"attention", "o = V'*softmax(K*q)", "V", "kron(eye(n), softmax(K*q)')"},
    {"attention", "L = logsumexp(K*q)", "q", "K'*softmax(K*q)"},
    {"attention", "L = logsumexp(K*q)", "K", "softmax(K*q)*q'"},
    {"softmax", "s = softmax(x/lambda)", "x", "(diag(s) - s*s')/lambda"},
    {"softmax", "f = -softmax(x)'*log(softmax(x))", "x",
     "softmax(x)*(softmax(x)'*log(softmax(x))) - softmax(x) .* log(softmax(x))"},
    {"attention", "O = softmax(Q*K')*V", "V", "kron(eye(q), softmax(Q*K'))"},
    {"attention", "L = sum(G .* (softmax(X)*V))", "V", "softmax(X)'*G"},
    {"attention", "L = sum(G .* softmax(X))", "X",
     "softmax(X) .* (G - (G .* softmax(X))*ones(n,1)*ones(n,1)')"},
    {"layer", "L = norm(sigma(W*x) - y)^2", "W",
     "2*((sigma(W*x) - y) .* sigma(W*x) .* (1 - sigma(W*x)))*x'"},
    {"two layers", "L = norm(W*tanh(V*x) - y)^2", "V",
     "2*(W'*(W*tanh(V*x) - y) .* (1 - tanh(V*x).^2))*x'"},
    {"two layers", "L = norm(W*tanh(V*x) - y)^2", "W", "2*(W*tanh(V*x) - y)*tanh(V*x)'"},
    {"two layers", "L = norm(W*tanh(V*x) - y)^2", "x",
     "2*V'*(W'*(W*tanh(V*x) - y) .* (1 - tanh(V*x).^2))"},
    {"relu", "y = relu(W*x + b)", "x", "diag(ind(W*x + b > 0))*W"},
    {"layer", "y = softplus(W*x + b)", "W", "kron(x', diag(sigma(W*x + b)))"},
    {"normalised", "y = x/norm(x)", "x", "I/norm(x) - x*x'/norm(x)^3"},
    {"cosine", "f = x'*y/(norm(x)*norm(y))", "x",
     "y/(norm(x)*norm(y)) - x'*y*x/(norm(x)^3*norm(y))"},
    {"rms norm", "y = x/sqrt(mean(x.^2))", "x",
     "~I/sqrt(mean(x.^2)) - x*x'/(n*sqrt(mean(x.^2))^3)"},
    {"centred", "y = x - mean(x)", "x", "~I - ones(n,1)*ones(n,1)'/n"},
    {"variance", "f = var(x)", "x", "~2*(x - mean(x))/n"},
    {"variance", "f = sum((x - mean(x)).^2)", "x", "2*(x - mean(x))"},
    {"standardised", "y = (x - mean(x))/sqrt(var(x))", "x", NULL},
    {"Magnus-Neudecker", "f = tr(X^4)", "X", "4*(X*X*X)'"},
    {"Magnus-Neudecker", "f = det(X*X')", "X", "2*det(X*X')*inv(X*X')*X"},
    {"Magnus-Neudecker", "f = det(X'*X)", "X", "2*det(X'*X)*X*inv(X'*X)"},
    {"Magnus-Neudecker", "f = det(A + X)", "X", "det(A + X)*inv(A + X)'"},
    {"123", "f = tr(B'*X'*C*X*X'*C*X*B)", "X",
     "C'*X*X'*C'*X*B*B' + C'*X*B*B'*X'*C'*X + C*X*B*B'*X'*C*X + C*X*X'*C*X*B*B'"},
    {"determinants", "f = 1/det(X)", "X", "-inv(X)'/det(X)"},
    {"determinants", "f = sqrt(det(X'*X))", "X", "sqrt(det(X'*X))*X*inv(X'*X)"},
    {"inverse", "f = norm(inv(X))^2", "X", "-2*inv(X)'*inv(X)*inv(X)'"},
    {"inverse", "f = a'*inv(X'*X)*b", "X", "-X*inv(X'*X)*(a*b' + b*a')*inv(X'*X)"},
    {"inverse", "f = tr(A*inv(I + X))", "X", "-inv(I + X)'*A'*inv(I + X)'"},
    {"Sylvester", "Y = A*X + X*B", "X", "kron(I, A) + kron(B', I)"},
    {"powers", "Y = X^3", "X", "kron(X'*X', I) + kron(X', X) + kron(I, X*X)"},
    {"inverse", "Y = A*inv(X)*B", "X", "-kron(B'*inv(X)', A*inv(X))"},
    {"vec", "y = X*a", "X", "kron(a', eye(m))"},
    {"vec", "y = X'*a", "X", "kron(eye(n), a')"},
    {"inner", "f = inner(A, X)", "X", "A"},
    {"rank one", "y = A*x + b*(c'*x)", "x", "A + b*c'"},
    {"rank one", "y = x*x'*a", "x", "x'*a*I + x*a'"},
    {"quadratic", "y = (x'*A*x)*b", "x", "b*x'*(A + A')"},
    {"cubic", "f = (x'*x)*(a'*x)", "x", "2*a'*x*x + x'*x*a"},
    {"softmax", "y = exp(A*x)/sum(exp(A*x))", "x", NULL},
    {"product", "f = x'*tanh(A*x)", "x", "tanh(A*x) + A'*(x .* (1 - tanh(A*x).^2))"},
    {"l1", "f = norm1(A*x - b)", "x", "A'*sign(A*x - b)"},
    {"max", "f = max(x)", "x", "ind(x = max(x))"},
    {"powers", "f = a'*x.^3", "x", "3*a .* x.^2"},
    {"roots", "f = sum(sqrt(x))", "x", "1 ./ (2*sqrt(x))"},
    {"powers", "y = x.^lambda", "x", "lambda*diag(x.^(lambda - 1))"},
    {"l3", "f = sum(abs(x).^3)", "x", "3*abs(x) .* abs(x) .* sign(x)"},
    {"entropy", "f = -sum(x .* log(x))", "x", "-(log(x) + 1)"},
    {"relative entropy", "f = sum(p .* log(p ./ q))", "q", "-p ./ q"},
    {"relative entropy", "f = sum(p .* log(p ./ q))", "p", "log(p ./ q) + 1"},
    {"barrier", "f = -sum(log(b - A*x))", "x", "A'*(1 ./ (b - A*x))"},
    {"kernel", "f = exp(-lambda*norm(x - y)^2)", "x",
     "-2*lambda*exp(-lambda*norm(x - y)^2)*(x - y)"},
    {"kernel", "f = tanh(lambda*x'*y)", "x", "lambda*(1 - tanh(lambda*x'*y)^2)*y"},
    {"kernel", "f = (x'*y + 1)^3", "x", "3*(x'*y + 1)^2*y"},
    {"barrier", "f = -log(det(A + diag(x)))", "x", "-diag(inv(A + diag(x)))"},
    {"diagonal", "f = b'*inv(diag(x) + A)*b", "x",
     "-(inv(diag(x) + A)'*b) .* (inv(diag(x) + A)*b)"},
    {"design", "f = log(det(A'*diag(x)*A))", "x", "diag(A*inv(A'*diag(x)*A)*A')"},
    {"design", "f = tr(inv(A'*diag(x)*A))", "x",
     "-diag(A*inv(A'*diag(x)*A)*inv(A'*diag(x)*A)*A')"},
    {"weights", "f = (A*x - b)'*diag(w)*(A*x - b)", "w", "(A*x - b).^2"},
    {"recurrent", "h = tanh(W*x + U*g)", "g", "diag(1 - h.^2)*U"},
    {"recurrent", "h = tanh(W*x + U*g)", "U", "kron(g', diag(1 - h.^2))"},
    {"gates", "y = sigma(A*x) .* tanh(B*x)", "x",
     "diag(sigma(A*x) .* (1 - sigma(A*x)) .* tanh(B*x))*A + diag(sigma(A*x) .* (1 - "
     "tanh(B*x).^2))*B"},
    {"residual", "y = x + A*relu(B*x)", "x", "I + A*diag(ind(B*x > 0))*B"},
    {"layer", "f = sum(sigma(X*w))", "X", "(sigma(X*w) .* (1 - sigma(X*w)))*w'"},
    {"quadratic", "f = x'*A'*B*A*x", "A", "B*A*x*x' + B'*A*x*x'"},
    {"contrastive", "f = logsumexp(Y*x) - x'*y", "x", "Y'*softmax(Y*x) - y"},
    {"Fisher", "f = (w'*m)^2/(w'*S*w)", "w",
     "2*(w'*m)*m/(w'*S*w) - (w'*m)^2*(S + S')*w/(w'*S*w)^2"},
    {"portfolio", "f = (a'*x)/sqrt(x'*S*x)", "x",
     "a/sqrt(x'*S*x) - a'*x*(S + S')*x/(2*(x'*S*x)*sqrt(x'*S*x))"},
    {"SymPy", "f = sum(X)", "X", "ones(m,1)*ones(n,1)'"},
    {"SymPy", "f = tr(sin(X))", "X", "I .* cos(X)"},
    {"SymPy", "f = (a'*X*b)*(c'*X*d)", "X", "(c'*X*d)*a*b' + (a'*X*b)*c*d'"},
    {"SymPy", "f = norm(X*a - b)^2 + norm(X)^2", "X", "2*(X*a - b)*a' + 2*X"},
    {"SymPy", "f = exp(a'*X*b)", "X", "exp(a'*X*b)*a*b'"},
    {"SymPy", "f = a'*exp(X)*b", "X", "(a*b') .* exp(X)"},
    {"SymPy", "f = log(a'*X*b)", "X", "a*b'/(a'*X*b)"},
    {"quotient", "f = tr(A*X)/tr(B*X)", "X", "A'/tr(B*X) - tr(A*X)*B'/tr(B*X)^2"},
    {"norm", "f = norm(X)", "X", "X/norm(X)"},
    {"norm", "f = norm(A*X*B - C)", "X", "A'*(A*X*B - C)*B'/norm(A*X*B - C)"},
    {"Sylvester", "f = norm(A*X + X*B - C)^2", "X",
     "2*A'*(A*X + X*B - C) + 2*(A*X + X*B - C)*B'"},
    {"index sums", "f = sum(i, log(1 + exp(-y[i]*(X*w)[i])))", "w",
     "-X'*(y .* sigma(-y .* (X*w)))"},
    {"index sums", "f = sum(i, sum(j, A[i,j]*x[i]*x[j]))", "x", "(A + A')*x"},
    {"index sums", "y[i] = sum(j, A[i,j]*x[j]^2)", "x", "2*A*diag(x)"},
    {"quotient", "y = x/(1 + norm(x)^2)", "x",
     "I/(1 + norm(x)^2) - 2*x*x'/(1 + norm(x)^2)^2"},
    {"quotient", "y = A*x/(c'*x)", "x", "A/(c'*x) - A*x*c'/(c'*x)^2"},
    {"entries", "f = x'*(A .* B)*x", "x", "(A .* B + (A .* B)')*x"},
    {"entries", "f = tr((A .* X)*B)", "X", "A .* B'"},
    {"entries", "Y = tanh(X*W)", "W", "diag(vec(1 - Y.^2))*kron(I, X)"},
    {"entries", "Y = relu(X*W)", "X", "diag(vec(ind(X*W > 0)))*kron(W', I)"},
    {"entries", "Y = A*(X .* B)", "X", "kron(I, A)*diag(vec(B))"},
    {"entries", "f = norm(tanh(X*W) - Y)^2", "X",
     "2*((tanh(X*W) - Y) .* (1 - tanh(X*W).^2))*W'"},
    {"det", "f = log(det(X))^2", "X", "2*log(det(X))*inv(X)'"},
    {"det", "f = det(X)^lambda", "X", "lambda*det(X)^lambda*inv(X)'"},
    {"det", "f = log(det(diag(x)))", "x", "1 ./ x"},
    {"det", "f = det(diag(x))", "x", "det(diag(x))*(1 ./ x)"},
    {"inv", "y = inv(A + diag(x))*b", "x", "-inv(A + diag(x))*diag(inv(A + diag(x))*b)"},
    {"inv", "y = inv(X'*X)*X'*b", "b", "inv(X'*X)*X'"},
    {"inv", "y = inv(I + lambda*L)*x", "lambda",
     "-inv(I + lambda*L)*L*inv(I + lambda*L)*x"},
    {"outer", "Y = x*x'", "x", "kron(x, I) + kron(eye(n), x)"},
    {"outer", "Y = x*y'", "y", "kron(eye(m), x)"},
    {"scale", "Y = tr(X)*A", "X", "vec(A)*vec(eye(n))'"},
    {"scale", "Y = X/norm(X)", "X", "kron(I, I)/norm(X) - vec(X)*vec(X)'/norm(X)^3"},
    {"scale", "y = norm(x)*x", "x", "norm(x)*I + x*x'/norm(x)"},
    {"softmax", "p = softmax(A*x); f = -log(p[1])", "x", "A'*p - A[1,.]'"},
    {"softmax", "p = softmax(z); f = (p - y)'*(p - y)", "z",
     "2*(diag(p) - p*p')*(p - y)"},
    {"attention", "S = softmax(Q*K'/sqrt(lambda)); O = S*V; L = sum(G .* O)", "V",
     "S'*G"},
    {"attention", "S = Q*K'; O = S*V", "Q", "kron(V'*K, eye(m))"},
    {"gates", "y = (1 - z) .* n + z .* h", "z", "diag(h - n)"},
    {"Gaussian", "f = exp(-1/2*(x - m)'*inv(S)*(x - m))", "x",
     "-f*(inv(S) + inv(S)')*(x - m)/2"},
    {"Gaussian", "f = sum(log(s)) + sum((x - m).^2 ./ s.^2)/2", "s",
     "1 ./ s - (x - m).^2 ./ s.^3"},
    {"autoencoder", "f = -1/2*sum(1 + v - m.^2 - exp(v))", "v", "(exp(v) - 1)/2"},
    {"kernel", "f = a'*K*a - 2*a'*y", "a", "(K + K')*a - 2*y"},
    {"machine", "f = 1/2*(norm(V'*x)^2 - (x.^2)'*(V.^2)*ones(k,1))", "x",
     "V*V'*x - x .* ((V.^2)*ones(k,1))"},
    {"CCA", "f = (a'*C*b)/sqrt((a'*A*a)*(b'*B*b))", "a",
     "C*b/sqrt((a'*A*a)*(b'*B*b)) - (a'*C*b)*(A + "
     "A')*a/(2*(a'*A*a)*sqrt((a'*A*a)*(b'*B*b)))"},
    {"powers", "y = A^2*x", "A", "kron(x'*A', I) + kron(x', A)"},
    {"trig", "f = sum(sin(x) .* cos(x))", "x", "cos(x).^2 - sin(x).^2"},
    {"gelu", "y = x .* Phi(x)", "x", "diag(Phi(x) + x .* phi(x))"},
    {"blocks", "y = [A, B]*x", "x", "[A, B]"},
    {"mean", "f = mean(X*w)", "w", "~X'*ones(n,1)/n"},
    /* Textbooks once more: what is the same after a sign, a power, a quotient, a trace.
     */
    {"log-det", "f = log(abs(det(X)))", "X", "inv(X)'"},
    {"errors", "y = erf(x)", "x", "2/sqrt(pi)*diag(exp(-x.^2))"},
    {"norm", "f = norm(x)^lambda", "x", "lambda*norm(x)^(lambda - 2)*x"},
    {"roots", "f = sum(x.^3)^(1/3)", "x", "x.^2/sum(x.^3)^(2/3)"},
    {"softsign", "y = x ./ (1 + abs(x))", "x", "diag(1 ./ (1 + abs(x)).^2)"},
    {"tanh", "y = (exp(x) - exp(-x)) ./ (exp(x) + exp(-x))", "x",
     "4*diag(1 ./ (exp(x) + exp(-x)).^2)"},
    {"Cayley", "f = (1 - x'*x)/(1 + x'*x)", "x", "-4*x/(1 + x'*x)^2"},
    {"pencil", "f = det(A + lambda*B)", "lambda",
     "det(A + lambda*B)*tr(inv(A + lambda*B)*B)"},
    {"pencil", "f = tr(inv(A + lambda*B)*C)", "lambda",
     "-tr(inv(A + lambda*B)*C*inv(A + lambda*B)*B)"},
    {"projection", "f = y'*X*inv(X'*X)*X'*y", "X",
     "2*(I - X*inv(X'*X)*X')*y*y'*X*inv(X'*X)"},
    {"triplet", "f = max(0, norm(x - y)^2 - norm(x - z)^2 + lambda)", "x",
     "2*ind(norm(x - y)^2 - norm(x - z)^2 + lambda > 0)*(z - y)"},
    {"cubic", "f = x'*diag(x)*x", "x", "3*x.^2"},
    /* f is a number, and so are the letters that it needs to be one. */
    {"quadratic", "f = x'*A*x + b'*x + c", "x", "(A + A')*x + b"},
    {"covariance", "f = n/2*log(det(S)) + 1/2*tr(inv(S)*X'*X)", "S",
     "1/2*(n*inv(S)' - inv(S)'*X'*X*inv(S)')"},
    {"logistic", "f = log(1 + exp(w'*x + b))", "w", "sigma(w'*x + b)*x"},
    {"mean squares", "f = norm(X*w - y)^2/(2*n)", "w", "X'*(X*w - y)/n"},
    /* Greek letters where a vector stands. */
    {"regression", "f = norm(y - X*beta)^2", "beta", "-2*X'*(y - X*beta)"},
    {"regression", "f = norm(X*theta - y)^2/(2*m)", "theta", "X'*(X*theta - y)/m"},
    {"Gaussian", "f = (x - mu)'*inv(S)*(x - mu)", "mu", "-(inv(S) + inv(S)')*(x - mu)"},
    {"kernel", "f = alpha'*K*alpha - 2*alpha'*y", "alpha", "(K + K')*alpha - 2*y"},
    /* What has a name is called by it. */
    {"softmax", "S = sum(exp(z)); y = exp(z)/S", "z", "diag(y) - y*y'"},
    {"normalised", "y = x/norm(x)", "x", "(I - y*y')/norm(x)"},
    {"inverse", "y = inv(X)*b", "X", "-kron(y', inv(X))"},
    {"cosine", "f = x'*y/norm(x)", "x", "y/norm(x) - f*x/norm(x)^2"},
    {"sigmoid by hand", "y = 1/(1 + exp(-A*x))", "x",
     "diag(sigma(A*x) .* (1 - sigma(A*x)))*A"},
    {"softmax by hand", "y = exp(x)/sum(exp(x))", "x", "diag(y) - y*y'"},
    {"softmax by hand", "f = log(sum(exp(A*x)))", "x", "A'*softmax(A*x)"},
    {"layer norm", "y = (x - mean(x))/sqrt(mean((x - mean(x)).^2) + lambda)", "x",
     "(eye(n) - ones(n,1)*ones(n,1)'/n - y*y'/n)/sqrt(mean((x - mean(x)).^2) + lambda)"},
    {"normalised", "y = A*x/norm(A*x)", "x", "(eye(m) - y*y')*A/norm(A*x)"},
    {"Rayleigh", "f = x'*A*x/(x'*x)", "x", "((A + A')*x - 2*f*x)/(x'*x)"},
    {"cosine", "f = x'*y/(norm(x)*norm(y))", "x", "(y/norm(y) - f*x/norm(x))/norm(x)"},
    {"contrastive", "f = log(exp(a'*b) + exp(a'*c)) - a'*b", "a",
     "(exp(a'*b)*b + exp(a'*c)*c)/(exp(a'*b) + exp(a'*c)) - b"},
    {"Magnus-Neudecker", "y = kron(a, x)", "x", "kron(a, eye(m))"},
    {"Magnus-Neudecker", "y = kron(x, x)", "x", "kron(x, I) + kron(I, x)"},
    {"flow", "y = expm(-lambda*A)*x", "lambda", "-A*expm(-lambda*A)*x"},
    {"flow", "f = tr(A*expm(lambda*B))", "lambda", "tr(A*B*expm(lambda*B))"},
    {"calculus", "f = x[1]*x[2] + sin(x[3])", "x", "[x[2]; x[1]; cos(x[3])]"},
    {"Rosenbrock", "f = 100*(x[2] - x[1]^2)^2 + (1 - x[1])^2", "x",
     "[-400*x[1]*(x[2] - x[1]^2) - 2*(1 - x[1]); 200*(x[2] - x[1]^2)]"},
    {"calculus", "y = [x[1]*x[2]; x[2]^2; sin(x[1])]", "x",
     "[x[2], x[1]; 0, 2*x[2]; cos(x[1]), 0]"},
    /* Magnus and Neudecker: what changes places with its transpose. */
    {"commutation", "Y = X'", "X", "comm(m,n)"},
    {"commutation", "y = vec(X')", "X", "comm(m,n)"},
    {"commutation", "Y = A*X'*B", "X", "kron(B', A)*comm(p,n)"},
    {"commutation", "Y = X*X'", "X", "(eye(m*m) + comm(m,m))*kron(X, eye(m))"},
    {"commutation", "Y = X'*X", "X", "(eye(n*n) + comm(n,n))*kron(eye(n), X')"},
    {"commutation", "Y = X'*A*X", "X",
     "kron(X'*A', eye(n))*comm(m,n) + kron(eye(n), X'*A)"},
    {"commutation", "Y = X*B*X'", "X",
     "kron(X*B', eye(m)) + kron(eye(m), X*B)*comm(m,n)"},
    {"commutation", "Y = inv(X)'", "X", "-kron(inv(X), inv(X)')*comm(n,n)"},
    {"commutation", "Y = inv(X'*X)", "X",
     "-(eye(n*n) + comm(n,n))*kron(inv(X'*X), inv(X'*X)*X')"},
    {"commutation", "Y = (X + X')/2", "X", "(eye(n*n) + comm(n,n))/2"},
    {"commutation", "Y = X - X'", "X", "eye(n*n) - comm(n,n)"},
    {"commutation", "Y = A .* X'", "X", "diag(vec(A))*comm(n,m)"},
    /* Letters that multiply I or the matrix of an exponential are numbers; c in z[c] is a
     * place. */
    {"Gaussian process", "L = 1/2*y'*inv(K + s*I)*y + 1/2*log(det(K + s*I))", "s",
     "1/2*(tr(inv(K + s*eye(n))) - y'*inv(K + s*eye(n))*inv(K + s*eye(n))*y)"},
    {"Gaussian process", "L = y'*inv(K + s^2*I)*y", "s",
     "-2*s*y'*inv(K + s^2*eye(n))*inv(K + s^2*eye(n))*y"},
    {"factor analysis", "f = log(det(W*W' + s*I)) + tr(inv(W*W' + s*I)*S)", "W", NULL},
    {"log-det", "f = log(det(X*X' + lambda*I))", "X", "2*inv(X*X' + lambda*eye(m))*X"},
    {"flow", "Y = expm(t*A)", "t", "A*expm(t*A)"},
    {"flow", "y = expm(-t*A)*x", "t", "-A*expm(-t*A)*x"},
    {"softmax", "L = logsumexp(z) - z[c]", "z", "~softmax(z) - e_c"},
    {"softmax", "L = -log(softmax(W*x + b)[c])", "W", "~(softmax(W*x + b) - e_c)*x'"},
    {"entries", "f = A[i,j]", "A", "~e_i*e_j'"},
    {"entries", "f = inv(A)[i,j]", "A", "~-inv(A)[i,.]'*inv(A)[.,j]'"},
    {"hinge", "L = sum(j, max(0, s[j] - s[k] + 1))", "s",
     "~ind(s - s[k] + 1 > 0) - sum(ind(s - s[k] + 1 > 0))*e_k"},
    {"det", "f = det(X^3)", "X", "3*det(X)^3*inv(X)'"},
    {"det", "f = log(det(X^2))", "X", "2*inv(X)'"},
    {"det", "f = det(expm(X))", "X", "exp(tr(X))*eye(n)"},
    {"det", "f = log(det(expm(A*X)))", "X", "A'"},
    {"Kronecker", "f = log(det(kron(A, X)))", "X", "~n*inv(X)'"},
    {"Kronecker", "f = norm(kron(A, X))^2", "X", "2*norm(A)^2*X"},
    {"Kronecker", "f = sum(kron(A, X))", "X", "~sum(A)*ones(m,1)*ones(n,1)'"},
    {"powers", "f = tr(X^-2)", "X", "-2*inv(X)'*inv(X)'*inv(X)'"},
    {"powers", "Y = X^-2", "X",
     "-(kron(inv(X)'*inv(X)', inv(X)) + kron(inv(X)', inv(X)*inv(X)))"},
    {"diagonal", "f = x'*inv(diag(s))*x", "x", "2*inv(diag(s))*x"},
    {"diagonal", "f = x'*inv(diag(s))*x", "s", "-(inv(diag(s))*x).^2"},
    /* Magnus and Neudecker, Matrix Differential Calculus, 9.14; Van Loan, 1978; for A of
     * one column K is the identity. */
    {"vec", "Y = kron(A, X)", "X",
     "kron(kron(eye(n), comm(q,m)), eye(p))*kron(vec(A), eye(p*q))"},
    {"vec", "Y = kron(X, A)", "X",
     "kron(kron(eye(n), comm(q,m)), eye(p))*kron(eye(m*n), vec(A))"},
    {"vec", "Y = kron(X, X)", "X",
     "kron(kron(eye(n), comm(n,m)), eye(m))*(kron(eye(m*n), vec(X)) + "
     "kron(vec(X), eye(m*n)))"},
    {"vec", "Y = kron(A, x)", "x", "kron(vec(A), eye(p))"},
    {"vec", "y = kron(X, A)*b", "X",
     "kron(b', eye(m*p))*kron(kron(eye(n), comm(q,m)), eye(p))*kron(eye(m*n), vec(A))"},
    {"vec", "Y = kron(inv(X), A)", "X",
     "-kron(kron(eye(n), comm(p,n)), eye(m))*kron(eye(n*n), vec(A))*kron(inv(X)', "
     "inv(X))"},
    {"vec", "Y = kron(A, X')", "X",
     "kron(kron(eye(n), comm(p,m)), eye(q))*kron(vec(A), eye(p*q))*comm(p,q)"},
    {"vec", "Y = expm(X)", "X",
     "kron([1, 0], eye(n*n))*expm([kron(eye(n), X), eye(n*n); 0, kron(X', "
     "eye(n))])*kron([0; 1], eye(n*n))"},
    {"vec", "Y = tanh(kron(A, X)) .* B", "X", NULL},
    {"vec", "Y = X - expm(X*X)/2", "X", NULL},
    {"vec", "f = tr(A*expm(X)*B*expm(X)) + norm(kron(C, X)*b)", "X", NULL},
    /* Khatri and Rao, 1968: column k of B' * A is b_k (x) a_k; entry by entry the same.
     */
    {"Khatri-Rao", "y = diag(X)", "X",
     "kron(eye(n), ones(n,1)') .* kron(ones(n,1)', "
     "eye(n))"},
    {"Khatri-Rao", "Y = A*diag(x)*B", "x", "kron(B', ones(m,1)) .* kron(ones(p,1), A)"},
    {"Khatri-Rao", "y = diag(A*X*B)", "X", "kron(B', ones(n,1)') .* kron(ones(p,1)', A)"},
    {"Khatri-Rao", "y = diag(X*X')", "X",
     "2*(kron(X, ones(m,1)') .* kron(ones(n,1)', eye(m)))"},
    {"Khatri-Rao", "Y = A*diag(sin(x))*B", "x", NULL},
    {"products", "f = prod(x)", "x", "prod(x) ./ x"},
    {"products", "f = log(prod(x))", "x", "1 ./ x"},
    {"products", "f = prod(A*x)", "x", "prod(A*x)*A'*(1 ./ (A*x))"},
    {"products", "f = prod(x)^2", "x", "2*prod(x)^2 ./ x"},
    {"norms", "f = norm(x, 1)", "x", "sign(x)"},
    {"norms", "f = norm(A*x - b, 1)", "x", "A'*sign(A*x - b)"},
    {"norms", "f = norm(x, 2)^2", "x", "2*x"},
    {"norms", "f = norm(X, F)^2", "X", "2*X"},
    {"diagonal", "f = sum(diag(X).^2)", "X", "2*diag(diag(X))"},
    {"swish", "y = z .* sigma(z)", "z", "diag(sigma(z) .* (1 + z .* (1 - sigma(z))))"},
    /* Vectors of space; a letter before a vector is a number; so is all of a cost with a
     * square; norms of other powers; a matrix beside its inverse. */
    {"space", "f = a'*cross(b, x)", "x", "cross(a, b)"},
    {"space", "f = norm(cross(a, x))^2", "x", "2*cross(cross(a, x), a)"},
    {"space", "f = norm(cross(a, x) - b)^2", "x", "2*cross(cross(a, x) - b, a)"},
    {"scale", "f = 1/2*norm(s*x - y)^2", "s", "x'*(s*x - y)"},
    {"scale", "y = t*x + (1 - t)*z", "t", "x - z"},
    {"squares", "L = (w*x + b - y)^2", "w", "2*(w*x + b - y)*x"},
    {"squares", "f = 1/2*(r + gamma*v - q)^2", "q", "-(r + gamma*v - q)"},
    {"logit", "f = log(p/(1 - p))", "p", "1/p + 1/(1 - p)"},
    {"focal", "f = -(1 - p)^2*log(p)", "p", "2*(1 - p)*log(p) - (1 - p)^2/p"},
    {"norms", "f = norm(x, inf)", "x", "ind(abs(x) = f) .* sign(x)"},
    {"norms", "f = norm(A*x - b, inf)", "x",
     "~A'*(ind(abs(A*x - b) = f) .* sign(A*x - b))"},
    {"norms", "f = norm(x, 4)^4", "x", "4*abs(x).^3 .* sign(x)"},
    {"norms", "f = norm(x, p)", "x", NULL},
    {"products", "f = prod(i, x[i])^2", "x", "2*prod(x)^2 ./ x"},
    {"Newton", "y = x - inv(H)*(H*x - b)", "b", "inv(H)"},
    {"entries", "y = (A .* B)*x", "A", "kron(x', eye(m))*diag(vec(B))"},
    {"entries", "Y = diag(x)*B", "x", "diag(vec(B))*kron(ones(m,1), eye(n))"},
    {"Khatri-Rao", "y = diag(X*X')", "X", "2*kron(ones(n,1)', eye(m))*diag(vec(X))"},
    {"vec", "f = norm(kron(a, x) - b)^2", "x", "~2*(kron(a, x) - b)'*kron(a, eye(m))"},
    {"vec", "f = norm(expm(X))^2", "X", NULL},
    /* Losses and models as papers have them. */
    {"94", "f = a'*X^3*b", "X", "a*b'*X'*X' + X'*a*b'*X' + X'*X'*a*b'"},
    {"95", "f = a'*(X^2)'*X^2*b", "X",
     "X*X*b*a'*X' + X'*X*X*b*a' + X*X*a*b'*X' + X'*X*X*a*b'"},
    {"127", "f = tr(inv(A + X'*C*X)*(X'*B*X))", "X", NULL},
    {"Magnus-Neudecker", "f = tr(A*X*B*X')", "X", "A'*X*B' + A*X*B"},
    {"Magnus-Neudecker", "f = norm(A - inv(X))^2", "X", "2*inv(X)'*(A - inv(X))*inv(X)'"},
    {"Magnus-Neudecker", "Y = det(X)*X", "X", "det(X)*(eye(n*n) + vec(X)*vec(inv(X)')')"},
    {"Magnus-Neudecker", "f = log(det(I - A))", "A", "-inv(eye(n) - A)'"},
    {"InfoNCE", "f = logsumexp(K*q/tau) - q'*k/tau", "q",
     "(K'*softmax(K*q/tau) - k)/tau"},
    {"word2vec", "f = -log(sigma(u'*v)) - sum(log(sigma(-N*v)))", "v",
     "-sigma(-u'*v)*u + N'*sigma(N*v)"},
    {"GloVe", "f = sum(F .* (U*V' - C).^2)", "U", "2*(F .* (U*V' - C))*V"},
    {"ICA", "f = -sum(log(cosh(W*x))) - log(abs(det(W)))", "W",
     "-tanh(W*x)*x' - inv(W)'"},
    {"acyclic", "f = -log(det(s*I - W .* W))", "W", "2*inv(s*eye(n) - W .* W)' .* W"},
    {"Hopfield", "f = 1/2*norm(z)^2 - logsumexp(X*z)", "z", "z - X'*softmax(X*z)"},
    {"quadratic", "f = 1/2*x'*(A + A')*x - b'*x", "x", "(A + A')*x - b"},
    {"logarithm", "f = -sum(log(x .* y))", "x", "-1 ./ x"},
    {"logarithm", "y = log(-x)", "x", "diag(1 ./ x)"},
    {"Student", "f = (1 + norm(x - y)^2/v)^(-(v + 1)/2)", "x",
     "-(v + 1)/v*(1 + norm(x - y)^2/v)^(-(v + 1)/2 - 1)*(x - y)"},
    {"low rank", "y = (W + B*A)*x", "A", "kron(x', B)"},
    {"low rank", "y = (W + B*A)*x", "B", "kron(x'*A', eye(m))"},
    {"transport", "f = sum(P .* C) + lambda*sum(P .* (log(P) - 1))", "P",
     "C + lambda*log(P)"},
    {"overlap", "f = x'*y/(sum(x) + sum(y) - x'*y)", "x",
     "y/(sum(x) + sum(y) - x'*y) - x'*y*(1 - y)/(sum(x) + sum(y) - x'*y)^2"},
    {"total variation", "f = sum(sqrt((D*x).^2 + epsilon))", "x",
     "D'*(D*x ./ sqrt((D*x).^2 + epsilon))"},
    /* Traces of powers, ratios and sums of determinants, lines through matrices. */
    {"121", "f = tr(X^k)", "X", "~k*(X^(k - 1))'"},
    {"121", "f = tr((A*X)^k)", "X", "~k*A'*((A*X)^(k - 1))'"},
    {"121", "f = tr(X^4)", "X", "4*(X*X*X)'"},
    {"123", "f = tr(A*X^3)", "X", "(X*X*A + X*A*X + A*X*X)'"},
    {"114", "f = tr(X'*A*X*B*X'*C*X)", "X", NULL},
    {"133", "f = tr((X'*X)^2)", "X", "4*X*X'*X"},
    {"54", "f = det(X'*X)", "X", "2*det(X'*X)*X*inv(X'*X)"},
    {"50", "f = det(X + A)", "X", "det(X + A)*inv(X + A)'"},
    {"discriminant", "f = log(det(X'*A*X)) - log(det(X'*B*X))", "X",
     "A*X*inv(X'*A*X) + A'*X*inv(X'*A'*X) - B*X*inv(X'*B*X) - B'*X*inv(X'*B'*X)"},
    {"discriminant", "f = tr(inv(X'*A*X)*X'*B*X)", "X", NULL},
    {"43", "f = log(det(A + t*B))", "t", "tr(inv(A + t*B)*B)"},
    {"40", "Y = inv(A + t*B)", "t", "-inv(A + t*B)*B*inv(A + t*B)"},
    {"46", "f = det(A + t*B)", "t", "det(A + t*B)*tr(inv(A + t*B)*B)"},
    {"line", "f = a'*inv(A + t*B)*b", "t", "-a'*inv(A + t*B)*B*inv(A + t*B)*b"},
    {"line", "f = norm(X + t*D)^2", "t", "2*sum((X + t*D) .* D)"},
    {"line", "f = x'*(A - s*B)*x", "s", "-x'*B*x"},
    {"recurrent", "y = z*W + s*U", "s", "U'"}, /* s is a row, as z is */
    {"recurrent", "y = tanh(z*W + c*U + b)", "c", "diag(1 - y.^2)*U'"},
    {"line", "f = norm(x + t*p)^2", "t", "2*p'*(x + t*p)"},
    {"rotation", "Y = [cos(t), -sin(t); sin(t), cos(t)]", "t",
     "[-sin(t), -cos(t); cos(t), -sin(t)]"},
    {"powers", "f = sum(abs(x).^p)", "x", "p*abs(x).^(p - 1) .* sign(x)"},
    {"powers", "f = sum(x.^p)^(1/p)", "x", "sum(x.^p)^(1/p - 1)*x.^(p - 1)"},
    {"hat", "y = X*inv(X'*X)*X'*z", "z", "X*inv(X'*X)*X'"},
    {"normal", "f = n*log(s) + norm(y - X*beta)^2/(2*s^2)", "s",
     "n/s - norm(y - X*beta)^2/s^3"},
    {"Nash-Sofer", "f = -sum(log(b - A*x)) + t*c'*x", "x", "A'*(1 ./ (b - A*x)) + t*c"},
    {"perspective", "f = t*logsumexp(x/t)", "t", "logsumexp(x/t) - x'*softmax(x/t)/t"},
    {"perspective", "f = t*log(sum(exp(x/t)))", "x", "softmax(x/t)"},
    {"ratio", "f = norm(A*x)/norm(B*x)", "x",
     "A'*A*x/(norm(A*x)*norm(B*x)) - norm(A*x)*B'*B*x/norm(B*x)^3"},
    {"ratio", "f = norm1(x)/norm(x)", "x", "sign(x)/norm(x) - norm1(x)*x/norm(x)^3"},
    {"potential", "f = 1/norm(x - y)", "x", "-(x - y)/norm(x - y)^3"},
    {"potential", "f = log(norm(x - y))", "x", "(x - y)/norm(x - y)^2"},
    {"means", "f = 1/sum(1 ./ x)", "x", "1 ./ (x.^2*sum(1 ./ x)^2)"},
    {"means", "f = sum(x)^2/sum(x.^2)", "x",
     "2*sum(x)/sum(x.^2) - 2*sum(x)^2*x/sum(x.^2)^2"},
    {"means", "f = mean((x - mean(x)).^2)", "x", "~2*(x - mean(x))/n"},
    {"means", "f = (x - mean(x))'*(y - mean(y))", "x", "y - mean(y)"},
    {"divergence", "f = sum(X .* log(X ./ (A*B)) - X + A*B)", "A", "(1 - X ./ (A*B))*B'"},
    {"divergence", "f = sum((sqrt(p) - sqrt(q)).^2)", "p", "1 - sqrt(q) ./ sqrt(p)"},
    {"masked", "f = sum(M .* (X - W*H).^2)", "H", "-2*W'*(M .* (X - W*H))"},
    {"spectral", "f = tr(F'*L*F) + norm(F - Y)^2", "F", "(L + L')*F + 2*(F - Y)"},
    {"spectral", "f = tr(W'*X*L*X'*W)", "W", "X*(L + L')*X'*W"},
    {"network", "f = norm(W*relu(V*x) - y)^2", "V",
     "2*(W'*(W*relu(V*x) - y) .* ind(V*x > 0))*x'"},
    {"network", "f = norm(W*relu(V*x) - y)^2", "W", "2*(W*relu(V*x) - y)*relu(V*x)'"},
    {"network", "f = norm(sigma(X*w) - y)^2", "w",
     "2*X'*((sigma(X*w) - y) .* sigma(X*w) .* (1 - sigma(X*w)))"},
    {"expected", "f = softmax(x)'*a", "x",
     "softmax(x) .* a - (softmax(x)'*a)*softmax(x)"},
    {"expected", "f = sum(softmax(x).^2)", "x",
     "2*(softmax(x).^2 - sum(softmax(x).^2)*softmax(x))"},
    {"shares", "y = x/sum(x)", "x", "(eye(n) - y*ones(n,1)')/sum(x)"},
    {"shares", "y = x.^2/sum(x.^2)", "x", "2*(diag(x) - y*x')/sum(x.^2)"},
    {"reflection", "y = x - 2*(a'*x)/(a'*a)*a", "x", "I - 2*a*a'/(a'*a)"},
    {"Sherman-Morrison", "y = inv(A + x*x')*a", "a", "inv(A + x*x')"},
    {"centred", "y = (x - mean(x))/norm(x - mean(x))", "x",
     "(eye(n) - ones(n,1)*ones(n,1)'/n - y*y')/norm(x - mean(x))"},
    {"adjugate", "Y = det(X)*inv(X)", "X", "vec(Y)*vec(inv(X)')' - kron(inv(X)', Y)"},
    {"pseudo-inverse", "Y = X*inv(X'*X)", "X", NULL},
    /* Rows of a matrix one at a time; cells of a matrix that are numbers; numbers below a
     * product that is its own transpose; inverses that are not theirs. */
    {"rows", "L = sum(i, (X[i,.]' - mu)'*P*(X[i,.]' - mu))", "mu",
     "-(P + P')*(X' - mu*ones(m,1)')*ones(m,1)"},
    {"rows", "L = sum(i, (X[i,.]' - mu)'*P*(X[i,.]' - mu))", "P",
     "(X' - mu*ones(m,1)')*(X - ones(m,1)*mu')"},
    {"rows", "L = sum(i, (y[i] - X[i,.]*w)^2)", "w", "-2*X'*(y - X*w)"},
    {"rows", "L = sum(i, log(1 + exp(-y[i]*X[i,.]*w)))", "w",
     "-X'*(y .* sigma(-y .* (X*w)))"},
    {"rows", "f = sum(i, a[i]*exp(-lambda*norm(x - Y[i,.]')^2))", "x",
     "-2*lambda*(x*ones(n,1)' - Y')*(a .* exp(-lambda*(ones(n,1)*x' - Y).^2*ones(m,1)))"},
    {"rows", "f = sum(i, a[i]*norm(x - Y[i,.]'))", "x", NULL},
    {"two-link arm",
     "y = [a*cos(q[1]) + b*cos(q[1] + q[2]); a*sin(q[1]) + b*sin(q[1] + q[2])]", "q",
     "[-a*sin(q[1]) - b*sin(q[1] + q[2]), -b*sin(q[1] + q[2]); a*cos(q[1]) + b*cos(q[1] "
     "+ q[2]), b*cos(q[1] + q[2])]"},
    {"unicycle", "y = [x[1] + v*cos(x[3])*t; x[2] + v*sin(x[3])*t; x[3] + w*t]", "x",
     "[1, 0, -v*sin(x[3])*t; 0, 1, v*cos(x[3])*t; 0, 0, 1]"},
    {"centred", "f = tr(X'*(I - ones(n)*ones(n)'/n)*X)", "X",
     "2*(eye(n) - ones(n,1)*ones(n,1)'/n)*X"},
    {"inverse", "Y = inv(X)*inv(X)", "X", "-(kron(Y', inv(X)) + kron(inv(X)', Y))"},
    {"inverse", "f = x'*A*inv(B)*A'*x", "x", "A*(inv(B) + inv(B)')*A'*x"},
    {"ridge", "b = inv(X'*X + lambda*I)*X'*y", "lambda", "-inv(X'*X + lambda*eye(n))*b"},
    {"ridge", "b = inv(X'*X + lambda*I)*X'*y", "y", "inv(X'*X + lambda*eye(n))*X'"},
    {"vec", "f = vec(X)'*A*vec(X)", "X", "~vec(X)'*(A + A')"},
    {"quaternion", "y = (w^2 - v'*v)*z + 2*(z'*v)*v + 2*w*cross(v, z)", "v", NULL},
    {"space", "y = cross(a', x')", "x", NULL}, /* of rows */
    {"Lorentz", "f = acosh(x'*y)", "x", "y/sqrt((x'*y)^2 - 1)"},
    {"area functions", "y = asinh(x)", "x", "diag(1 ./ sqrt(1 + x.^2))"},
    {"area functions", "y = atanh(x)", "x", "diag(1 ./ (1 - x.^2))"},
    {"Mahalanobis", "f = sqrt((x - m)'*inv(S)*(x - m))", "S",
     "-inv(S)'*(x - m)*(x - m)'*inv(S)'/(2*f)"},
    {"normal", "f = exp(-1/2*(x - m)'*inv(S)*(x - m))/sqrt(det(S))", "S",
     "f/2*(inv(S)'*(x - m)*(x - m)'*inv(S)' - inv(S)')"},
    {"Kullback-Leibler",
     "f = tr(inv(S)*T) + (m - n)'*inv(S)*(m - n) - log(det(T)) + log(det(S))", "S",
     "inv(S)' - inv(S)'*(T' + (m - n)*(m - n)')*inv(S)'"},
    {"Wishart", "f = (n - p - 1)/2*log(det(X)) - 1/2*tr(inv(V)*X)", "X",
     "(n - p - 1)/2*inv(X)' - 1/2*inv(V)'"},
    {"Riccati", "Y = A'*P + P*A - P*B*P + Q", "P",
     "kron(eye(n), A' - P*B) + kron(A' - P'*B', eye(n))"},
    {"commutator", "f = norm(A*X - X*A)^2", "X", "2*(A'*(A*X - X*A) - (A*X - X*A)*A')"},
    {"Welsch", "f = sum(1 - exp(-(A*x - b).^2/2))", "x",
     "A'*((A*x - b) .* exp(-(A*x - b).^2/2))"},
    {"rational quadratic", "f = (1 + norm(x - y)^2/(2*a*l^2))^(-a)", "x",
     "-(1 + norm(x - y)^2/(2*a*l^2))^(-a - 1)*(x - y)/l^2"},
    {"Poincare", "f = norm(x - y)^2/((1 - norm(x)^2)*(1 - norm(y)^2))", "x",
     "2*(x - y)/((1 - norm(x)^2)*(1 - norm(y)^2)) + 2*f*x/(1 - norm(x)^2)"},
    {"cubic", "Y = X*X'*X", "X",
     "kron(X'*X, eye(m)) + kron(X', X)*comm(m,n) + kron(eye(n), X*X')"},
};

struct seen {
  const char *key;
  const struct jac_symbol *symbol;
};

static bool find(const struct jac_term *t, void *context) {
  struct seen *seen = context;
  if (t->kind == JAC_TERM_SYMBOL && strcmp(t->symbol->key, seen->key) == 0)
    seen->symbol = t->symbol;
  else if (t->kind == JAC_TERM_SYMBOL && t->symbol->body)
    jac_term_walk(t->symbol->body, find, context);
  return true;
}

/* How long it is; eye(n), ones(n,1), comm(m,n) are a sign, as I, a bold 1 and K are. */
static size_t length(const char *text) {
  size_t n = 0;
  for (const char *c = text; *c; c++, n++)
    if (strncmp(c, "eye(", 4) == 0 || strncmp(c, "ones(", 5) == 0 ||
        strncmp(c, "comm(", 5) == 0)
      c = strchr(c, ')');
  return n;
}

/* The shapes of what is given, as the first reading found them. */
static size_t shapes(struct jac_defined *d, struct jac_named_size *size) {
  struct jac_writing w = {.notation = JAC_NOTATION_ASCII};
  size_t count = 0;
  for (size_t k = 0; k < d->variables; k++) {
    struct jac_dim *side[2] = {d->variable[k]->type.rows, d->variable[k]->type.cols};
    const char *text[2];
    for (size_t s = 0; s < 2; s++) {
      struct jac_buffer b = JAC_BUFFER_INIT;
      jac_term_write(&w, jac_make_size(&d->make, side[s]), &b);
      text[s] = jac_pool_text(&d->terms, b.text);
      jac_buffer_free(&b);
    }
    size[count++] = (struct jac_named_size){d->variable[k]->key, text[0], text[1]};
  }
  return count;
}

static void check_row(const struct row *row) {
  struct jac_defined *d = calloc(1, sizeof *d);
  struct jac_error err = {0};
  struct jac_named_size number = {"lambda", "1", "1"};
  ck_assert_msg(jac_define(d, row->definition, &number, 1, &err) == JAC_OK, "%s: %s",
                row->definition, err.message);
  const struct jac_symbol *x = jac_defined_variable(d, row->wrt);
  ck_assert_ptr_nonnull(x);
  struct jac_index_form form;
  enum jac_layout layout = JAC_LAYOUT_JACOBIAN;
  unsigned rules;
  bool indices = jac_index_form(&form, &d->make, d->term, x);
  const struct jac_term *closed = indices ? jac_closed_form(&form, d->term, &layout)
                                          : jac_by_vec(&d->make, d->term, x, &rules);
  ck_assert_msg(closed != NULL, "%s has no closed form: %s", row->definition,
                form.refusal);
  const struct jac_term *value = jac_make_derivative(&d->make, d->term, x, layout);
  ck_assert_msg(jac_terms_agree(&d->make, value, closed, NULL, 0, NULL, NULL),
                "(%s) %s: the closed form is wrong", row->source, row->definition);
  /* It is compared with something: twice it is not it, unless it is zero. */
  const struct jac_term *twice =
      jac_make_times(&d->make, jac_make_number(&d->make, 2), closed);
  ck_assert_msg(!jac_terms_agree(&d->make, value, twice, NULL, 0, NULL, NULL),
                "%s: anything would do", row->definition);
  struct jac_writing w = {.notation = JAC_NOTATION_ASCII};
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_term_write(&w, closed, &text);
  if (row->closed) {
    ck_assert_msg(2 * length(text.text) <= 3 * length(row->closed) + 4, "%s: %s for %s",
                  row->definition, text.text, row->closed);
  }
  if (row->closed && *row->closed != '~') {
    /* What is written reads back with the same value. */
    struct jac_buffer both = JAC_BUFFER_INIT;
    struct jac_named_size size[32];
    size_t sizes = shapes(d, size);
    const char *forms[2] = {text.text, row->closed};
    for (size_t k = 0; k < 2; k++) {
      struct jac_defined *back = calloc(1, sizeof *back);
      jac_buffer_clear(&both);
      const char *g = layout == JAC_LAYOUT_JACOBIAN ? "Q_1" : "q_1";
      jac_buffer_printf(&both, "%s; %s = %s", row->definition, g, forms[k]);
      ck_assert_msg(jac_define(back, both.text, size, sizes, &err) == JAC_OK, "%s: %s",
                    both.text, err.message);
      /* The output of the definition in the terms of this reading. */
      const struct jac_syntax *name = NULL;
      size_t position;
      ck_assert_int_eq(jac_notation_read(&back->notation, d->output->key, false, &name,
                                         &position, NULL),
                       JAC_OK);
      const struct jac_term *y = jac_elaborate(&back->elaboration, name);
      ck_assert_ptr_nonnull(y);
      back->make.ids += 1000000;
      /* Where the closed form has no x, the definition has. */
      struct seen seen = {.key = row->wrt};
      jac_term_walk(y, find, &seen);
      ck_assert_ptr_nonnull(seen.symbol);
      const struct jac_term *again =
          jac_make_derivative(&back->make, y, seen.symbol, layout);
      ck_assert_msg(jac_terms_agree(&back->make, again, back->term, NULL, 0, NULL, NULL),
                    "(%s) %s: %s reads as something else", row->source, row->definition,
                    forms[k]);
      jac_defined_free(back);
      free(back);
    }
    jac_buffer_free(&both);
  }
  jac_buffer_free(&text);
  jac_defined_free(d);
  free(d);
}

START_TEST(closed_forms) {
  check_row(&rows[_i]);
}
END_TEST

static char *index_text(const char *definition, const char *wrt) {
  struct jac_defined *d = calloc(1, sizeof *d);
  struct jac_index_form form;
  struct jac_buffer b = JAC_BUFFER_INIT;
  ck_assert_int_eq(jac_define(d, definition, NULL, 0, NULL), JAC_OK);
  ck_assert(jac_index_form(&form, &d->make, d->term, jac_defined_variable(d, wrt)));
  struct jac_writing w = {.notation = JAC_NOTATION_ASCII};
  jac_writing_see(&w, d->term);
  jac_term_write(&w, jac_expansion_term(&d->make, &form.simple), &b);
  jac_defined_free(d);
  free(d);
  return jac_buffer_take(&b);
}

START_TEST(nothing_is_divided) {
  static const struct {
    const char *definition, *wrt, *index;
  } cases[] = {
      {"y = prod(i, x[i])", "x", "prod(i, i != j, x[i])"},
      {"f = norm(x)^2", "x", "2*x[i]"},
      {"y = x.*x", "x", "2*x[i]*delta(i,j)"},
      {"g = max(i, x[i])", "x", "ind(x[i] = g)"},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    char *text = index_text(cases[k].definition, cases[k].wrt);
    ck_assert_str_eq(text, cases[k].index);
    free(text);
  }
}
END_TEST

Suite *closed_suite(void);
Suite *closed_suite(void) {
  Suite *suite = suite_create("closed");
  TCase *tcase = tcase_create("closed");
  tcase_add_loop_test(tcase, closed_forms, 0, sizeof rows / sizeof *rows);
  tcase_add_test(tcase, nothing_is_divided);
  suite_add_tcase(suite, tcase);
  return suite;
}
