#include "jacobian/notes/directive.h"

#include "jacobian/text.h"

#include <stdlib.h>
#include <string.h>

/* A part of the directive's text. */
struct part {
  const char *text;
  size_t length;
};

struct reader {
  const char *text;
  struct jac_directive *directive;
  const char *at; /* the part being read, for the error's position */
  struct jac_error *err;
};

static bool space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool digit(char c) {
  return c >= '0' && c <= '9';
}

static struct part trim(struct part p) {
  for (; p.length > 0 && space(*p.text); p.text++)
    p.length--;
  while (p.length > 0 && space(p.text[p.length - 1]))
    p.length--;
  return p;
}

static struct part head(struct part p, size_t length) {
  return trim((struct part){p.text, length});
}

static struct part tail(struct part p, size_t from) {
  return trim((struct part){p.text + from, p.length - from});
}

static bool is(struct part p, const char *word) {
  return p.length == strlen(word) && memcmp(p.text, word, p.length) == 0;
}

static bool starts(struct part p, const char *word) {
  return p.length >= strlen(word) && memcmp(p.text, word, strlen(word)) == 0;
}

static int shown(struct part p) {
  return p.length < 60 ? (int)p.length : 60;
}

static enum jac_status not_understood(struct reader *r, struct part p) {
  r->at = p.text;
  return jac_fail(
      r->err, JAC_EINPUT,
      _("directive: '%.*s' is not understood; a directive is SUBJECT; wrt=NAME; batch=N; "
        "vectors=rows|columns; let A = B, C = D; x in R^n, A in R^{m x n}; "
        "* is elementwise; or: off"),
      shown(p), p.text);
}

static enum jac_status expected(struct reader *r, struct part p, const char *what) {
  r->at = p.text;
  return jac_fail(r->err, JAC_EINPUT, _("directive: '%.*s' where %s is expected"),
                  shown(p), p.text, what);
}

static enum jac_status keep(struct reader *r, struct part p, char **text) {
  free(*text);
  *text = strndup(p.text, p.length);
  return *text == NULL ? jac_fail_memory(r->err) : JAC_OK;
}

static enum jac_status full(struct reader *r) {
  return jac_fail(r->err, JAC_ELIMIT, _("directive: more than %d parts of one kind"),
                  (int)JAC_DIRECTIVE_PARTS);
}

/* How many bytes stand before the first sign outside brackets, p.length when none does. A
 * control sequence such as \; or \{ is never the sign or a bracket. */
static size_t until(struct part p, char sign) {
  size_t depth = 0, k = 0;
  for (; k < p.length; k++) {
    char c = p.text[k];
    if (c == '\\') {
      k++;
      continue;
    }
    if (c == sign && depth == 0)
      return k;
    depth += c == '(' || c == '[' || c == '{';
    depth -= (c == ')' || c == ']' || c == '}') && depth > 0;
  }
  return p.length;
}

/* The bytes that `word =` takes at the start of p, else 0. */
static size_t key(struct part p, const char *word) {
  size_t k = strlen(word);
  if (!starts(p, word))
    return 0;
  while (k < p.length && space(p.text[k]))
    k++;
  return k < p.length && p.text[k] == '=' ? k + 1 : 0;
}

static enum jac_status read_wrt(struct reader *r, struct part value) {
  if (r->directive->wrt != NULL)
    return expected(r, value, _("one wrt= only"));
  return keep(r, value, &r->directive->wrt);
}

static enum jac_status read_batch(struct reader *r, struct part value) {
  size_t batch = 0, k = 0;
  while (k < value.length && digit(value.text[k]) && batch <= JAC_DIRECTIVE_BATCH)
    batch = 10 * batch + (size_t)(value.text[k++] - '0');
  if (k < value.length || batch == 0 || batch > JAC_DIRECTIVE_BATCH)
    return expected(r, value, _("a number of samples, from 1 to a million,"));
  r->directive->batch = batch;
  return JAC_OK;
}

static enum jac_status read_vectors(struct reader *r, struct part value) {
  if (!is(value, "rows") && !is(value, "columns"))
    return expected(r, value, _("rows or columns"));
  r->directive->vectors = is(value, "rows") ? JAC_VECTORS_ROWS : JAC_VECTORS_COLUMNS;
  return JAC_OK;
}

static const struct {
  const char *word;
  enum jac_status (*read)(struct reader *r, struct part value);
} keys[] = {{"wrt", read_wrt}, {"batch", read_batch}, {"vectors", read_vectors}};

enum { KEYS = sizeof keys / sizeof keys[0] };

/* Which key= stands at the start of p, KEYS when none does. */
static size_t find_key(struct part p, size_t *size) {
  for (size_t k = 0; k < KEYS; k++)
    if ((*size = key(p, keys[k].word)) > 0)
      return k;
  return KEYS;
}

/* Where the first key= begins a word outside brackets, else p.length. */
static size_t before_key(struct part p) {
  size_t size, depth = 0;
  for (size_t k = 0; k < p.length; k++) {
    char c = p.text[k];
    bool word = k == 0 || space(p.text[k - 1]) || p.text[k - 1] == ',';
    if (depth == 0 && word &&
        find_key((struct part){p.text + k, p.length - k}, &size) < KEYS)
      return k;
    depth += c == '(' || c == '[' || c == '{';
    depth -= (c == ')' || c == ']' || c == '}') && depth > 0;
  }
  return p.length;
}

/* key=value key=value ... */
static enum jac_status read_keys(struct reader *r, struct part p) {
  while (p.length > 0) {
    size_t size, k = find_key(p, &size);
    if (k == KEYS)
      return not_understood(r, p);
    struct part rest = tail(p, size);
    size_t end = before_key(rest);
    struct part value = head(rest, end);
    if (value.length > 0 && value.text[value.length - 1] == ',')
      value = head(value, value.length - 1);
    for (size_t i = 0; i < value.length; i++)
      if (space(value.text[i]))
        return not_understood(r, tail(value, i));
    if (value.length == 0)
      return expected(r, p, _("a value after ="));
    enum jac_status status = keys[k].read(r, value);
    if (status != JAC_OK)
      return status;
    p = tail(rest, end);
  }
  return JAC_OK;
}

/* A = B, C = D */
static enum jac_status read_lets(struct reader *r, struct part p) {
  struct jac_directive *d = r->directive;
  do {
    size_t comma = until(p, ',');
    struct part one = head(p, comma);
    size_t equals = until(one, '=');
    struct part name = head(one, equals),
                value = equals < one.length ? tail(one, equals + 1) : head(one, 0);
    if (name.length == 0 || value.length == 0)
      return expected(r, one.length > 0 ? one : p, _("let A = B, C = D"));
    if (d->lets == JAC_DIRECTIVE_PARTS)
      return full(r);
    struct jac_let *let = &d->let[d->lets++];
    if (keep(r, name, &let->name) != JAC_OK || keep(r, value, &let->value) != JAC_OK)
      return JAC_ENOMEM;
    if (comma == p.length)
      return JAC_OK;
    p = tail(p, comma + 1);
  } while (true);
}

/* The first of these signs in p: where it stands, and its size; p.length when none does.
 */
static size_t find_sign(struct part p, const char *const *sign, size_t count,
                        size_t *size) {
  for (size_t k = 0; k < p.length; k++)
    for (size_t s = 0; s < count; s++)
      if (starts((struct part){p.text + k, p.length - k}, sign[s])) {
        *size = strlen(sign[s]);
        return k;
      }
  return p.length;
}

/* Where ` in R` and its other spellings stand; what precedes are names. */
static size_t find_in(struct part p, size_t *size) {
  static const char *const in[] = {" in ", "\\in ", "\\in\\", "∈"};
  size_t k = find_sign(p, in, 4, size);
  if (k < p.length && starts(tail(p, k), "\\in\\"))
    --*size;
  return k;
}

/* m x n, m \times n, m × n, m, n or one size. */
static enum jac_status read_sizes(struct reader *r, struct part p,
                                  struct jac_shape *shape) {
  static const char *const by[] = {" x ", "\\times", "×", ",", "*"};
  if (p.length > 1 && *p.text == '{' && p.text[p.length - 1] == '}')
    p = trim((struct part){p.text + 1, p.length - 2});
  size_t size = 1, k = find_sign(p, by, 5, &size);
  /* 3x2, mxn: one letter or digits on either side, so that `max` is a size. */
  if (k == p.length)
    for (size_t x = 1; x + 1 < p.length; x++) {
      bool before = x == 1 || digit(p.text[x - 1]);
      bool after = x + 2 == p.length || digit(p.text[x + 1]);
      if (p.text[x] == 'x' && before && after)
        k = x;
    }
  struct part rows = head(p, k), columns = k < p.length ? tail(p, k + size) : head(p, 0);
  if (rows.length == 0 || (k < p.length && columns.length == 0) ||
      find_sign(columns, by, 5, &size) < columns.length)
    return expected(r, p, _("one size or two, as in R^n or R^{m x n},"));
  enum jac_status status = keep(r, rows, &shape->rows);
  if (status == JAC_OK && columns.length > 0)
    status = keep(r, columns, &shape->columns);
  return status;
}

/* R, R^n, R^{m x n}, \mathbb{R}^..., ℝ^... */
static enum jac_status read_space(struct reader *r, struct part p,
                                  struct jac_shape *shape) {
  static const char *const reals[] = {"\\mathbb{R}", "\\mathbb R", "\\R", "ℝ", "R"};
  for (size_t k = 0; k < sizeof reals / sizeof reals[0]; k++)
    if (starts(p, reals[k])) {
      struct part power = tail(p, strlen(reals[k]));
      if (power.length == 0)
        return JAC_OK;
      if (*power.text == '^' && power.length > 1)
        return read_sizes(r, tail(power, 1), shape);
    }
  return expected(r, p, _("R, R^n or R^{m x n}"));
}

/* x, y in R^n, A in R^{m x n}: names wait for the space that follows them. */
static enum jac_status read_shapes(struct reader *r, struct part p) {
  struct jac_directive *d = r->directive;
  struct part whole = p;
  size_t waiting = d->shapes;
  while (p.length > 0) {
    size_t comma = until(p, ','), size = 0;
    struct part one = head(p, comma);
    size_t in = find_in(one, &size);
    if (head(one, in).length == 0)
      return expected(r, one.length > 0 ? one : p, _("x in R^n, A in R^{m x n}"));
    if (d->shapes == JAC_DIRECTIVE_PARTS)
      return full(r);
    if (keep(r, head(one, in), &d->shape[d->shapes++].name) != JAC_OK)
      return JAC_ENOMEM;
    for (; in < one.length && waiting < d->shapes; waiting++) {
      enum jac_status status = read_space(r, tail(one, in + size), &d->shape[waiting]);
      if (status != JAC_OK)
        return status;
    }
    p = comma < p.length ? tail(p, comma + 1) : head(p, 0);
  }
  if (waiting < d->shapes)
    return expected(r, whole, _("x in R^n"));
  return JAC_OK;
}

static const struct {
  const char *words;
  enum jac_meaning meaning;
} meanings[] = {
    {"elementwise", JAC_MEANS_ELEMENTWISE}, {"outer", JAC_MEANS_OUTER},
    {"kronecker", JAC_MEANS_KRONECKER},     {"product", JAC_MEANS_PRODUCT},
    {"number", JAC_MEANS_NUMBER},           {"transpose", JAC_MEANS_TRANSPOSE},
    {"derivative", JAC_MEANS_DERIVATIVE},   {"row", JAC_MEANS_ROW},
    {"column", JAC_MEANS_COLUMN},
};

/* T is a number */
static enum jac_status read_exception(struct reader *r, struct part p, size_t is_at) {
  struct jac_directive *d = r->directive;
  struct part sign = head(p, is_at), words = tail(p, is_at + 4);
  static const char *const articles[] = {"a ", "an ", "the "};
  for (size_t k = 0; k < 3; k++)
    if (starts(words, articles[k]))
      words = tail(words, strlen(articles[k]));
  for (size_t k = 0; k < sizeof meanings / sizeof meanings[0]; k++) {
    if (!is(words, meanings[k].words))
      continue;
    if (d->exceptions == JAC_DIRECTIVE_PARTS)
      return full(r);
    d->exception[d->exceptions].meaning = meanings[k].meaning;
    return keep(r, sign, &d->exception[d->exceptions++].sign);
  }
  return expected(r, words,
                  _("elementwise, outer, kronecker, product, number, transpose, "
                    "derivative, row or column"));
}

/* A part after the subject; *known says whether it is of a kind that there is. */
static enum jac_status read_part(struct reader *r, struct part p, bool *known) {
  static const char *const verb[] = {" is "};
  size_t size;
  *known = true;
  r->at = p.text;
  if (find_key(p, &size) < KEYS)
    return read_keys(r, p);
  if (starts(p, "let ") || starts(p, "let\\"))
    return read_lets(r, tail(p, 3));
  size_t is_at = find_sign(p, verb, 1, &size);
  if (is_at > 0 && is_at < p.length)
    return read_exception(r, p, is_at);
  if (find_in(p, &size) < p.length && until(p, '=') == p.length)
    return read_shapes(r, p);
  *known = false;
  return JAC_OK;
}

/* The first part: the subject, and key= after it. */
static enum jac_status read_subject(struct reader *r, struct part p) {
  static const char *const let[] = {" let "};
  size_t size, end = before_key(p);
  struct part subject = head(p, end);
  if (subject.length > 0 && subject.text[subject.length - 1] == ',')
    subject = head(subject, subject.length - 1);
  size_t stray = find_sign(subject, let, 1, &size);
  if (stray < subject.length)
    return expected(r, tail(subject, stray), _("a semicolon before let"));
  enum jac_status status = keep(r, subject, &r->directive->subject);
  return status == JAC_OK ? read_keys(r, tail(p, end)) : status;
}

static enum jac_status read_all(struct reader *r, struct part p) {
  bool first = true, known;
  if (p.length == 0)
    return not_understood(r, p);
  while (p.length > 0) {
    size_t end = until(p, ';');
    struct part one = head(p, end);
    enum jac_status status = JAC_OK;
    if (one.length > 0) {
      status = read_part(r, one, &known);
      if (status == JAC_OK && !known)
        status = first ? read_subject(r, one) : not_understood(r, one);
      first = false;
    }
    if (status != JAC_OK)
      return status;
    p = end < p.length ? tail(p, end + 1) : head(p, 0);
  }
  return first ? not_understood(r, p) : JAC_OK;
}

enum jac_status jac_directive_read(const char *text, struct jac_directive *directive,
                                   size_t *position, struct jac_error *err) {
  *directive = (struct jac_directive){0};
  struct reader r = {.text = text, .directive = directive, .at = text, .err = err};
  struct part all = trim((struct part){text, strlen(text)});
  enum jac_status status;
  if (all.length > JAC_DIRECTIVE_LONGEST)
    status = jac_fail(err, JAC_ELIMIT, _("directive: longer than %d bytes"),
                      (int)JAC_DIRECTIVE_LONGEST);
  else if (is(all, "off")) {
    directive->off = true;
    return JAC_OK;
  } else
    status = read_all(&r, all);
  if (status != JAC_OK)
    jac_directive_free(directive);
  if (status != JAC_OK && position != NULL)
    *position = (size_t)(r.at - text);
  return status;
}

void jac_directive_free(struct jac_directive *directive) {
  free(directive->subject);
  free(directive->wrt);
  for (size_t k = 0; k < directive->lets; k++) {
    free(directive->let[k].name);
    free(directive->let[k].value);
  }
  for (size_t k = 0; k < directive->shapes; k++) {
    free(directive->shape[k].name);
    free(directive->shape[k].rows);
    free(directive->shape[k].columns);
  }
  for (size_t k = 0; k < directive->exceptions; k++)
    free(directive->exception[k].sign);
  *directive = (struct jac_directive){0};
}
