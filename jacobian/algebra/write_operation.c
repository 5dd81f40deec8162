/* Operations written out. */
#include "jacobian/algebra/write_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_op(term_t t, enum jac_construct_id id) {
  return t->kind == JAC_TERM_OP && t->construct == id;
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
         t->kind == JAC_TERM_COMPARE || t->kind == JAC_TERM_LOGIC;
}

static void product(struct jac_writing *w, term_t t, int level, const char *sign,
                    struct jac_buffer *out) {
  /* Signs bind less tightly than what stands side by side; in plain text, as much. */
  int mine = *sign ? ENTRIES : PRODUCT,
      right = *sign && !plain(w) ? PRODUCT : PRODUCT + 1;
  /* (A (x) B) . C: they bind alike, and few know it. */
  int left = is_op(t, JAC_C_HADAMARD) && is_op(t->child[0], JAC_C_OTIMES) ? right : mine;
  jac_put_open(level, mine, w, out);
  jac_put_term(w, t->child[0], left, out);
  bool digits = !*sign && begins_with_digit(t->child[1]);
  jac_buffer_add(out, *sign    ? sign
                      : digits ? of(w, "*", "·", " \\cdot ")
                               : of(w, "*", " ", " "));
  jac_put_term(w, t->child[1], right, out);
  jac_put_close(level, mine, w, out);
}

/* A matrix over a number, behind a product: it is the product's quotient too. */
static bool is_over_number(term_t t) {
  return is_op(t, JAC_C_DIVIDE) && jac_type_is_number(t->child[1]->type) &&
         !jac_type_is_number(t->type);
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
    jac_put_open(level, OVER, w, out);
    jac_put_term(w, t->child[0], OVER + 1, out);
    jac_buffer_add(out, of(w, " ./ ", " ⊘ ", " \\oslash "));
    jac_put_term(w, t->child[1], PRODUCT + 1, out);
    jac_put_close(level, OVER, w, out);
    return;
  }
  if (latex(w)) {
    jac_buffer_add(out, "\\frac{");
    jac_put_term(w, t->child[0], 0, out);
    jac_buffer_add(out, "}{");
    jac_put_term(w, t->child[1], 0, out);
    jac_buffer_add(out, "}");
    return;
  }
  jac_put_open(level, PRODUCT, w, out);
  jac_put_term(w, t->child[0], PRODUCT, out);
  jac_buffer_add(out, "/");
  jac_put_term(w, t->child[1], PRODUCT + 1, out);
  jac_put_close(level, PRODUCT, w, out);
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
    jac_put_open(level, ENTRIES, w, out);
    jac_put_term(w, base, PRODUCT + 1, out);
    jac_buffer_add(out, of(w, "", " ⊙ ", " \\odot "));
    jac_put_term(w, base, PRODUCT + 1, out);
    jac_put_close(level, ENTRIES, w, out);
    return true;
  }
  struct jac_buffer b = JAC_BUFFER_INIT;
  jac_put_term(w, base, ATOM, &b);
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

/* ^m of a name, ^(m + 1) of what is more. */
static void exponent(struct jac_writing *w, term_t n, struct jac_buffer *out) {
  bool name = n->kind == JAC_TERM_SYMBOL ||
              (n->kind == JAC_TERM_SIZE && jac_dim_root(n->dim)->kind == JAC_DIM_FREE);
  jac_buffer_add(out, latex(w) ? "^{" : name ? "^" : "^(");
  jac_put_term(w, n, 0, out);
  jac_buffer_add(out, latex(w) ? "}" : name ? "" : ")");
}

static void power(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
  term_t base = t->child[0], n = t->child[1];
  bool entries = t->construct == JAC_C_DOTPOWER && !jac_type_is_number(t->type);
  if (entries && !plain(w) && is_two(n) && square(w, base, level, out))
    return;
  bool whole = is_natural(n);
  jac_put_open(level, TIGHT, w, out);
  bool exp = latex(w) && (is_op(base, JAC_C_EXP));
  jac_put_term(w, base, exp ? ATOM + 1 : TIGHT + 1, out);
  if (entries)
    jac_buffer_add(out, of(w, ".", "", ""));
  if (whole) {
    natural_power(w, (int)n->number, entries, out);
  } else {
    exponent(w, n, out);
  }
  jac_put_close(level, TIGHT, w, out);
}

static void transpose(struct jac_writing *w, term_t t, int level,
                      struct jac_buffer *out) {
  term_t x = t->child[0];
  jac_put_open(level, TIGHT, w, out);
  if (is_op(x, JAC_C_INVERSE) && !plain(w)) {
    jac_put_term(w, x->child[0], TIGHT + 1, out);
    jac_buffer_add(out, latex(w) ? "^{-\\top}" : "⁻ᵀ");
  } else {
    jac_put_term(w, x, TIGHT + 1, out);
    jac_buffer_add(out, of(w, "'", "ᵀ", "^\\top"));
  }
  jac_put_close(level, TIGHT, w, out);
}

static void call(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  const struct jac_construct *c = jac_construct(t->construct);
  size_t n;
  const char *names = plain(w)   ? c->plain
                      : latex(w) ? (*c->latex ? c->latex : c->plain)
                                 : c->unicode;
  const char *word = jac_construct_name(*names ? names : c->plain, &n);
  static const char *const known[] = {"exp", "log",  "ln",   "tanh",   "sin",    "cos",
                                      "tan", "sinh", "cosh", "arctan", "arcsin", "arccos",
                                      "det", "max",  "min",  "sec",    "csc",    "cot"};
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
    jac_put_term(w, t->child[k], 0, out);
  }
  jac_buffer_add(out, latex(w) ? "\\right)" : ")");
}

static void norm(struct jac_writing *w, term_t t, const char *below,
                 struct jac_buffer *out) {
  if (plain(w)) {
    call(w, t, out);
    return;
  }
  jac_buffer_add(out, latex(w) ? "\\left\\|" : "‖");
  jac_put_term(w, t->child[0], 0, out);
  jac_buffer_add(out, latex(w) ? "\\right\\|" : "‖");
  jac_buffer_add(out, below);
}

/* a x b, of two vectors of three entries; it is not associative. */
static bool is_cross(term_t t) {
  return t->kind == JAC_TERM_OP && t->construct == JAC_C_CROSS &&
         (strcmp(t->reading->type, "(3,1)(3,1)->(3,1)") == 0 ||
          strcmp(t->reading->type, "(1,3)(1,3)->(1,3)") == 0);
}

static void cross(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
  if (plain(w)) {
    call(w, t, out);
    return;
  }
  jac_put_open(level, ENTRIES, w, out);
  jac_put_term(w, t->child[0], ENTRIES + 1, out);
  jac_buffer_add(out, of(w, "", " × ", " \\times "));
  jac_put_term(w, t->child[1], ENTRIES + 1, out);
  jac_put_close(level, ENTRIES, w, out);
}

static void added(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
  bool minus = t->construct == JAC_C_SUBTRACT;
  jac_put_open(level, SUM, w, out);
  jac_put_term(w, t->child[0], SUM, out);
  jac_buffer_add(out, minus ? of(w, " - ", " − ", " - ") : " + ");
  jac_put_term(w, t->child[1], SUM + (minus || is_op(t->child[1], JAC_C_NEGATE) ? 6 : 0),
               out);
  jac_put_close(level, SUM, w, out);
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
  jac_put_term(w, row ? t->child[0] : t, inside && !row ? 0 : PRODUCT, out);
  jac_buffer_add(out, row ? " \\mathbf{1})" : inside ? ")" : "");
}

void jac_put_operation(struct jac_writing *w, term_t t, int level,
                       struct jac_buffer *out) {
  switch (t->construct) {
  case JAC_C_ADD:
  case JAC_C_SUBTRACT: {
    added(w, t, level, out);
    return;
  }
  case JAC_C_NEGATE:
    jac_put_open(level, MINUS, w, out);
    jac_buffer_add(out, of(w, "-", "−", "-"));
    jac_put_term(w, t->child[0], OVER, out);
    {
      jac_put_close(level, MINUS, w, out);
      return;
    }
  case JAC_C_SIDE:
  case JAC_C_STAR:
  case JAC_C_CDOT:
  case JAC_C_CROSS:
    if (is_cross(t)) {
      cross(w, t, level, out);
      return;
    }
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
      jac_put_open(level, PRODUCT, w, out);
      scalar(w, t->child[0], out);
      jac_buffer_add(out, of(w, "*", " ", " "));
      jac_put_term(w, t->child[1], PRODUCT + !is_side(t->child[1]), out);
      jac_put_close(level, PRODUCT, w, out);
      return;
    }
    if (is_side(t) && (is_side(t->child[1]) || is_over_number(t->child[1]))) {
      bool digits = begins_with_digit(t->child[1]);
      jac_put_open(level, PRODUCT, w, out);
      jac_put_term(w, t->child[0], PRODUCT, out);
      jac_buffer_add(out, digits ? of(w, "*", "·", " \\cdot ") : of(w, "*", " ", " "));
      jac_put_term(w, t->child[1], PRODUCT, out);
      jac_put_close(level, PRODUCT, w, out);
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
      jac_put_term(w, t->child[0], 0, out);
      jac_buffer_add(out, ", ");
      jac_put_term(w, t->child[1], 0, out);
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
    jac_put_open(level, TIGHT, w, out);
    jac_put_term(w, t->child[0], TIGHT + 1, out);
    jac_buffer_add(out, latex(w) ? "^{-1}" : "⁻¹");
    {
      jac_put_close(level, TIGHT, w, out);
      return;
    }
  case JAC_C_NORM: {
    norm(w, t, "", out);
    return;
  }
  case JAC_C_NORM1: {
    norm(w, t, of(w, "", "₁", "_1"), out);
    return;
  }
  case JAC_C_NORMMAX: {
    norm(w, t, of(w, "", "_∞", "_\\infty"), out);
    return;
  }
  case JAC_C_EXP:
    if (latex(w)) {
      jac_put_open(level, TIGHT + 10, w, out);
      jac_buffer_add(out, "e^{");
      jac_put_term(w, t->child[0], 0, out);
      jac_buffer_add(out, "}");
      {
        jac_put_close(level, TIGHT + 10, w, out);
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
      jac_put_term(w, t->child[0], 0, out);
      jac_buffer_add(out, "}");
      return;
    }
    {
      call(w, t, out);
      return;
    }
  case JAC_C_TOTAL:
    if (latex(w) && jac_dim_is_one(t->child[0]->type.cols)) {
      jac_put_open(level, PRODUCT, w, out);
      jac_buffer_add(out, "\\mathbf{1}^\\top ");
      jac_put_term(w, t->child[0], PRODUCT, out);
      {
        jac_put_close(level, PRODUCT, w, out);
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
