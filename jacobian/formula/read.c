#include "jacobian/formula/read.h"

#include "jacobian/formula/function.h"
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
  if (r->status == JAC_OK) /* what could not be built is no mistake of the formula's */
    r->status = jac_arena_status(r->arena, r->err);
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
  /* z^{k-1} is one name: braces make no power. */
  if (r->at[length] == '^' && r->at[length + 1] == '{') {
    size_t more = strcspn(r->at + length, "}");
    if (r->at[length + more] != '}' || length + more + 1 >= JAC_FORMULA_NAME) {
      fail(r, _("a shorter name"));
      return false;
    }
    length += more + 1;
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
    /* A point stands for every place: W[.,j]. */
    if (*close == ']' && starts(r, ".") && !digit(r->at[1])) {
      r->at++;
      child[count++] = jac_node_named(r->arena, JAC_NAME, ".", 0, NULL);
    } else
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

/* sum(i, body), sum(i = 1:n, body): the first argument is an index. */
static const struct jac_node *over_index(struct reader *r, enum jac_kind kind) {
  char index[JAC_FORMULA_NAME];
  const struct jac_node *child[3] = {NULL};
  if (!read_name(r, index))
    return NULL;
  bool bounded = accept(r, "=");
  if (bounded) {
    child[1] = expression(r);
    if (!expect(r, ":", _("the sign : between the bounds")))
      return NULL;
    child[2] = expression(r);
  }
  if (!expect(r, ",", _("a comma after the index")))
    return NULL;
  child[0] = expression(r);
  if (!expect(r, ")", _("the closing bracket")))
    return NULL;
  return jac_node_named(r->arena, kind, index, bounded ? 3 : 1, child);
}

static bool in_word(char c) {
  return letter(c) || digit(c) || c == '_';
}

/* Whether a letter stands alone, as a name, before the bracket that closes. */
static bool stands_alone(const char *at, char index) {
  size_t depth = 0;
  for (; *at != '\0' && (depth > 0 || *at != ')'); at++) {
    depth += *at == '(';
    depth -= *at == ')' && depth > 0;
    if (*at == index && !in_word(at[-1]) && !in_word(at[1]) && at[1] != '(')
      return true;
  }
  return false;
}

/* Whether "i," or "i =" follows: an index, not the first of two numbers. Where two
 * numbers are possible, what follows the comma must mention it: max(a, b) is the larger
 * of two. */
static bool index_follows(const struct reader *r, bool of_two) {
  const char *at = r->at + strspn(r->at, " ");
  char index = *at;
  if (!letter(*at))
    return false;
  for (at++; !of_two && in_word(*at);)
    at++;
  at += strspn(at, " ");
  if (*at == '=')
    return true;
  return *at == ',' && (!of_two || stands_alone(at + 1, index));
}

static const struct jac_node *condition(struct reader *r);
/* cases(value, condition, ..., otherwise). */
static const struct jac_node *cases(struct reader *r) {
  const struct jac_node *child[JAC_FORMULA_CHILDREN];
  size_t count = 0;
  do {
    if (count + 2 > JAC_FORMULA_CHILDREN)
      return fail(r, _("fewer cases"));
    child[count++] = expression(r);
    if (accept(r, ","))
      child[count++] = condition(r);
    else
      break;
  } while (accept(r, ","));
  return expect(r, ")", _("a comma or the closing bracket"))
             ? jac_node(r->arena, JAC_CASES, count, child)
             : NULL;
}

/* [1, 2; 3, 4], with ... for what its neighbours continue. */
static const struct jac_node *matrix(struct reader *r) {
  const struct jac_node *row[JAC_FORMULA_CHILDREN], *cell[JAC_FORMULA_CHILDREN];
  size_t rows = 0, cols = 0, first = 0;
  do {
    cols = 0;
    do {
      if (cols == JAC_FORMULA_CHILDREN || rows == JAC_FORMULA_CHILDREN)
        return fail(r, _("a smaller matrix"));
      if (accept(r, "..."))
        cell[cols++] = jac_node_named(r->arena, JAC_DOTS, "c", 0, NULL);
      else if (starts(r, ",") || starts(r, ";") || starts(r, "]"))
        cell[cols++] = jac_node(r->arena, JAC_BLANK, 0, NULL);
      else
        cell[cols++] = expression(r);
    } while (accept(r, ","));
    if (rows > 0 && cols != first && r->status == JAC_OK)
      return fail(r, _("a row as long as the first"));
    first = cols;
    row[rows++] = jac_node(r->arena, JAC_ROW, cols, cell);
  } while (accept(r, ";"));
  return expect(r, "]", _("a comma, a semicolon or the closing bracket"))
             ? jac_node(r->arena, JAC_MATRIX, rows, row)
             : NULL;
}

/* Calls whose first argument is an index or a condition; false: it is none. */
static bool binds(struct reader *r, const char *name, const struct jac_node **made) {
  bool sum = strcmp(name, "sum") == 0;
  bool number =
      digit(*r->at) && strchr(r->at, ',') != NULL; /* it says what is expected */
  if (sum && (index_follows(r, false) || number))
    *made = over_index(r, JAC_SUM);
  else if (strcmp(name, "prod") == 0)
    *made = over_index(r, JAC_PRODUCT);
  else if (strcmp(name, "max") == 0 && index_follows(r, true))
    *made = over_index(r, JAC_MAX);
  else if (strcmp(name, "cases") == 0)
    *made = cases(r);
  else if (strcmp(name, "ind") == 0) {
    *made = jac_unary(r->arena, JAC_INDICATOR, condition(r));
    *made = expect(r, ")", _("the closing bracket")) ? *made : NULL;
  } else
    return false;
  return true;
}

static const struct jac_node *call(struct reader *r, const char *name) {
  const struct jac_node *child[JAC_FORMULA_CHILDREN], *made;
  if (binds(r, name, &made))
    return made;
  size_t count = list(r, ")", child);
  if (strcmp(name, "delta") == 0 && count == 2)
    return jac_node(r->arena, JAC_DELTA, 2, child);
  if (strcmp(name, "deriv") == 0 && count == 2)
    return jac_node(r->arena, JAC_DERIVATIVE, 2, child);
  if (strcmp(name, "inv") == 0 && count == 1)
    return jac_binary(r->arena, JAC_POWER, child[0],
                      jac_unary(r->arena, JAC_NEGATE, jac_number(r->arena, 1.0)));
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
  if (accept(r, "["))
    return placed(matrix(r), r, from);
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
  /* tanh'(x) is a derivative; s' a transpose. A name that is no function of formulas,
   * with a bracket behind, is called all the same, and said to be unknown. */
  if (*r->at == '\'' && r->at[1] == '(' && jac_function_find(name) != JAC_FUNCTIONS) {
    strcat(name, "'");
    r->at++;
  }
  if (*r->at == '(') {
    r->at++;
    return placed(call(r, name), r, from);
  }
  return placed(jac_node_named(r->arena, JAC_NAME, name, 0, NULL), r, from);
}

/* Behind a bracket or a name: transposes, and entries of what is no name. */
static const struct jac_node *postfix(struct reader *r) {
  const struct jac_node *node = primary(r);
  while (r->status == JAC_OK && node != NULL) {
    if (accept(r, "'"))
      node = jac_unary(r->arena, JAC_TRANSPOSE, node);
    else if (*r->at == '[') {
      const struct jac_node *child[JAC_FORMULA_CHILDREN + 1] = {node};
      r->at++;
      size_t count = list(r, "]", child + 1);
      if (count == 0 || count == JAC_FORMULA_CHILDREN)
        return count == 0 ? NULL : fail(r, _("fewer indices"));
      node = jac_node(r->arena, JAC_AT, count + 1, child);
    } else
      break;
  }
  return node;
}

/* a ^ b binds to the right: a ^ b ^ c is a ^ (b ^ c), and -a ^ b is -(a ^ b). */
static const struct jac_node *power(struct reader *r) {
  const struct jac_node *base = postfix(r);
  const char *from = r->at;
  if (r->status == JAC_OK && accept(r, ".^")) {
    const struct jac_node *child[] = {base, unary(r)};
    return placed(jac_node_named(r->arena, JAC_POWER, ".", 2, child), r, from);
  }
  if (r->status == JAC_OK && accept(r, "^"))
    return placed(jac_binary(r->arena, JAC_POWER, base, unary(r)), r, from);
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
    skip(r);
    const char *from = r->at;
    if (accept(r, ".*"))
      node = jac_binary(r->arena, JAC_HADAMARD, node, unary(r));
    else if (accept(r, "./")) {
      const struct jac_node *child[] = {node, unary(r)};
      node = jac_node_named(r->arena, JAC_DIVIDE, ".", 2, child);
    } else if (accept(r, "*"))
      node = jac_binary(r->arena, JAC_MULTIPLY, node, unary(r));
    else if (accept(r, "/"))
      node = jac_binary(r->arena, JAC_DIVIDE, node, unary(r));
    else if (juxtaposed(r))
      node = jac_binary(r->arena, JAC_MULTIPLY, node, power(r));
    else
      break;
    node = placed(node, r, from);
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
    skip(r);
    const char *from = r->at;
    if (accept(r, "+"))
      node = jac_binary(r->arena, JAC_ADD, node, term(r));
    else if (accept(r, "-"))
      node =
          jac_binary(r->arena, JAC_ADD, node, jac_unary(r->arena, JAC_NEGATE, term(r)));
    else
      break;
    node = placed(node, r, from);
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
