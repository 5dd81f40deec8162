#include "jacobian/formula/latex.h"

#include "jacobian/formula/function.h"
#include "jacobian/formula/latex_internal.h"
#include "jacobian/formula/read.h"
#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

typedef const struct jac_node *node_t;

node_t jac_latex_fail(struct jac_latex *r, const char *expected) {
  const struct jac_token *t = r->at;
  if (r->status != JAC_OK)
    return NULL;
  r->position = t->position;
  if (t->kind == JAC_TOKEN_END)
    r->status = jac_fail(r->err, JAC_EINPUT, _("the formula ends where %s is expected"),
                         expected);
  else
    r->status = jac_fail(r->err, JAC_EINPUT, _("'%s%s' where %s is expected"),
                         t->kind == JAC_TOKEN_COMMAND  ? "\\"
                         : t->kind == JAC_TOKEN_BEGIN  ? "\\begin "
                         : t->kind == JAC_TOKEN_FINISH ? "\\end "
                                                       : "",
                         t->text, expected);
  return NULL;
}

bool jac_latex_is(const struct jac_token *token, enum jac_token_kind kind,
                  const char *text) {
  return token->kind == kind && (text == NULL || strcmp(token->text, text) == 0);
}

bool jac_latex_accept(struct jac_latex *r, enum jac_token_kind kind, const char *text) {
  if (r->status != JAC_OK || !jac_latex_is(r->at, kind, text))
    return false;
  r->at++;
  return true;
}

bool jac_latex_expect(struct jac_latex *r, enum jac_token_kind kind, const char *text) {
  if (jac_latex_accept(r, kind, text))
    return true;
  jac_latex_fail(r, text != NULL ? text : _("a bracket"));
  return false;
}

node_t jac_latex_call(struct jac_latex *r, const char *name, node_t argument) {
  return jac_node_named(r->arena, JAC_CALL, name, 1, &argument);
}

node_t jac_latex_argument(struct jac_latex *r) {
  if (jac_latex_accept(r, JAC_TOKEN_OPEN, NULL)) {
    node_t inside = jac_latex_expression(r);
    return jac_latex_expect(r, JAC_TOKEN_CLOSE, "}") ? inside : NULL;
  }
  if (r->at->kind == JAC_TOKEN_NUMBER) { /* \frac12 takes one digit */
    double value = (r->at++)->number;
    return jac_number(r->arena, value);
  }
  if (r->at->kind == JAC_TOKEN_NAME) {
    const char *name = (r->at++)->text;
    return jac_node_named(r->arena, JAC_NAME, name, 0, NULL);
  }
  return jac_latex_fail(r, _("an argument"));
}

/* |x|: a determinant where a matrix's capital stands inside, else a magnitude. */
static node_t bars(struct jac_latex *r, bool norm, const char *close,
                   enum jac_token_kind kind) {
  r->bars++;
  node_t inside = jac_latex_expression(r);
  r->bars--;
  if (!jac_latex_expect(r, kind, close) || inside == NULL)
    return NULL;
  if (norm && kind == JAC_TOKEN_SIGN && !jac_latex_expect(r, kind, close)) /* ||x|| */
    return NULL;
  node_t base = inside;
  while (base->kind == JAC_TRANSPOSE || base->kind == JAC_POWER)
    base = base->child[0];
  bool capital = base->kind == JAC_NAME && base->name[0] >= 'A' && base->name[0] <= 'Z';
  const char *name = norm ? "norm" : capital ? "det" : "abs";
  if (norm && jac_latex_is(r->at, JAC_TOKEN_SUB, NULL)) {
    const struct jac_token *which = r->at + 1;
    while (which->kind == JAC_TOKEN_OPEN)
      which++;
    if (jac_latex_is(which, JAC_TOKEN_NUMBER, "1"))
      name = "normone";
    else if (!jac_latex_is(which, JAC_TOKEN_NUMBER, "2") &&
             !jac_latex_is(which, JAC_TOKEN_NAME, "F") &&
             !jac_latex_is(which, JAC_TOKEN_NAME, "Fro") &&
             !jac_latex_is(which, JAC_TOKEN_TEXT, "F"))
      return jac_latex_fail(r, _("one of the norms 1, 2 and F"));
    r->at = jac_latex_after(r->at + 1);
  }
  return jac_latex_call(r, name, inside);
}

static bool opens_norm(const struct jac_token *t) {
  return jac_latex_is(t, JAC_TOKEN_COMMAND, "|") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "Vert") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "lVert");
}

static node_t vertical(struct jac_latex *r) {
  const struct jac_token *t = r->at;
  if (opens_norm(t)) {
    const char *close = strcmp(t->text, "lVert") == 0 ? "rVert" : t->text;
    r->at++;
    return bars(r, true, close, JAC_TOKEN_COMMAND);
  }
  if (jac_latex_is(t, JAC_TOKEN_SIGN, "|") && jac_latex_is(t + 1, JAC_TOKEN_SIGN, "|")) {
    r->at += 2;
    return bars(r, true, "|", JAC_TOKEN_SIGN);
  }
  if (jac_latex_is(t, JAC_TOKEN_COMMAND, "lvert") ||
      jac_latex_is(t, JAC_TOKEN_COMMAND, "vert")) {
    r->at++;
    return bars(r, false, t->text[0] == 'l' ? "rvert" : "vert", JAC_TOKEN_COMMAND);
  }
  r->at++;
  return bars(r, false, "|", JAC_TOKEN_SIGN);
}

/* The index under a sum: i, i=1, i \neq j, several of them. */
static node_t under(struct jac_latex *r, enum jac_kind kind, bool group);

static node_t wrap(struct jac_latex *r, enum jac_kind kind, const char *index, node_t low,
                   node_t high, node_t condition, node_t body) {
  if (body == NULL)
    return NULL;
  if (condition != NULL)
    body = jac_binary(r->arena, JAC_MULTIPLY,
                      jac_unary(r->arena, JAC_INDICATOR, condition), body);
  node_t child[] = {body, low, high};
  return jac_node_named(r->arena, kind, index, high != NULL ? 3 : 1, child);
}

static bool starts_sum(const struct jac_token *t, enum jac_kind *kind) {
  if (jac_latex_is(t, JAC_TOKEN_COMMAND, "sum"))
    *kind = JAC_SUM;
  else if (jac_latex_is(t, JAC_TOKEN_COMMAND, "prod"))
    *kind = JAC_PRODUCT;
  else if (jac_latex_is(t, JAC_TOKEN_COMMAND, "max") && (t + 1)->kind == JAC_TOKEN_SUB)
    *kind = JAC_MAX;
  else
    return false;
  return true;
}

static node_t over_index(struct jac_latex *r, enum jac_kind kind) {
  r->at++;
  if (!jac_latex_accept(r, JAC_TOKEN_SUB, NULL))
    return jac_latex_fail(r, _("the index of the sum, as in \\sum_i"));
  bool group = jac_latex_accept(r, JAC_TOKEN_OPEN, NULL);
  return under(r, kind, group);
}

static node_t relation(struct jac_latex *r, node_t left) {
  static const struct {
    enum jac_token_kind kind;
    const char *token, *sign;
  } signs[] = {
      {JAC_TOKEN_SIGN, "=", "="},
      {JAC_TOKEN_SIGN, "<", "<"},
      {JAC_TOKEN_SIGN, ">", ">"},
      {JAC_TOKEN_COMMAND, "neq", "!="},
      {JAC_TOKEN_COMMAND, "ne", "!="},
      {JAC_TOKEN_COMMAND, "leq", "<="},
      {JAC_TOKEN_COMMAND, "le", "<="},
      {JAC_TOKEN_COMMAND, "geq", ">="},
      {JAC_TOKEN_COMMAND, "ge", ">="},
      {JAC_TOKEN_COMMAND, "lt", "<"},
      {JAC_TOKEN_COMMAND, "gt", ">"},
      {JAC_TOKEN_COMMAND, "leqslant", "<="},
      {JAC_TOKEN_COMMAND, "geqslant", ">="},
  };
  if (jac_latex_is(r->at, JAC_TOKEN_COMMAND, "not") &&
      jac_latex_is(r->at + 1, JAC_TOKEN_SIGN, "=")) {
    r->at += 2;
    node_t child[] = {left, jac_latex_expression(r)};
    return jac_node_named(r->arena, JAC_COMPARE, "!=", 2, child);
  }
  for (size_t k = 0; k < sizeof signs / sizeof signs[0]; k++)
    if (jac_latex_accept(r, signs[k].kind, signs[k].token)) {
      node_t child[] = {left, jac_latex_expression(r)};
      return jac_node_named(r->arena, JAC_COMPARE, signs[k].sign, 2, child);
    }
  return jac_latex_fail(r, _("a comparison such as i = j"));
}

node_t jac_latex_condition(struct jac_latex *r) {
  node_t one = relation(r, jac_latex_expression(r));
  bool further = jac_latex_is(r->at, JAC_TOKEN_TEXT, "and") ||
                 jac_latex_is(r->at, JAC_TOKEN_TEXT, "et") ||
                 jac_latex_is(r->at, JAC_TOKEN_COMMAND, "land") ||
                 jac_latex_is(r->at, JAC_TOKEN_COMMAND, "wedge");
  if (r->status != JAC_OK || !further)
    return one;
  r->at++;
  return jac_binary(r->arena, JAC_AND, one, jac_latex_condition(r));
}

static node_t under(struct jac_latex *r, enum jac_kind kind, bool group) {
  char index[JAC_FORMULA_NAME];
  node_t low = NULL, high = NULL, condition = NULL;
  if (r->at->kind != JAC_TOKEN_NAME)
    return jac_latex_fail(r, _("an index"));
  memcpy(index, r->at->text, sizeof index);
  r->at++;
  node_t name = jac_node_named(r->arena, JAC_NAME, index, 0, NULL);
  if (group && jac_latex_accept(r, JAC_TOKEN_SIGN, "="))
    low = jac_latex_expression(r);
  else if (group && jac_latex_accept(r, JAC_TOKEN_COMMAND, "in"))
    while (r->at->kind != JAC_TOKEN_CLOSE && r->at->kind != JAC_TOKEN_END)
      r->at++; /* i in a set that it runs through */
  else if (group && !jac_latex_is(r->at, JAC_TOKEN_CLOSE, NULL) &&
           !jac_latex_is(r->at, JAC_TOKEN_SIGN, ",") && r->at->kind != JAC_TOKEN_NAME)
    condition = relation(r, name);
  /* i, j and ij are sums in one another. */
  if (group && !jac_latex_is(r->at, JAC_TOKEN_CLOSE, NULL)) {
    jac_latex_accept(r, JAC_TOKEN_SIGN, ",");
    return wrap(r, kind, index, NULL, NULL, condition, under(r, kind, true));
  }
  if (group && !jac_latex_expect(r, JAC_TOKEN_CLOSE, "}"))
    return NULL;
  if (jac_latex_accept(r, JAC_TOKEN_SUP, NULL))
    high = jac_latex_argument(r);
  if (high != NULL && low == NULL)
    low = jac_number(r->arena, 1.0);
  node_t body = jac_latex_term(r);
  return wrap(r, kind, index, low, high, condition, body);
}

/* The argument of a function that stands without brackets: \log x_i, \sin 2x. */
static node_t primary(struct jac_latex *r);

static node_t square_root(struct jac_latex *r) {
  r->at++;
  node_t degree = NULL;
  if (jac_latex_accept(r, JAC_TOKEN_SIGN, "[")) {
    degree = jac_latex_expression(r);
    if (!jac_latex_expect(r, JAC_TOKEN_SIGN, "]"))
      return NULL;
  }
  node_t inside =
      jac_latex_is(r->at, JAC_TOKEN_SIGN, "(") ? primary(r) : jac_latex_argument(r);
  if (degree == NULL)
    return jac_latex_call(r, "sqrt", inside);
  return jac_binary(r->arena, JAC_POWER, inside,
                    jac_binary(r->arena, JAC_DIVIDE, jac_number(r->arena, 1.0), degree));
}

static node_t bracket(struct jac_latex *r, const char *close) {
  size_t bars_around = r->bars;
  bool divisor = r->divisor;
  r->at++;
  r->bars = 0;
  r->divisor = false;
  node_t inside = jac_latex_expression(r);
  r->bars = bars_around;
  r->divisor = divisor;
  return jac_latex_expect(r, JAC_TOKEN_SIGN, close) ? inside : NULL;
}

/* [i = j] is 1 where it holds. */
static bool iverson(const struct jac_token *t) {
  size_t depth = 0;
  for (; t->kind != JAC_TOKEN_END; t++) {
    if (jac_latex_is(t, JAC_TOKEN_SIGN, "["))
      depth++;
    else if (jac_latex_is(t, JAC_TOKEN_SIGN, "]") && --depth == 0)
      return false;
    else if (depth == 1 && (jac_latex_is(t, JAC_TOKEN_SIGN, "=") ||
                            jac_latex_is(t, JAC_TOKEN_SIGN, ">") ||
                            jac_latex_is(t, JAC_TOKEN_SIGN, "<") ||
                            jac_latex_is(t, JAC_TOKEN_COMMAND, "neq")))
      return true;
  }
  return false;
}

static node_t group(struct jac_latex *r) {
  r->at++;
  node_t inside = jac_latex_expression(r);
  return jac_latex_expect(r, JAC_TOKEN_CLOSE, "}") ? inside : NULL;
}

/* A bold 1: an indicator where a condition follows, else a vector of ones. */
static node_t ones(struct jac_latex *r) {
  r->at++;
  static const char *const pairs[][2] = {{"(", ")"}, {"[", "]"}, {"\\{", "\\}"}};
  if (jac_latex_is(r->at, JAC_TOKEN_SUB, NULL) && (r->at + 1)->kind == JAC_TOKEN_OPEN) {
    const struct jac_token *before = r->at;
    struct jac_error err;
    struct jac_latex trial = *r;
    trial.err = &err;
    trial.at = before + 2;
    node_t condition = jac_latex_condition(&trial);
    if (trial.status == JAC_OK && trial.at->kind == JAC_TOKEN_CLOSE) {
      r->at = trial.at + 1;
      return jac_unary(r->arena, JAC_INDICATOR, condition);
    }
    r->at = before + 1; /* its size */
    node_t size = jac_latex_argument(r);
    return jac_latex_call(r, "ones", size);
  }
  if (jac_latex_accept(r, JAC_TOKEN_SUB, NULL))
    return jac_latex_call(r, "ones", jac_latex_argument(r));
  for (size_t k = 0; k < 3; k++)
    if (jac_latex_is(r->at, JAC_TOKEN_SIGN, pairs[k][0])) {
      struct jac_error err;
      struct jac_latex trial = *r;
      trial.err = &err;
      trial.at++;
      node_t condition = jac_latex_condition(&trial);
      if (trial.status == JAC_OK && jac_latex_is(trial.at, JAC_TOKEN_SIGN, pairs[k][1])) {
        r->at = trial.at + 1;
        return jac_unary(r->arena, JAC_INDICATOR, condition);
      }
    }
  return jac_node_named(r->arena, JAC_NAME, "1", 0, NULL);
}

static bool is_fraction(const struct jac_token *t) {
  return jac_latex_is(t, JAC_TOKEN_COMMAND, "frac") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "dfrac") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "tfrac") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "cfrac");
}

static bool accent(const struct jac_token *t) {
  static const char *const accents[] = {"hat",   "widehat",  "tilde", "widetilde",
                                        "bar",   "overline", "dot",   "check",
                                        "breve", "ddot"};
  for (size_t k = 0; k < sizeof accents / sizeof accents[0]; k++)
    if (jac_latex_is(t, JAC_TOKEN_COMMAND, accents[k]))
      return true;
  return false;
}

static node_t command(struct jac_latex *r) {
  const struct jac_token *t = r->at;
  enum jac_kind kind;
  if (starts_sum(t, &kind))
    return over_index(r, kind);
  if (is_fraction(t))
    return jac_latex_fraction(r);
  if (jac_latex_is(t, JAC_TOKEN_COMMAND, "sqrt"))
    return square_root(r);
  if (jac_latex_is(t, JAC_TOKEN_COMMAND, "nabla"))
    return jac_latex_gradient(r);
  if (jac_latex_is(t, JAC_TOKEN_COMMAND, "partial"))
    return jac_latex_partial(r);
  if (opens_norm(t) || jac_latex_is(t, JAC_TOKEN_COMMAND, "lvert") ||
      jac_latex_is(t, JAC_TOKEN_COMMAND, "vert"))
    return vertical(r);
  if (accent(t) || jac_latex_function(r, t->text) != NULL)
    return jac_latex_name(r);
  if (jac_latex_is(t, JAC_TOKEN_COMMAND, "lbrace"))
    return jac_latex_fail(r, _("a bracket ( or ["));
  return jac_latex_fail(r, _("a number, a name or a bracket"));
}

static node_t bare(struct jac_latex *r) {
  const struct jac_token *t = r->at;
  switch (t->kind) {
  case JAC_TOKEN_NUMBER:
    r->at++;
    /* 1_{i=j} is an indicator. */
    if (t->number == 1.0 && jac_latex_is(r->at, JAC_TOKEN_SUB, NULL)) {
      r->at--;
      return ones(r);
    }
    return jac_number(r->arena, t->number);
  case JAC_TOKEN_ONES:
    return ones(r);
  case JAC_TOKEN_NAME:
    return jac_latex_name(r);
  case JAC_TOKEN_COMMAND:
    return command(r);
  case JAC_TOKEN_OPEN:
    return group(r);
  case JAC_TOKEN_BEGIN:
    return jac_latex_environment(r);
  case JAC_TOKEN_SIGN:
    if (strcmp(t->text, "(") == 0)
      return bracket(r, ")");
    if (strcmp(t->text, "[") == 0 && iverson(t)) {
      r->at++;
      node_t condition = jac_latex_condition(r);
      return jac_latex_expect(r, JAC_TOKEN_SIGN, "]")
                 ? jac_unary(r->arena, JAC_INDICATOR, condition)
                 : NULL;
    }
    if (strcmp(t->text, "[") == 0)
      return bracket(r, "]");
    if (strcmp(t->text, "\\{") == 0)
      return bracket(r, "\\}");
    if (strcmp(t->text, "|") == 0)
      return vertical(r);
    return jac_latex_fail(r, _("a number, a name or a bracket"));
  default:
    return jac_latex_fail(r, _("a number, a name or a bracket"));
  }
}

static bool enter(struct jac_latex *r) {
  if (++r->depth <= JAC_FORMULA_DEPTH)
    return r->status == JAC_OK;
  if (r->status == JAC_OK) {
    r->position = r->at->position;
    r->status = jac_fail(r->err, JAC_ELIMIT, _("the formula is nested deeper than %d"),
                         JAC_FORMULA_DEPTH);
  }
  return false;
}

static node_t primary(struct jac_latex *r) {
  size_t position = r->at->position;
  if (!enter(r))
    return NULL;
  node_t node = bare(r);
  r->depth--;
  if (r->status == JAC_OK && node == NULL && !r->arena->failed)
    return jac_latex_fail(r, _("a formula"));
  return jac_latex_scripts(
      r, node == NULL || node->position > 0 ? node : jac_placed(node, position));
}

/* Whether a factor follows without a sign between. */
static bool juxtaposed(const struct jac_latex *r) {
  static const char *const signs[] = {"(", "[", "\\{", NULL};
  static const char *const infix[] = {
      "cdot",       "times",  "odot",      "circ",       "otimes",     "ast",
      "star",       "div",    "in",        "neq",        "ne",         "leq",
      "geq",        "le",     "ge",        "to",         "mapsto",     "land",
      "wedge",      "approx", "equiv",     "rVert",      "rvert",      "rangle",
      "pm",         "mp",     "cdots",     "ldots",      "dots",       "vdots",
      "ddots",      "lt",     "gt",        "not",        "implies",    "Rightarrow",
      "bullet",     "oplus",  "ominus",    "boxtimes",   "leqslant",   "geqslant",
      "simeq",      "sim",    "propto",    "coloneqq",   "triangleq",  "squared",
      "transposed", "iff",    "leftarrow", "gets",       "rightarrow", "star",
      "slash",      "top",    "intercal",  "prime",      "colon",      "forall",
      "cap",        "cup",    "subset",    "bigl",       "Vert",       "vert",
      "|",          "hfill",  "rbrace",    "rightarrow", "odiv",       "oslash",
      NULL};
  const struct jac_token *t = r->at;
  switch (t->kind) {
  case JAC_TOKEN_NUMBER:
  case JAC_TOKEN_NAME:
  case JAC_TOKEN_ONES:
  case JAC_TOKEN_OPEN:
  case JAC_TOKEN_BEGIN:
    return true;
  case JAC_TOKEN_SIGN:
    for (const char *const *s = signs; *s != NULL; s++)
      if (strcmp(t->text, *s) == 0)
        return true;
    return r->bars == 0 && strcmp(t->text, "|") == 0;
  case JAC_TOKEN_COMMAND:
    if (r->bars == 0 && (strcmp(t->text, "|") == 0 || strcmp(t->text, "Vert") == 0 ||
                         strcmp(t->text, "vert") == 0))
      return true;
    for (const char *const *s = infix; *s != NULL; s++)
      if (strcmp(t->text, *s) == 0)
        return false;
    return true;
  default:
    return false;
  }
}

static node_t product(struct jac_latex *r, const char *sign, node_t a, node_t b) {
  node_t child[] = {a, b};
  return jac_node_named(r->arena, JAC_MULTIPLY, sign, 2, child);
}

/* Factors side by side bind tighter than any sign between factors. */
static node_t factors(struct jac_latex *r) {
  size_t position = r->at->position;
  if (jac_latex_accept(r, JAC_TOKEN_SIGN, "-")) {
    if (!enter(r))
      return NULL;
    node_t inside = factors(r);
    r->depth--;
    return jac_unary(r->arena, JAC_NEGATE, inside);
  }
  node_t node = primary(r);
  while (r->status == JAC_OK && node != NULL && juxtaposed(r)) {
    size_t place = r->at->position;
    (void)position;
    node = jac_placed(product(r, "", node, primary(r)), place);
  }
  return node;
}

static bool accept_command(struct jac_latex *r, const char *text) {
  return jac_latex_accept(r, JAC_TOKEN_COMMAND, text);
}

/* a / 2m: what a number begins belongs below the bar as a whole. */
static node_t divisor(struct jac_latex *r) {
  bool number = r->at->kind == JAC_TOKEN_NUMBER && !(r->at + 1)->apart &&
                (r->at + 1)->kind == JAC_TOKEN_NAME;
  if (number)
    return factors(r);
  r->divisor = true;
  node_t node = primary(r);
  r->divisor = false;
  return node;
}

/* Factors with \cdot, \times, *, / between. */
static node_t products(struct jac_latex *r) {
  node_t node = factors(r);
  while (r->status == JAC_OK && node != NULL) {
    size_t place = r->at->position;
    bool elementwise =
        r->vocabulary != NULL && (r->vocabulary->manners & JAC_STAR_ELEMENTWISE) != 0;
    if (accept_command(r, "cdot") || accept_command(r, "bullet") ||
        accept_command(r, "colon"))
      node = product(r, ".", node, factors(r));
    else if (accept_command(r, "times"))
      node = product(r, "x", node, factors(r));
    else if (jac_latex_accept(r, JAC_TOKEN_SIGN, "*") || accept_command(r, "ast") ||
             accept_command(r, "star"))
      node = elementwise ? jac_binary(r->arena, JAC_HADAMARD, node, factors(r))
                         : product(r, "*", node, factors(r));
    else if (jac_latex_accept(r, JAC_TOKEN_SIGN, "/") || accept_command(r, "slash") ||
             accept_command(r, "div")) {
      node = jac_binary(r->arena, JAC_DIVIDE, node, divisor(r));
      while (r->status == JAC_OK && node != NULL && juxtaposed(r))
        node = product(r, "", node, primary(r));
    } else if (accept_command(r, "oslash")) {
      node_t child[] = {node, divisor(r)};
      node = jac_node_named(r->arena, JAC_DIVIDE, ".", 2, child);
    } else
      break;
    node = jac_placed(node, place);
  }
  return node;
}

static node_t otimes(struct jac_latex *r, node_t a, node_t b) {
  unsigned manners = r->vocabulary != NULL ? r->vocabulary->manners : 0;
  node_t child[] = {a, b};
  if ((manners & JAC_OTIMES_ELEMENTWISE) != 0)
    return jac_binary(r->arena, JAC_HADAMARD, a, b);
  return jac_node_named(r->arena, JAC_CALL,
                        (manners & JAC_OTIMES_OUTER) != 0 ? "outer" : "kron", 2, child);
}

node_t jac_latex_term(struct jac_latex *r) {
  if (!enter(r))
    return NULL;
  node_t node = products(r);
  while (r->status == JAC_OK && node != NULL) {
    size_t place = r->at->position;
    if (accept_command(r, "odot") || accept_command(r, "circ"))
      node = jac_binary(r->arena, JAC_HADAMARD, node, products(r));
    else if (accept_command(r, "otimes"))
      node = otimes(r, node, products(r));
    else
      break;
    node = jac_placed(node, place);
  }
  r->depth--;
  return node;
}

node_t jac_latex_expression(struct jac_latex *r) {
  if (!enter(r))
    return NULL;
  jac_latex_accept(r, JAC_TOKEN_SIGN, "+");
  bool negative = jac_latex_accept(r, JAC_TOKEN_SIGN, "-");
  node_t node = jac_latex_term(r);
  if (negative)
    node = jac_unary(r->arena, JAC_NEGATE, node);
  while (r->status == JAC_OK && node != NULL) {
    size_t place = r->at->position;
    if (jac_latex_accept(r, JAC_TOKEN_SIGN, "+"))
      node = jac_binary(r->arena, JAC_ADD, node, jac_latex_term(r));
    else if (jac_latex_accept(r, JAC_TOKEN_SIGN, "-"))
      node = jac_binary(r->arena, JAC_ADD, node,
                        jac_unary(r->arena, JAC_NEGATE, jac_latex_term(r)));
    else
      break;
    node = jac_placed(node, place);
  }
  r->depth--;
  return node;
}

enum jac_status jac_latex_read(struct jac_arena *arena, const char *text,
                               const struct jac_vocabulary *vocabulary,
                               const struct jac_node **tree, size_t *position,
                               struct jac_error *err) {
  struct jac_token *tokens = NULL;
  size_t place = 0;
  *tree = NULL;
  if (strlen(text) > JAC_FORMULA_TEXT)
    return jac_fail(err, JAC_ELIMIT, _("the formula is longer than %d bytes"),
                    JAC_FORMULA_TEXT);
  enum jac_status status = jac_latex_tokens(text, &tokens, &place, err);
  if (status == JAC_OK) {
    struct jac_latex r = {
        .arena = arena, .vocabulary = vocabulary, .at = tokens, .err = err};
    *tree = jac_latex_expression(&r);
    /* What closes a sentence is not the formula's. */
    while (r.status == JAC_OK &&
           (jac_latex_is(r.at, JAC_TOKEN_SIGN, ".") ||
            jac_latex_is(r.at, JAC_TOKEN_SIGN, ",") ||
            jac_latex_is(r.at, JAC_TOKEN_SIGN, ";")) &&
           (r.at + 1)->kind == JAC_TOKEN_END)
      r.at++;
    if (r.status == JAC_OK && *tree != NULL && r.at->kind != JAC_TOKEN_END)
      jac_latex_fail(&r, _("an operator or the end"));
    status = r.status != JAC_OK ? r.status : jac_arena_status(arena, err);
    place = r.position;
    free(tokens);
  }
  if (position != NULL)
    *position = place;
  return status;
}

bool jac_latex_looks(const char *text) {
  if (strchr(text, '\\') != NULL || strchr(text, '{') != NULL)
    return true;
  /* x^T, x_i: plain names hold an underscore too, but no power of a capital T alone. */
  const char *power = strstr(text, "^T");
  return power != NULL && !((power[2] >= 'a' && power[2] <= 'z') || power[2] == '_');
}
