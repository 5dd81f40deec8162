#include "jacobian/algebra/write.h"

#include "jacobian/algebra/brackets.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef const struct jac_term *term_t;

/* How tightly what is written holds together. */
enum {
  SUM = 20,
  MINUS = 25,
  OVER = 35,
  ENTRIES = 38,
  PRODUCT = 40,
  TIGHT = 60,
  ATOM = 100
};

static void put(struct jac_writing *w, term_t t, int level, struct jac_buffer *out);

static bool latex(const struct jac_writing *w) {
  return w->notation == JAC_NOTATION_LATEX;
}

static bool plain(const struct jac_writing *w) {
  return w->notation == JAC_NOTATION_ASCII;
}

static const char *of(const struct jac_writing *w, const char *ascii, const char *unicode,
                      const char *tex) {
  return plain(w) ? ascii : latex(w) ? tex : unicode;
}

static void see_name(struct jac_writing *w, const char *key) {
  if (isalpha((unsigned char)key[0]) && !isalpha((unsigned char)key[1]))
    w->taken |= islower((unsigned char)key[0]) ? 1u << (key[0] - 'a') : 0;
}

static bool see(term_t t, void *context) {
  struct jac_writing *w = context;
  if (t->symbol)
    see_name(w, t->symbol->key);
  if (t->kind == JAC_TERM_SIZE && t->dim->name)
    see_name(w, t->dim->name);
  for (size_t k = 0; k < t->bys; k++)
    see_name(w, t->by[k].symbol->key);
  if (t->kind == JAC_TERM_SYMBOL && t->symbol->body)
    jac_term_walk(t->symbol->body, see, w);
  return true;
}

void jac_writing_see(struct jac_writing *w, term_t term) {
  if (term)
    jac_term_walk(term, see, w);
}

static char letter_of(struct jac_writing *w, const struct jac_index *index) {
  static const char letters[] = "ijklpqrstuvmnabcdefgho";
  for (size_t k = 0; k < w->indices; k++)
    if (w->index[k] == index)
      return w->letter[k];
  unsigned used = w->taken;
  for (size_t k = 0; k < w->indices; k++)
    used |= 1u << (w->letter[k] - 'a');
  char letter = index->name[0];
  if (!letter || index->name[1] || !islower((unsigned char)letter) ||
      (used & 1u << (letter - 'a')))
    letter = 0;
  for (const char *at = letters; !letter && *at; at++)
    letter = used & 1u << (*at - 'a') ? 0 : *at;
  if (!letter || w->indices == sizeof w->letter)
    return 'z';
  w->index[w->indices] = index;
  w->letter[w->indices++] = letter;
  return letter;
}

void jac_index_write(struct jac_writing *w, const struct jac_index *index,
                     struct jac_buffer *out) {
  jac_buffer_add_char(out, letter_of(w, index));
}

/* Greek names, hats. */
static const struct {
  const char *name, *unicode;
} greek[] = {
    {"alpha", "α"}, {"beta", "β"},   {"gamma", "γ"}, {"delta", "δ"}, {"epsilon", "ε"},
    {"zeta", "ζ"},  {"eta", "η"},    {"theta", "θ"}, {"kappa", "κ"}, {"lambda", "λ"},
    {"mu", "μ"},    {"nu", "ν"},     {"xi", "ξ"},    {"pi", "π"},    {"rho", "ρ"},
    {"sigma", "σ"}, {"tau", "τ"},    {"phi", "φ"},   {"psi", "ψ"},   {"omega", "ω"},
    {"Sigma", "Σ"}, {"Lambda", "Λ"}, {"Gamma", "Γ"}, {"Delta", "Δ"}, {"ell", "ℓ"}};

static size_t greek_of(const char *text, size_t length) {
  size_t k = 0;
  while (k < sizeof greek / sizeof *greek &&
         (strlen(greek[k].name) != length || memcmp(greek[k].name, text, length) != 0))
    k++;
  return k;
}

/* h_{i_j} of the plain notation is h_i_j. */
static void plain_name(const char *key, struct jac_buffer *out) {
  bool word =
      key[strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                      "_{}")] == '\0';
  for (const char *at = key; *at; at++)
    if (!word || (*at != '{' && *at != '}'))
      jac_buffer_add_char(out, *at);
}

static void name(struct jac_writing *w, const char *key, struct jac_buffer *out) {
  static const char *const accents[] = {"hat_",  "bar_", "tilde_",
                                        "bold_", "vec_", "dot_"};
  if (strncmp(key, "d ", 2) == 0) { /* a differential */
    jac_buffer_add(out, latex(w) ? "\\mathrm{d}" : "d");
    key += 2;
  }
  if (plain(w)) {
    plain_name(key, out);
    return;
  }
  for (size_t k = 0; k < sizeof accents / sizeof *accents; k++) {
    size_t n = strlen(accents[k]);
    if (strncmp(key, accents[k], n) != 0)
      continue;
    if (latex(w))
      jac_buffer_printf(out, "\\%.*s{", k == 3 ? 6 : (int)n - 1, k == 3 ? "mathbf" : key);
    name(w, key + n, out);
    if (latex(w))
      jac_buffer_add(out, "}");
    else if (k != 3)
      jac_buffer_add(out, k == 0 ? "\xcc\x82" : k == 1 ? "\xcc\x84" : "\xcc\x83");
    return;
  }
  size_t length = 0;
  while (isalpha((unsigned char)key[length]))
    length++;
  size_t g = greek_of(key, length);
  if (g < sizeof greek / sizeof *greek)
    jac_buffer_printf(out, "%s%s%s", latex(w) ? "\\" : "",
                      latex(w) ? greek[g].name : greek[g].unicode, "");
  else if (latex(w) && length > 1)
    jac_buffer_printf(out, "\\mathrm{%.*s}", (int)length, key);
  else
    jac_buffer_add_bytes(out, key, length);
  const char *rest = key + length;
  if (latex(w) && *rest == '_' && rest[1] != '{')
    jac_buffer_printf(out, "_{%s}", rest + 1);
  else
    jac_buffer_add(out, rest);
}

void jac_symbol_write(struct jac_writing *w, const struct jac_symbol *symbol,
                      struct jac_buffer *out) {
  name(w, symbol->key, out);
}

static void bracket_open(int level, int mine, struct jac_writing *w,
                         struct jac_buffer *out) {
  if (level > mine)
    jac_buffer_add(out, latex(w) ? "\\left(" : "(");
}

static void bracket_close(int level, int mine, struct jac_writing *w,
                          struct jac_buffer *out) {
  if (level > mine)
    jac_buffer_add(out, latex(w) ? "\\right)" : ")");
}

static bool is_op(term_t t, enum jac_construct_id id) {
  return t->kind == JAC_TERM_OP && t->construct == id;
}

static void number(struct jac_writing *w, double x, struct jac_buffer *out) {
  for (int under = 1; under <= 60; under++) {
    double above = x * under;
    if (fabs(above - round(above)) > 1e-12 * fabs(above) || fabs(above) > 1e9)
      continue;
    if (under == 1)
      jac_buffer_printf(out, "%.0f", above);
    else if (latex(w))
      jac_buffer_printf(out, "\\frac{%.0f}{%d}", above, under);
    else
      jac_buffer_printf(out, "%.0f/%d", above, under);
    return;
  }
  jac_buffer_printf(out, "%.15g", x);
}

static int number_level(double x) {
  return x < 0 ? MINUS : x == floor(x) ? ATOM : PRODUCT;
}

/* 2 3 beside each other would be 23; a sum has brackets. */
static bool begins_with_digit(term_t t) {
  while (t->kind == JAC_TERM_OP && t->construct != JAC_C_ADD &&
         t->construct != JAC_C_SUBTRACT &&
         jac_construct(t->construct)->role != JAC_ROLE_ENTRYWISE &&
         jac_construct(t->construct)->role != JAC_ROLE_FUNCTION &&
         t->construct != JAC_C_NEGATE && t->construct != JAC_C_INVERSE)
    t = t->child[0];
  return t->kind == JAC_TERM_NUMBER || t->kind == JAC_TERM_SIZE ||
         t->kind == JAC_TERM_COMPARE;
}

static void product(struct jac_writing *w, term_t t, int level, const char *sign,
                    struct jac_buffer *out) {
  /* Signs bind less tightly than what stands side by side; in plain text, as much. */
  int mine = *sign ? ENTRIES : PRODUCT,
      right = *sign && !plain(w) ? PRODUCT : PRODUCT + 1;
  bracket_open(level, mine, w, out);
  put(w, t->child[0], mine, out);
  bool digits = !*sign && begins_with_digit(t->child[1]);
  jac_buffer_add(out, *sign    ? sign
                      : digits ? of(w, "*", "·", " \\cdot ")
                               : of(w, "*", " ", " "));
  put(w, t->child[1], right, out);
  bracket_close(level, mine, w, out);
}

/* A chain of products needs no brackets on its right: they are the same. */
static bool is_side(term_t t) {
  return t->kind == JAC_TERM_OP &&
         (t->construct == JAC_C_SIDE || t->construct == JAC_C_STAR ||
          t->construct == JAC_C_CDOT) &&
         t->reading->price == 0;
}

static bool is_dot(term_t t) {
  return t->kind == JAC_TERM_OP && strstr(t->reading->type, "(n,1)(n,1)->1") != NULL;
}

static void quotient(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
  bool entries = !jac_type_is_number(t->child[1]->type);
  if (entries) {
    bracket_open(level, OVER, w, out);
    put(w, t->child[0], OVER + 1, out);
    jac_buffer_add(out, of(w, " ./ ", " ⊘ ", " \\oslash "));
    put(w, t->child[1], PRODUCT + 1, out);
    bracket_close(level, OVER, w, out);
    return;
  }
  if (latex(w)) {
    jac_buffer_add(out, "\\frac{");
    put(w, t->child[0], 0, out);
    jac_buffer_add(out, "}{");
    put(w, t->child[1], 0, out);
    jac_buffer_add(out, "}");
    return;
  }
  bracket_open(level, PRODUCT, w, out);
  put(w, t->child[0], PRODUCT, out);
  jac_buffer_add(out, "/");
  put(w, t->child[1], PRODUCT + 1, out);
  bracket_close(level, PRODUCT, w, out);
}

static void superscript(struct jac_writing *w, const char *digits,
                        struct jac_buffer *out) {
  static const char *const up[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  if (w->notation == JAC_NOTATION_UNICODE)
    for (; *digits; digits++)
      jac_buffer_add(out, *digits == '-' ? "⁻" : up[*digits - '0']);
  else
    jac_buffer_printf(out,
                      latex(w)             ? "^{%s}"
                      : strlen(digits) > 1 ? "^(%s)"
                                           : "^%s",
                      digits);
}

/* A square entry by entry: tanh^2(u), or u . u. False: it is none of these. */
static bool square(struct jac_writing *w, term_t base, int level,
                   struct jac_buffer *out) {
  bool function = is_op(base, JAC_C_TANH) || is_op(base, JAC_C_SIN) ||
                  is_op(base, JAC_C_COS) || is_op(base, JAC_C_SINH) ||
                  is_op(base, JAC_C_COSH);
  if (!function) {
    bracket_open(level, ENTRIES, w, out);
    put(w, base, PRODUCT + 1, out);
    jac_buffer_add(out, of(w, "", " ⊙ ", " \\odot "));
    put(w, base, PRODUCT + 1, out);
    bracket_close(level, ENTRIES, w, out);
    return true;
  }
  struct jac_buffer b = JAC_BUFFER_INIT;
  put(w, base, ATOM, &b);
  size_t name = b.failed ? 0 : strcspn(b.text, "(");
  bool found = name && b.text[name] == '(';
  if (found)
    jac_buffer_printf(out, "%.*s%s%s", (int)name, b.text, of(w, "", "²", "^{2}"),
                      b.text + name);
  jac_buffer_free(&b);
  return found;
}

static bool is_two(term_t t) {
  return t->kind == JAC_TERM_NUMBER && t->number == 2;
}

/* A natural number that is short. */
static bool is_natural(term_t n) {
  return n->kind == JAC_TERM_NUMBER && n->number == floor(n->number) && n->number >= 0 &&
         n->number < 100;
}

static void natural_power(struct jac_writing *w, int n, bool entries,
                          struct jac_buffer *out) {
  char digits[8];
  snprintf(digits, sizeof digits, "%d", n);
  if (entries && latex(w)) {
    jac_buffer_printf(out, "^{\\odot %s}", digits);
    return;
  }
  jac_buffer_add(out, entries && !plain(w) ? "^⊙" : "");
  superscript(w, digits, out);
}

static void power(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
  term_t base = t->child[0], n = t->child[1];
  bool entries = t->construct == JAC_C_DOTPOWER && !jac_type_is_number(t->type);
  if (entries && !plain(w) && is_two(n) && square(w, base, level, out))
    return;
  bool whole = is_natural(n);
  bracket_open(level, TIGHT, w, out);
  bool exp = latex(w) && (is_op(base, JAC_C_EXP));
  put(w, base, exp ? ATOM + 1 : TIGHT + 1, out);
  if (entries)
    jac_buffer_add(out, of(w, ".", "", ""));
  if (whole) {
    natural_power(w, (int)n->number, entries, out);
  } else {
    jac_buffer_add(out, latex(w) ? "^{" : "^(");
    put(w, n, 0, out);
    jac_buffer_add(out, latex(w) ? "}" : ")");
  }
  bracket_close(level, TIGHT, w, out);
}

static void transpose(struct jac_writing *w, term_t t, int level,
                      struct jac_buffer *out) {
  term_t x = t->child[0];
  bracket_open(level, TIGHT, w, out);
  if (is_op(x, JAC_C_INVERSE) && !plain(w)) {
    put(w, x->child[0], TIGHT + 1, out);
    jac_buffer_add(out, latex(w) ? "^{-\\top}" : "⁻ᵀ");
  } else {
    put(w, x, TIGHT + 1, out);
    jac_buffer_add(out, of(w, "'", "ᵀ", "^\\top"));
  }
  bracket_close(level, TIGHT, w, out);
}

static void call(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  const struct jac_construct *c = jac_construct(t->construct);
  size_t n;
  const char *names = plain(w)   ? c->plain
                      : latex(w) ? (*c->latex ? c->latex : c->plain)
                                 : c->unicode;
  const char *word = jac_construct_name(*names ? names : c->plain, &n);
  static const char *const known[] = {"exp",    "log",    "ln",   "tanh", "sin",
                                      "cos",    "tan",    "sinh", "cosh", "arctan",
                                      "arcsin", "arccos", "det",  "max",  "min",
                                      "sec",    "csc",    "cot"};
  bool command = false;
  for (size_t k = 0; k < sizeof known / sizeof *known; k++)
    command = command || (strlen(known[k]) == n && memcmp(known[k], word, n) == 0);
  if (latex(w) && t->construct == JAC_C_SIGMOID)
    jac_buffer_add(out, "\\sigma");
  else if (latex(w) && (t->construct == JAC_C_NORMAL || t->construct == JAC_C_DENSITY))
    jac_buffer_add(out, t->construct == JAC_C_NORMAL ? "\\Phi" : "\\phi");
  else if (latex(w))
    jac_buffer_printf(out, command ? "\\%.*s" : "\\operatorname{%.*s}", (int)n, word);
  else
    jac_buffer_add_bytes(out, word, n);
  jac_buffer_add(out, latex(w) ? "\\left(" : "(");
  for (size_t k = 0; k < t->count; k++) {
    if (k)
      jac_buffer_add(out, ", ");
    put(w, t->child[k], 0, out);
  }
  jac_buffer_add(out, latex(w) ? "\\right)" : ")");
}

static void norm(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  if (plain(w)) {
    call(w, t, out);
    return;
  }
  jac_buffer_add(out, latex(w) ? "\\left\\|" : "‖");
  put(w, t->child[0], 0, out);
  jac_buffer_add(out, latex(w) ? "\\right\\|" : "‖");
}

static void added(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
  bool minus = t->construct == JAC_C_SUBTRACT;
  bracket_open(level, SUM, w, out);
  put(w, t->child[0], SUM, out);
  jac_buffer_add(out, minus ? of(w, " - ", " − ", " - ") : " + ");
  put(w, t->child[1], SUM + (minus || is_op(t->child[1], JAC_C_NEGATE) ? 6 : 0), out);
  bracket_close(level, SUM, w, out);
}

/* x' A x: a number that is a product of matrices. */
static bool is_inner(term_t t) {
  return t->kind == JAC_TERM_OP && jac_type_is_number(t->type) &&
         strcmp(t->reading->type, "(r,k)(k,c)->(r,c)") == 0;
}

static bool is_product_of_numbers(term_t t) {
  return t->kind == JAC_TERM_OP && t->count == 2 &&
         (t->construct == JAC_C_SIDE || t->construct == JAC_C_STAR) &&
         strcmp(t->reading->type, "11->1") == 0;
}

/* In LaTeX sum(y) z is read as the sum of (y) z. */
static bool is_total(const struct jac_writing *w, term_t t) {
  return latex(w) && is_op(t, JAC_C_TOTAL);
}

static bool has_inner(const struct jac_writing *w, term_t t) {
  return is_inner(t) || is_total(w, t) ||
         (is_product_of_numbers(t) &&
          (has_inner(w, t->child[0]) || has_inner(w, t->child[1])));
}

/* The number that a matrix is multiplied by: (x' y) z, as x' y z reads otherwise. */
static void scalar(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  if (is_product_of_numbers(t)) {
    scalar(w, t->child[0], out);
    jac_buffer_add(out, of(w, "*", " ", " "));
    scalar(w, t->child[1], out);
    return;
  }
  bool row = is_total(w, t) && jac_dim_is_one(t->child[0]->type.rows);
  bool inside = row || is_inner(t) || is_total(w, t);
  jac_buffer_add(out, inside ? "(" : "");
  put(w, row ? t->child[0] : t, inside && !row ? 0 : PRODUCT, out);
  jac_buffer_add(out, row ? " \\mathbf{1})" : inside ? ")" : "");
}

static void operation(struct jac_writing *w, term_t t, int level,
                      struct jac_buffer *out) {
  switch (t->construct) {
  case JAC_C_ADD:
  case JAC_C_SUBTRACT: {
    added(w, t, level, out);
    return;
  }
  case JAC_C_NEGATE:
    bracket_open(level, MINUS, w, out);
    jac_buffer_add(out, of(w, "-", "−", "-"));
    put(w, t->child[0], OVER, out);
    {
      bracket_close(level, MINUS, w, out);
      return;
    }
  case JAC_C_SIDE:
  case JAC_C_STAR:
  case JAC_C_CDOT:
  case JAC_C_CROSS:
    if (is_dot(t) && plain(w)) {
      jac_buffer_add(out, "sum(");
      product(w, t, 0, " .* ", out);
      jac_buffer_add(out, ")");
      return;
    }
    if (is_dot(t)) {
      product(w, t, level, of(w, "", " · ", " \\cdot "), out);
      return;
    }
    if (strcmp(t->reading->type, "(r,c)(r,c)->(r,c)") == 0) {
      product(w, t, level, of(w, " .* ", " ⊙ ", " \\odot "), out);
      return;
    }
    if (strcmp(t->reading->type, "1(r,c)->(r,c)") == 0 && has_inner(w, t->child[0])) {
      bracket_open(level, PRODUCT, w, out);
      scalar(w, t->child[0], out);
      jac_buffer_add(out, of(w, "*", " ", " "));
      put(w, t->child[1], PRODUCT + !is_side(t->child[1]), out);
      bracket_close(level, PRODUCT, w, out);
      return;
    }
    if (is_side(t) && is_side(t->child[1])) {
      bool digits = begins_with_digit(t->child[1]);
      bracket_open(level, PRODUCT, w, out);
      put(w, t->child[0], PRODUCT, out);
      jac_buffer_add(out, digits ? of(w, "*", "·", " \\cdot ") : of(w, "*", " ", " "));
      put(w, t->child[1], PRODUCT, out);
      bracket_close(level, PRODUCT, w, out);
      return;
    }
    product(w, t, level, "", out);
    return;
  case JAC_C_HADAMARD:
  case JAC_C_CIRC: {
    product(w, t, level, of(w, " .* ", " ⊙ ", " \\odot "), out);
    return;
  }
  case JAC_C_OTIMES:
    if (plain(w)) {
      jac_buffer_add(out, "kron(");
      put(w, t->child[0], 0, out);
      jac_buffer_add(out, ", ");
      put(w, t->child[1], 0, out);
      jac_buffer_add(out, ")");
      return;
    }
    {
      product(w, t, level, of(w, "", " ⊗ ", " \\otimes "), out);
      return;
    }
  case JAC_C_DIVIDE:
  case JAC_C_DOTDIVIDE: {
    quotient(w, t, level, out);
    return;
  }
  case JAC_C_POWER:
  case JAC_C_DOTPOWER: {
    power(w, t, level, out);
    return;
  }
  case JAC_C_TRANSPOSE: {
    transpose(w, t, level, out);
    return;
  }
  case JAC_C_INVERSE:
    if (plain(w)) {
      call(w, t, out);
      return;
    }
    bracket_open(level, TIGHT, w, out);
    put(w, t->child[0], TIGHT + 1, out);
    jac_buffer_add(out, latex(w) ? "^{-1}" : "⁻¹");
    {
      bracket_close(level, TIGHT, w, out);
      return;
    }
  case JAC_C_NORM: {
    norm(w, t, out);
    return;
  }
  case JAC_C_EXP:
    if (latex(w)) {
      bracket_open(level, TIGHT + 10, w, out);
      jac_buffer_add(out, "e^{");
      put(w, t->child[0], 0, out);
      jac_buffer_add(out, "}");
      {
        bracket_close(level, TIGHT + 10, w, out);
        return;
      }
    }
    {
      call(w, t, out);
      return;
    }
  case JAC_C_SQRT:
    if (latex(w)) {
      jac_buffer_add(out, "\\sqrt{");
      put(w, t->child[0], 0, out);
      jac_buffer_add(out, "}");
      return;
    }
    {
      call(w, t, out);
      return;
    }
  case JAC_C_TOTAL:
    if (latex(w) && jac_dim_is_one(t->child[0]->type.cols)) {
      bracket_open(level, PRODUCT, w, out);
      jac_buffer_add(out, "\\mathbf{1}^\\top ");
      put(w, t->child[0], PRODUCT, out);
      {
        bracket_close(level, PRODUCT, w, out);
        return;
      }
    }
    {
      call(w, t, out);
      return;
    }
  default: {
    call(w, t, out);
    return;
  }
  }
}

/* A subscript that ends the text is opened again: x_{1} of 2 is x_{1,2}. */
static bool reopen(struct jac_buffer *out) {
  size_t at = out->length, depth = 0;
  if (!at || out->text[at - 1] != '}')
    return false;
  do {
    at--;
    depth += out->text[at] == '}';
    depth -= out->text[at] == '{';
  } while (at && depth);
  if (depth || !at || out->text[at - 1] != '_')
    return false;
  out->text[--out->length] = '\0';
  return true;
}

/* What stands below a name: 1, i, i+1. */
static void below(struct jac_writing *w, term_t const *place, size_t count,
                  struct jac_buffer *out) {
  static const char *const down[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
  static const struct {
    char letter;
    const char *sign;
  } low[] = {{'i', "ᵢ"}, {'j', "ⱼ"}, {'k', "ₖ"}, {'l', "ₗ"}, {'p', "ₚ"}, {'r', "ᵣ"},
             {'s', "ₛ"}, {'t', "ₜ"}, {'u', "ᵤ"}, {'v', "ᵥ"}, {'m', "ₘ"}, {'n', "ₙ"},
             {'a', "ₐ"}, {'e', "ₑ"}, {'o', "ₒ"}, {'h', "ₕ"}};
  struct jac_buffer text = JAC_BUFFER_INIT;
  bool small = w->notation == JAC_NOTATION_UNICODE, one = true;
  for (size_t k = 0; k < count; k++) {
    struct jac_buffer part = JAC_BUFFER_INIT;
    put(w, place[k], 0, &part);
    one = one && part.length == 1;
    jac_buffer_printf(&text, "%s%s", k && w->notation != JAC_NOTATION_UNICODE ? "," : "",
                      part.text);
    jac_buffer_free(&part);
  }
  if (plain(w)) {
    jac_buffer_printf(out, "[%s]", text.text);
  } else if (reopen(out)) {
    jac_buffer_printf(out, ",%s}", text.text);
  } else if (latex(w)) {
    jac_buffer_printf(out, "_{%s}", text.text);
  } else {
    for (const char *at = text.text; *at && small; at++) {
      bool known = isdigit((unsigned char)*at);
      for (size_t k = 0; k < sizeof low / sizeof *low; k++)
        known = known || low[k].letter == *at;
      small = known;
    }
    small = small && one;
    if (!small)
      jac_buffer_printf(out, "_{%s}", text.text);
    for (const char *at = text.text; *at && small; at++) {
      if (isdigit((unsigned char)*at))
        jac_buffer_add(out, down[*at - '0']);
      for (size_t k = 0; k < sizeof low / sizeof *low; k++)
        if (low[k].letter == *at)
          jac_buffer_add(out, low[k].sign);
    }
  }
  jac_buffer_free(&text);
}

/* The name before what stands below it: in LaTeX (W_1)_{i,j}, as W_{1,i,j} has three
 * indices. */
static void name_of_entries(struct jac_writing *w, const char *key,
                            struct jac_buffer *out) {
  struct jac_buffer own = JAC_BUFFER_INIT;
  name(w, key, &own);
  const char *text = own.text ? own.text : "";
  bool apart = latex(w) && strstr(text, "_{") != NULL && text[own.length - 1] == '}';
  jac_buffer_printf(out, apart ? "(%s)" : "%s", text);
  jac_buffer_free(&own);
}

static void entry(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  term_t place[2];
  size_t count = 0;
  for (size_t k = 1; k < 3; k++)
    if (t->child[k])
      place[count++] = t->child[k];
  if (t->child[0]->kind == JAC_TERM_EYE && count == 1) { /* a unit vector */
    jac_buffer_add(out, of(w, "e", "e", "\\mathbf{e}")); /* no power of e */
    below(w, place, 1, out);
    jac_buffer_add(out, t->child[1] ? of(w, "'", "ᵀ", "^\\top") : "");
    return;
  }
  if (t->child[0]->kind == JAC_TERM_SYMBOL && !t->child[0]->symbol->families)
    name_of_entries(w, t->child[0]->symbol->key, out);
  else
    put(w, t->child[0], ATOM + 1, out);
  bool half = count == 1 && !jac_dim_is_one(t->child[0]->type.rows) &&
              !jac_dim_is_one(t->child[0]->type.cols);
  if (!half) {
    below(w, place, count, out);
    return;
  }
  jac_buffer_add(out, plain(w) ? "[" : "_{");
  if (!t->child[1])
    jac_buffer_add(out, of(w, ".,", "•,", "\\bullet,"));
  put(w, place[0], 0, out);
  if (t->child[1])
    jac_buffer_add(out, of(w, ",.", ",•", ",\\bullet"));
  jac_buffer_add(out, plain(w) ? "]" : "}");
}

/* An index, or a number that stands below as one: j = i + k - 1 is no delta to read. */
static bool is_place(term_t t) {
  return t->kind == JAC_TERM_INDEX || t->kind == JAC_TERM_NUMBER ||
         t->kind == JAC_TERM_SYMBOL || t->kind == JAC_TERM_SIZE;
}

static void compared(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  const struct jac_construct *c = jac_construct(t->construct);
  bool delta =
      t->construct == JAC_C_EQUAL && is_place(t->child[0]) && is_place(t->child[1]) &&
      (t->child[0]->kind == JAC_TERM_INDEX || t->child[1]->kind == JAC_TERM_INDEX);
  if (delta) {
    jac_buffer_add(out, of(w, "delta(", "δ", "\\delta_{"));
    if (!plain(w) && !latex(w)) {
      below(w, t->child, 2, out);
      return;
    }
    put(w, t->child[0], 0, out);
    jac_buffer_add(out, ",");
    put(w, t->child[1], 0, out);
    jac_buffer_add(out, plain(w) ? ")" : "}");
    return;
  }
  jac_buffer_add(out, of(w, "ind(", "1[", "\\mathbf{1}\\left["));
  put(w, t->child[0], 0, out);
  size_t n;
  const char *names = plain(w) ? c->plain : latex(w) ? c->latex : c->unicode;
  const char *sign = jac_construct_name(names, &n);
  bool word = latex(w) && isalpha((unsigned char)*sign) && t->construct != JAC_C_EQUAL;
  if (latex(w) && (t->construct == JAC_C_EQUAL || t->construct == JAC_C_LESS ||
                   t->construct == JAC_C_MORE))
    jac_buffer_printf(out, " %s ",
                      t->construct == JAC_C_EQUAL  ? "="
                      : t->construct == JAC_C_LESS ? "<"
                                                   : ">");
  else
    jac_buffer_printf(out, " %s%.*s ", word ? "\\" : "", (int)n, sign);
  put(w, t->child[1], 0, out);
  jac_buffer_add(out, of(w, ")", "]", "\\right]"));
}

/* i \ne j, without the bracket of an indicator. */
static void condition(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  if (t->kind != JAC_TERM_COMPARE) {
    put(w, t, 0, out);
    return;
  }
  const struct jac_construct *c = jac_construct(t->construct);
  size_t n;
  const char *names = plain(w) ? c->plain : latex(w) ? c->latex : c->unicode;
  const char *sign = jac_construct_name(names, &n);
  put(w, t->child[0], 0, out);
  if (latex(w))
    jac_buffer_printf(out, " %s ",
                      t->construct == JAC_C_UNEQUAL   ? "\\ne"
                      : t->construct == JAC_C_LESS    ? "<"
                      : t->construct == JAC_C_MORE    ? ">"
                      : t->construct == JAC_C_ATMOST  ? "\\le"
                      : t->construct == JAC_C_ATLEAST ? "\\ge"
                                                      : "=");
  else
    jac_buffer_printf(out, " %.*s ", (int)n, sign);
  put(w, t->child[1], 0, out);
}

static void cases(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  jac_buffer_add(out, of(w, "cases(", "{", "\\begin{cases} "));
  for (size_t k = 0; k < t->count; k++) {
    if (k % 2) {
      jac_buffer_add(out, of(w, ", ", " if ", " & \\text{if } "));
      condition(w, t->child[k], out);
      continue;
    }
    bool otherwise = k > 0 && k + 1 == t->count;
    if (k > 0)
      jac_buffer_add(out, of(w, ", ", otherwise ? "; otherwise " : "; ", " \\\\ "));
    put(w, t->child[k], 0, out);
    jac_buffer_add(out, otherwise ? of(w, "", "", " & \\text{otherwise}") : "");
  }
  jac_buffer_add(out, of(w, ")", "}", " \\end{cases}"));
}

static void big(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
  const struct jac_construct *c = jac_construct(t->construct);
  size_t n;
  const char *word = jac_construct_name(plain(w) ? c->plain : c->unicode, &n);
  struct jac_buffer letter = JAC_BUFFER_INIT;
  size_t before = w->indices;
  jac_index_write(w, t->index, &letter);
  if (plain(w)) {
    jac_buffer_printf(out, "%.*s(%s%s", (int)n, word, letter.text,
                      t->child[2] && !t->child[1] ? "=1" : "");
    for (size_t k = 1; k < 3; k++)
      if (t->child[k]) {
        jac_buffer_add(out, k == 1 ? "=" : ":");
        put(w, t->child[k], SUM + 1, out);
      }
    if (t->child[3]) {
      jac_buffer_add(out, ", ");
      condition(w, t->child[3], out);
    }
    jac_buffer_add(out, ", ");
    put(w, t->child[0], 0, out);
    jac_buffer_add(out, ")");
  } else {
    bracket_open(level, OVER, w, out);
    if (latex(w)) {
      const char *tex = t->construct == JAC_C_SUM       ? "sum"
                        : t->construct == JAC_C_PRODUCT ? "prod"
                        : t->construct == JAC_C_BIGMAX  ? "max"
                                                        : "min";
      jac_buffer_printf(out, "\\%s_{", tex);
    } else {
      const char *sign = t->construct == JAC_C_SUM       ? "Σ"
                         : t->construct == JAC_C_PRODUCT ? "Π"
                                                         : word;
      jac_buffer_add(out, sign);
    }
    bool bare = !t->child[1] && !t->child[2] && !t->child[3];
    if (bare && !latex(w)) {
      const struct jac_index *index = t->index;
      struct jac_term *at = &(struct jac_term){
          .kind = JAC_TERM_INDEX, .index = index, .type = t->child[0]->type};
      term_t place[1] = {at};
      below(w, place, 1, out);
    } else {
      if (!latex(w))
        jac_buffer_add(out, "_{");
      if (t->child[3] && !t->child[1])
        condition(w, t->child[3], out);
      else
        jac_buffer_add(out, letter.text);
      if (t->child[1]) {
        jac_buffer_add(out, "=");
        put(w, t->child[1], 0, out);
      }
      jac_buffer_add(out, "}");
    }
    if (t->child[2]) {
      jac_buffer_add(out, "^{");
      put(w, t->child[2], 0, out);
      jac_buffer_add(out, "}");
    }
    jac_buffer_add(out, " ");
    put(w, t->child[0], OVER, out);
    bracket_close(level, OVER, w, out);
  }
  jac_buffer_free(&letter);
  /* What was bound here is free again behind it. */
  w->indices = before < w->indices ? before : w->indices;
}

static void blocks(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  jac_buffer_add(out, latex(w) ? "\\begin{pmatrix} " : "[");
  for (size_t r = 0; r < t->block_rows; r++) {
    if (r)
      jac_buffer_add(out, latex(w) ? " \\\\ " : "; ");
    for (size_t c = 0; c < t->block_cols; c++) {
      if (c)
        jac_buffer_add(out, latex(w) ? " & " : ", ");
      term_t cell = t->child[r * t->block_cols + c];
      if (cell)
        put(w, cell, 0, out);
      else
        jac_buffer_add(out, "0");
    }
  }
  jac_buffer_add(out, latex(w) ? " \\end{pmatrix}" : "]");
}

static void size(struct jac_writing *w, const struct jac_dim *dim,
                 struct jac_buffer *out) {
  dim = jac_dim_root(dim);
  if (dim->kind == JAC_DIM_ONE || dim->kind == JAC_DIM_FIXED)
    jac_buffer_printf(out, "%zu", dim->kind == JAC_DIM_ONE ? 1 : dim->fixed);
  else if (dim->kind == JAC_DIM_FREE && dim->name)
    name(w, dim->name, out);
  else if (dim->kind == JAC_DIM_FREE)
    jac_buffer_printf(out, "n_%zu", dim->id);
  else {
    size(w, dim->a, out);
    jac_buffer_add(out, dim->kind == JAC_DIM_SUM ? "+" : of(w, "*", " ", " "));
    size(w, dim->b, out);
  }
}

static void sized(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  bool square = t->kind == JAC_TERM_EYE;
  const char *sign = square                     ? "I"
                     : t->kind == JAC_TERM_ONES ? of(w, "ones", "1", "\\mathbf{1}")
                                                : of(w, "zeros", "0", "0");
  bool row = jac_dim_is_one(t->type.rows), column = jac_dim_is_one(t->type.cols);
  if (plain(w) && !square) {
    jac_buffer_printf(out, "%s(", sign);
    size(w, t->type.rows, out);
    jac_buffer_add(out, ",");
    size(w, t->type.cols, out);
    jac_buffer_add(out, ")");
    return;
  }
  jac_buffer_add(out, plain(w) && square ? "eye(" : sign);
  if (plain(w)) {
    size(w, t->type.rows, out);
    jac_buffer_add(out, ")");
    return;
  }
  if (t->kind == JAC_TERM_ZEROS)
    return;
  jac_buffer_add(out, "_{");
  size(w, row ? t->type.cols : t->type.rows, out);
  if (!square && !row && !column) {
    jac_buffer_add(out, latex(w) ? " \\times " : "×");
    size(w, t->type.cols, out);
  }
  jac_buffer_add(out, "}");
  if (row && !square)
    jac_buffer_add(out, latex(w) ? "^\\top" : "ᵀ");
}

static void put(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
  switch (t->kind) {
  case JAC_TERM_NUMBER:
    bracket_open(level, number_level(t->number), w, out);
    number(w, t->number, out);
    bracket_close(level, number_level(t->number), w, out);
    break;
  case JAC_TERM_SIZE:
    size(w, t->dim, out);
    break;
  case JAC_TERM_INDEX:
    jac_index_write(w, t->index, out);
    break;
  case JAC_TERM_SYMBOL:
    name(w, t->symbol->key, out);
    if (t->count)
      below(w, t->child, t->count, out);
    break;
  case JAC_TERM_OP:
    operation(w, t, level, out);
    break;
  case JAC_TERM_BIG:
    big(w, t, level, out);
    break;
  case JAC_TERM_ENTRY:
    entry(w, t, out);
    break;
  case JAC_TERM_MATRIX:
    blocks(w, t, out);
    break;
  case JAC_TERM_EYE:
  case JAC_TERM_ONES:
  case JAC_TERM_ZEROS:
    sized(w, t, out);
    break;
  case JAC_TERM_COMPARE:
    compared(w, t, out);
    break;
  case JAC_TERM_CASES:
    cases(w, t, out);
    break;
  case JAC_TERM_BUILD:
    put(w, t->child[0], level, out);
    break;
  case JAC_TERM_CALL:
    name(w, t->symbol->key, out);
    jac_buffer_add(out, "(");
    for (size_t k = 0; k < t->count; k++) {
      jac_buffer_add(out, k ? ", " : "");
      put(w, t->child[k], 0, out);
    }
    jac_buffer_add(out, ")");
    break;
  case JAC_TERM_LOGIC:
    put(w, t->child[0], ATOM, out);
    jac_buffer_add(out, t->construct == JAC_C_AND ? of(w, " and ", " ∧ ", " \\land ")
                                                  : of(w, " or ", " ∨ ", " \\lor "));
    put(w, t->child[1], ATOM, out);
    break;
  default:
    jac_buffer_add(out, "?");
    break;
  }
}

void jac_term_write(struct jac_writing *w, term_t term, struct jac_buffer *out) {
  size_t from = out->length;
  put(w, term, 0, out);
  if (latex(w) && !out->failed)
    jac_brackets_settle(out, from);
  if (w->notation == JAC_NOTATION_UNICODE && !out->failed)
    jac_brackets_draw_near(out, from);
}
