#include "jacobian/formula/read.h"

#include "jacobian/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
  struct jac_arena *arena;
  const char *text, *at;
  size_t depth;
  struct jac_error *err;
  enum jac_status status;
};

static const struct jac_node *expression(struct reader *r);
static const struct jac_node *unary(struct reader *r);

static void skip(struct reader *r) {
  while (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')
    r->at++;
}

static bool starts(struct reader *r, const char *sign) {
  skip(r);
  return r->status == JAC_OK && strncmp(r->at, sign, strlen(sign)) == 0;
}

static bool accept(struct reader *r, const char *sign) {
  if (!starts(r, sign))
    return false;
  r->at += strlen(sign);
  return true;
}

/* The first error counts. */
static const struct jac_node *fail(struct reader *r, const char *expected) {
  if (r->status != JAC_OK)
    return NULL;
  skip(r);
  size_t length = *r->at != '\0';
  while (length > 0 && ((unsigned char)r->at[length] & 0xC0) == 0x80)
    length++;
  if (*r->at == '\0')
    r->status = jac_fail(r->err, JAC_EINPUT, _("the formula ends where %s is expected"),
                         expected);
  else
    r->status = jac_fail(r->err, JAC_EINPUT, _("'%.*s' where %s is expected"),
                         (int)length, r->at, expected);
  return NULL;
}

static bool expect(struct reader *r, const char *sign, const char *words) {
  if (accept(r, sign))
    return true;
  fail(r, words);
  return false;
}

static bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool digit(char c) {
  return c >= '0' && c <= '9';
}

static const struct jac_node *placed(const struct jac_node *node, const struct reader *r,
                                     const char *from) {
  if (node != NULL)
    ((struct jac_node *)node)->position = (size_t)(from - r->text);
  return node;
}

/* Digits, a point and digits, an exponent: what a person writes, and no more of strtod.
 */
static const struct jac_node *number(struct reader *r) {
  const char *from = r->at, *end = from;
  char text[64];
  end += strspn(end, "0123456789");
  end += *end == '.' ? 1 + strspn(end + 1, "0123456789") : 0;
  if (*end == 'e' || *end == 'E') {
    const char *digits = end + 1 + (end[1] == '-' || end[1] == '+');
    end = digit(*digits) ? digits + strspn(digits, "0123456789") : end;
  }
  size_t length = (size_t)(end - from);
  if (length >= sizeof text)
    return fail(r, _("a number of fewer digits"));
  memcpy(text, from, length);
  text[length] = '\0';
  double value = strtod(text, NULL);
  if (!isfinite(value))
    return fail(r, _("a smaller number"));
  r->at = end;
  return placed(jac_number(r->arena, value), r, from);
}

static bool read_name(struct reader *r, char name[JAC_FORMULA_NAME]) {
  skip(r);
  size_t length = 0;
  while (letter(r->at[length]) || digit(r->at[length]) || r->at[length] == '_')
    length++;
  if (length >= JAC_FORMULA_NAME || !letter(*r->at)) {
    fail(r, length >= JAC_FORMULA_NAME ? _("a shorter name") : _("a name"));
    return false;
  }
  memcpy(name, r->at, length);
  name[length] = '\0';
  r->at += length;
  return true;
}

/* a, b, ... up to the closing sign, which is read. */
static size_t list(struct reader *r, const char *close,
                   const struct jac_node *child[JAC_FORMULA_CHILDREN]) {
  size_t count = 0;
  do {
    if (count == JAC_FORMULA_CHILDREN) {
      fail(r, _("fewer arguments"));
      return 0;
    }
    child[count++] = expression(r);
  } while (r->status == JAC_OK && accept(r, ","));
  return expect(r, close, _("a comma or the closing bracket")) ? count : 0;
}

/* expression SIGN expression { and ... }, inside ind( ). */
static const struct jac_node *condition(struct reader *r) {
  static const char *const signs[] = {"!=", "<=", ">=", "=", "<", ">"};
  const struct jac_node *a = expression(r), *one = NULL;
  for (size_t k = 0; k < 6 && one == NULL && r->status == JAC_OK; k++)
    if (accept(r, signs[k])) {
      const struct jac_node *child[] = {a, expression(r)};
      one = jac_node_named(r->arena, JAC_COMPARE, signs[k], 2, child);
      if (one == NULL)
        return NULL;
    }
  if (one == NULL)
    return fail(r, _("a comparison such as z[n,i] > 0"));
  if (accept(r, "and "))
    return jac_binary(r->arena, JAC_AND, one, condition(r));
  return one;
}

/* sum(i, body) and max(i, body): the first argument is an index. */
static const struct jac_node *over_index(struct reader *r, enum jac_kind kind) {
  char index[JAC_FORMULA_NAME];
  if (!read_name(r, index) || !expect(r, ",", _("a comma after the index")))
    return NULL;
  const struct jac_node *body = expression(r);
  if (!expect(r, ")", _("the closing bracket")))
    return NULL;
  return jac_node_named(r->arena, kind, index, 1, &body);
}

/* Whether "i," follows: the index of a max over it, not the first of two numbers. */
static bool index_follows(const struct reader *r) {
  const char *at = r->at;
  while (*at == ' ')
    at++;
  if (!(*at >= 'a' && *at <= 'z'))
    return false;
  at++;
  while (*at == ' ')
    at++;
  return *at == ',';
}

static const struct jac_node *call(struct reader *r, const char *name) {
  if (strcmp(name, "sum") == 0)
    return over_index(r, JAC_SUM);
  if (strcmp(name, "max") == 0 && index_follows(r))
    return over_index(r, JAC_MAX);
  if (strcmp(name, "ind") == 0) {
    const struct jac_node *inside = condition(r);
    return expect(r, ")", _("the closing bracket"))
               ? jac_unary(r->arena, JAC_INDICATOR, inside)
               : NULL;
  }
  const struct jac_node *child[JAC_FORMULA_CHILDREN];
  size_t count = list(r, ")", child);
  if (strcmp(name, "delta") == 0 && count == 2)
    return jac_node(r->arena, JAC_DELTA, 2, child);
  return count > 0 ? jac_node_named(r->arena, JAC_CALL, name, count, child) : NULL;
}

static const struct jac_node *primary(struct reader *r) {
  skip(r);
  const char *from = r->at;
  if (digit(*r->at) || (*r->at == '.' && digit(r->at[1])))
    return number(r);
  if (accept(r, "(")) {
    const struct jac_node *inside = expression(r);
    return expect(r, ")", _("the closing bracket")) ? inside : NULL;
  }
  if (!letter(*r->at))
    return fail(r, _("a number, a name or a bracket"));
  char name[JAC_FORMULA_NAME];
  if (!read_name(r, name))
    return NULL;
  if (*r->at == '[') {
    const struct jac_node *child[JAC_FORMULA_CHILDREN];
    r->at++;
    size_t count = list(r, "]", child);
    return count > 0
               ? placed(jac_node_named(r->arena, JAC_ENTRY, name, count, child), r, from)
               : NULL;
  }
  if (*r->at == '(') {
    r->at++;
    return placed(call(r, name), r, from);
  }
  return placed(jac_node_named(r->arena, JAC_NAME, name, 0, NULL), r, from);
}

static const struct jac_node *postfix(struct reader *r) {
  const struct jac_node *node = primary(r);
  while (r->status == JAC_OK && node != NULL && accept(r, "'"))
    node = jac_unary(r->arena, JAC_TRANSPOSE, node);
  return node;
}

/* a ^ b binds to the right: a ^ b ^ c is a ^ (b ^ c), and -a ^ b is -(a ^ b). */
static const struct jac_node *power(struct reader *r) {
  const struct jac_node *base = postfix(r);
  if (r->status == JAC_OK && accept(r, "^"))
    return jac_binary(r->arena, JAC_POWER, base, unary(r));
  return base;
}

static const struct jac_node *unary(struct reader *r) {
  if (++r->depth > JAC_FORMULA_DEPTH) {
    if (r->status == JAC_OK)
      r->status = jac_fail(r->err, JAC_ELIMIT, _("the formula is nested deeper than %d"),
                           JAC_FORMULA_DEPTH);
    return NULL;
  }
  const struct jac_node *node =
      accept(r, "-") ? jac_unary(r->arena, JAC_NEGATE, unary(r)) : power(r);
  r->depth--;
  return node;
}

/* Whether a factor follows without a sign between: 2 x, W h. */
static bool juxtaposed(struct reader *r) {
  skip(r);
  return letter(*r->at) ? strncmp(r->at, "and ", 4) != 0 : *r->at == '(' || digit(*r->at);
}

static const struct jac_node *term(struct reader *r) {
  bool negative = accept(r, "-");
  const struct jac_node *node = negative && starts(r, "-") ? unary(r) : power(r);
  while (r->status == JAC_OK && node != NULL) {
    if (accept(r, ".*"))
      node = jac_binary(r->arena, JAC_HADAMARD, node, unary(r));
    else if (accept(r, "*"))
      node = jac_binary(r->arena, JAC_MULTIPLY, node, unary(r));
    else if (accept(r, "/"))
      node = jac_binary(r->arena, JAC_DIVIDE, node, unary(r));
    else if (juxtaposed(r))
      node = jac_binary(r->arena, JAC_MULTIPLY, node, power(r));
    else
      break;
  }
  return negative ? jac_unary(r->arena, JAC_NEGATE, node) : node;
}

static const struct jac_node *expression(struct reader *r) {
  if (++r->depth > JAC_FORMULA_DEPTH) {
    if (r->status == JAC_OK)
      r->status = jac_fail(r->err, JAC_ELIMIT, _("the formula is nested deeper than %d"),
                           JAC_FORMULA_DEPTH);
    return NULL;
  }
  const struct jac_node *node = term(r);
  while (r->status == JAC_OK && node != NULL) {
    if (accept(r, "+"))
      node = jac_binary(r->arena, JAC_ADD, node, term(r));
    else if (accept(r, "-"))
      node =
          jac_binary(r->arena, JAC_ADD, node, jac_unary(r->arena, JAC_NEGATE, term(r)));
    else
      break;
  }
  r->depth--;
  return node;
}

static enum jac_status finish(struct reader *r, const struct jac_node *tree,
                              size_t *position) {
  skip(r);
  if (r->status == JAC_OK && tree != NULL && *r->at != '\0')
    fail(r, _("an operator or the end"));
  if (position != NULL)
    *position = (size_t)(r->at - r->text);
  if (r->status == JAC_OK)
    r->status = jac_arena_status(r->arena, r->err);
  return r->status;
}

static enum jac_status too_long(const char *text, struct jac_error *err) {
  if (strlen(text) <= JAC_FORMULA_TEXT)
    return JAC_OK;
  return jac_fail(err, JAC_ELIMIT, _("the formula is longer than %d bytes"),
                  JAC_FORMULA_TEXT);
}

enum jac_status jac_formula_read(struct jac_arena *arena, const char *text,
                                 const struct jac_node **tree, size_t *position,
                                 struct jac_error *err) {
  struct reader r = {.arena = arena, .text = text, .at = text, .err = err};
  *tree = NULL;
  enum jac_status status = too_long(text, err);
  if (status != JAC_OK)
    return status;
  *tree = expression(&r);
  return finish(&r, *tree, position);
}

enum jac_status jac_formula_read_equation(struct jac_arena *arena, const char *text,
                                          const struct jac_node **left,
                                          const struct jac_node **right, size_t *position,
                                          struct jac_error *err) {
  struct reader r = {.arena = arena, .text = text, .at = text, .err = err};
  *left = *right = NULL;
  enum jac_status status = too_long(text, err);
  if (status != JAC_OK)
    return status;
  *left = expression(&r);
  if (r.status == JAC_OK && *left != NULL && !accept(&r, "="))
    fail(&r, _("the sign ="));
  if (r.status == JAC_OK && *left != NULL)
    *right = expression(&r);
  return finish(&r, *right, position);
}

enum jac_status jac_formula_read_equations(struct jac_arena *arena, const char *text,
                                           const struct jac_node *left[JAC_EQUATIONS],
                                           const struct jac_node *right[JAC_EQUATIONS],
                                           size_t *count, struct jac_error *err) {
  struct reader r = {.arena = arena, .text = text, .at = text, .err = err};
  enum jac_status status = too_long(text, err);
  *count = 0;
  if (status != JAC_OK)
    return status;
  do {
    if (*count == JAC_EQUATIONS)
      return jac_fail(err, JAC_ELIMIT, _("more than %d equations"), JAC_EQUATIONS);
    left[*count] = expression(&r);
    if (r.status == JAC_OK && !accept(&r, "="))
      fail(&r, _("the sign ="));
    right[*count] = expression(&r);
    ++*count;
  } while (accept(&r, ";"));
  return finish(&r, right[*count - 1], NULL);
}
