/* Second derivatives as matrices: those of Boyd and Vandenberghe, Convex Optimization
 * (appendix A.4 and chapter 3), The Matrix Cookbook (2012) by its numbers, Bishop's
 * logistic regression (4.97), matrixcalculus.org's examples. Each comes out, has the
 * value of the gradient's derivative, is the source's in value, and no longer than it by
 * more than half. */
#include "jacobian/algebra/closed.h"
#include "jacobian/algebra/definition.h"
#include "jacobian/algebra/second.h"
#include "jacobian/algebra/write.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct row {
  const char *source, *definition, *wrt, *by, *closed;
  struct jac_named_size size[2];
};

#define PLAIN                                                                            \
  {                                                                                      \
    { NULL, NULL, NULL }                                                                 \
  }

static const struct row rows[] = {
    {"A.4.4", "f = 1/2*x'*P*x + q'*x + r", "x", "x", "1/2*(P + P')", {{"r", "1", "1"}}},
    {"Rayleigh", "f = x'*A*x/(x'*x)", "x", "x",
     "(A + A' - 2*f*I - 2*((A + A')*x*x' + x*x'*(A + A'))/(x'*x) + 8*f*x*x'/(x'*x))/"
     "(x'*x)",
     PLAIN},
    {"logarithm", "f = log(x'*A*x)", "x", "x",
     "(A + A' - (A + A')*x*x'*(A + A')/(x'*A*x))/(x'*A*x)", PLAIN},
    {"sigmoid", "f = sigma(w'*x)", "w", "w", "f*(1 - f)*(1 - 2*f)*x*x'", PLAIN},
    {"log-sum-exp", "f = log(sum(exp(x)))", "x", "x",
     "diag(softmax(x)) - softmax(x)*softmax(x)'", PLAIN},
    {"98", "f = x'*A*x + b'*x", "x", "x", "A + A'", PLAIN},
    {"least squares", "f = 1/2*norm(A*x - b)^2", "x", "x", "A'*A", PLAIN},
    {"least squares", "f = norm(A*x - b)^2", "x", "x", "2*A'*A", PLAIN},
    {"least squares", "f = norm(A*x - b)^2", "x", "b", "-2*A'", PLAIN},
    {"ridge",
     "f = 1/2*norm(X*w - y)^2 + lambda/2*norm(w)^2",
     "w",
     "w",
     "X'*X + lambda*I",
     {{"lambda", "1", "1"}}},
    {"ridge",
     "f = 1/2*norm(X*w - y)^2 + lambda/2*norm(w)^2",
     "w",
     "lambda",
     "w",
     {{"lambda", "1", "1"}}},
    {"log-sum-exp, 3.1.5", "f = logsumexp(x)", "x", "x",
     "diag(softmax(x)) - softmax(x)*softmax(x)'", PLAIN},
    {"log-sum-exp, A.4.4", "f = logsumexp(A*x + b)", "x", "x",
     "A'*(diag(softmax(A*x + b)) - softmax(A*x + b)*softmax(A*x + b)')*A", PLAIN},
    {"log-sum-exp", "f = log(sum(exp(x)))", "x", "x",
     "diag(exp(x))/sum(exp(x)) - exp(x)*exp(x)'/sum(exp(x))^2", PLAIN},
    {"cross-entropy", "s = softmax(z); L = -sum(y .* log(s))", "z", "z",
     "sum(y)*(diag(s) - s*s')", PLAIN},
    {"logistic, 4.97", "p = sigma(X*w); f = -y'*log(p) - (1 - y)'*log(1 - p)", "w", "w",
     "X'*diag(p .* (1 - p))*X", PLAIN},
    {"logistic", "p = sigma(X*w); f = sum(softplus(X*w) - y .* (X*w))", "w", "w",
     "X'*diag(sigma(X*w) .* (1 - sigma(X*w)))*X", PLAIN},
    {"logistic", "f = -log(sigma(w'*x))", "w", "w", "sigma(w'*x)*(1 - sigma(w'*x))*x*x'",
     PLAIN},
    {"analytic centre, A.4.4", "f = -sum(log(b - A*x))", "x", "x",
     "A'*diag(1 ./ (b - A*x).^2)*A", PLAIN},
    {"quadratic over linear, 3.1.5",
     "f = x^2/y",
     "x",
     "y",
     "-2*x/y^2",
     {{"x", "1", "1"}, {"y", "1", "1"}}},
    {"norm", "f = norm(x)", "x", "x", "I/norm(x) - x*x'/norm(x)^3", PLAIN},
    {"norm", "f = norm(x)^2", "x", "x", "2*eye(n)", {{"x", "n", "1"}}},
    {"fourth power", "f = (x'*x)^2", "x", "x", "4*x'*x*I + 8*x*x'", PLAIN},
    {"Gaussian", "f = exp(-norm(x)^2/2)", "x", "x", "exp(-norm(x)^2/2)*(x*x' - I)",
     PLAIN},
    {"exponential", "f = exp(a'*x)", "x", "x", "exp(a'*x)*a*a'", PLAIN},
    {"entropy", "f = sum(x .* log(x))", "x", "x", "diag(1 ./ x)", PLAIN},
    {"sum", "f = sum(exp(x))", "x", "x", "diag(exp(x))", PLAIN},
    {"layer", "f = a'*tanh(B*x)", "x", "x",
     "-2*B'*diag(a .* tanh(B*x) .* (1 - tanh(B*x).^2))*B", PLAIN},
    {"bilinear", "f = x'*A*y", "x", "y", "A", PLAIN},
    {"bilinear", "f = x'*A*y", "y", "x", "A'", PLAIN},
    {"bilinear", "f = x'*A*y", "x", "x", "zeros(n,n)", {{"x", "n", "1"}}},
    {"cosine", "f = cos(a'*x)", "x", "x", "-cos(a'*x)*a*a'", PLAIN},
    {"Rosenbrock",
     "f = (1 - x)^2 + 100*(y - x^2)^2",
     "x",
     "y",
     "-400*x",
     {{"x", "1", "1"}, {"y", "1", "1"}}},
    {"trace", "f = tr(X'*X)", "X", "X", "2*kron(eye(n), eye(m))", {{"X", "m", "n"}}},
    {"trace", "f = tr(X'*A*X)", "X", "X", "kron(eye(n), A + A')", {{"X", "m", "n"}}},
    {"squares",
     "L = norm(X*W - Y)^2",
     "W",
     "W",
     "2*kron(eye(m), X'*X)",
     {{"W", "n", "m"}}},
    {"4.1", "f = log(det(X))", "X", "X", "-comm(n,n)*kron(inv(X)', inv(X))", PLAIN},
    {"root", "f = sqrt(1 + x'*x)", "x", "x", "I/sqrt(1 + x'*x) - x*x'/sqrt(1 + x'*x)^3",
     PLAIN},
    {"Poisson", "f = sum(exp(X*w) - y .* (X*w))", "w", "w", "X'*diag(exp(X*w))*X", PLAIN},
    {"cubic", "f = (a'*x)^3", "x", "x", "6*(a'*x)*a*a'", PLAIN},
    {"product", "f = (a'*x)*(b'*x)", "x", "x", "a*b' + b*a'", PLAIN},
    {"quotient", "f = x'*A*x/2 + norm(x)^4/4", "x", "x",
     "1/2*(A + A') + norm(x)^2*I + 2*x*x'", PLAIN},
    {"logarithm", "f = log(x'*x)", "x", "x", "2*I/(x'*x) - 4*x*x'/(x'*x)^2", PLAIN},
};

static bool find(const struct jac_term *t, void *context) {
  struct {
    const char *key;
    const struct jac_symbol *symbol;
  } *seen = context;
  if (t->kind == JAC_TERM_SYMBOL && strcmp(t->symbol->key, seen->key) == 0)
    seen->symbol = t->symbol;
  else if (t->kind == JAC_TERM_SYMBOL && t->symbol->body)
    jac_term_walk(t->symbol->body, find, context);
  return true;
}

static const struct jac_symbol *found(const struct jac_term *t, const char *key) {
  struct {
    const char *key;
    const struct jac_symbol *symbol;
  } seen = {key, NULL};
  jac_term_walk(t, find, &seen);
  ck_assert_msg(seen.symbol != NULL, "there is no %s", key);
  return seen.symbol;
}

static size_t sized(const struct row *row) {
  return row->size[0].name == NULL ? 0 : row->size[1].name == NULL ? 1 : 2;
}

/* A matrix written for the second derivatives of a definition has their value. */
static void holds(const struct row *row, const char *written, bool number) {
  struct jac_defined *d = calloc(1, sizeof *d);
  struct jac_buffer both = JAC_BUFFER_INIT;
  struct jac_error err = {0};
  jac_buffer_printf(&both, "%s; %s = %s", row->definition, number ? "q_1" : "Q_1",
                    written);
  ck_assert_msg(jac_define(d, both.text, row->size, sized(row), &err) == JAC_OK, "%s: %s",
                both.text, err.message);
  const struct jac_syntax *name = NULL;
  size_t position;
  const char *output = strstr(row->definition, "L = ") ? "L" : "f";
  ck_assert_int_eq(jac_notation_read(&d->notation, output, false, &name, &position, NULL),
                   JAC_OK);
  const struct jac_term *y = jac_elaborate(&d->elaboration, name);
  ck_assert_ptr_nonnull(y);
  d->make.ids += 1000000;
  struct jac_second_form form;
  ck_assert(jac_second_form(&form, &d->make, y, found(y, row->wrt), found(y, row->by)));
  ck_assert_msg(
      jac_terms_agree(&d->make, jac_second_value(&form, y), d->term, NULL, 0, NULL, NULL),
      "(%s) %s: %s reads as something else", row->source, row->definition, written);
  jac_buffer_free(&both);
  jac_defined_free(d);
  free(d);
}

START_TEST(second_derivatives) {
  const struct row *row = &rows[_i];
  struct jac_defined *d = calloc(1, sizeof *d);
  struct jac_error err = {0};
  ck_assert_msg(jac_define(d, row->definition, row->size, sized(row), &err) == JAC_OK,
                "%s: %s", row->definition, err.message);
  struct jac_second_form form;
  ck_assert_msg(jac_second_form(&form, &d->make, d->term,
                                jac_defined_variable(d, row->wrt),
                                jac_defined_variable(d, row->by)),
                "%s: %s", row->definition, form.second.refusal);
  if (row->closed == NULL) {
    ck_assert_ptr_null(form.closed);
    jac_defined_free(d);
    free(d);
    return;
  }
  ck_assert_msg(form.closed != NULL, "%s has no closed form", row->definition);
  const struct jac_term *value = jac_second_value(&form, d->term);
  struct jac_writing w = {.notation = JAC_NOTATION_ASCII};
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_term_write(&w, form.closed, &text);
  ck_assert_msg(jac_terms_agree(&d->make, value, form.closed, NULL, 0, NULL, NULL),
                "(%s) %s: %s is wrong", row->source, row->definition, text.text);
  /* It is compared with something: one more is not it. */
  const struct jac_term *more =
      jac_make_add(&d->make, form.closed, jac_make_number(&d->make, 1));
  ck_assert_msg(!jac_terms_agree(&d->make, value, more, NULL, 0, NULL, NULL),
                "%s: anything would do", row->definition);
  ck_assert_msg(2 * text.length <= 3 * strlen(row->closed) + 4, "%s: %s for %s",
                row->definition, text.text, row->closed);
  holds(row, text.text, jac_type_is_number(form.closed->type));
  holds(row, row->closed, jac_type_is_number(form.closed->type));
  jac_buffer_free(&text);
  jac_defined_free(d);
  free(d);
}
END_TEST

Suite *hessians_suite(void);
Suite *hessians_suite(void) {
  Suite *suite = suite_create("hessians");
  TCase *tcase = tcase_create("hessians");
  tcase_add_loop_test(tcase, second_derivatives, 0, sizeof rows / sizeof *rows);
  suite_add_tcase(suite, tcase);
  return suite;
}
