/* Entries, deltas, indicators: what stands below. */
#include "jacobian/algebra/make.h"
#include "jacobian/algebra/write_internal.h"

#include <ctype.h>
#include <string.h>

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

static void without_spaces(struct jac_buffer *b) {
  size_t kept = 0;
  for (size_t k = 0; k < b->length; k++)
    if (b->text[k] != ' ')
      b->text[kept++] = b->text[k];
  if (b->text)
    b->text[b->length = kept] = '\0';
}

void jac_put_below(struct jac_writing *w, term_t const *place, size_t count,
                   struct jac_buffer *out) {
  static const char *const down[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
  static const struct {
    char letter;
    const char *sign;
  } low[] = {{'i', "ᵢ"}, {'j', "ⱼ"}, {'k', "ₖ"}, {'l', "ₗ"}, {'p', "ₚ"}, {'r', "ᵣ"},
             {'s', "ₛ"}, {'t', "ₜ"}, {'u', "ᵤ"}, {'v', "ᵥ"}, {'m', "ₘ"}, {'n', "ₙ"},
             {'a', "ₐ"}, {'e', "ₑ"}, {'o', "ₒ"}, {'h', "ₕ"}};
  struct jac_buffer text = JAC_BUFFER_INIT;
  bool unicode = w->notation == JAC_NOTATION_UNICODE, small = unicode, one = true;
  for (size_t k = 0; k < 2 * count; k++) { /* first whether a comma parts them */
    struct jac_buffer part = JAC_BUFFER_INIT;
    jac_put_term(w, place[k % count], 0, &part);
    if (unicode)
      without_spaces(&part);
    if (k < count)
      one = one && part.length == 1;
    else
      jac_buffer_printf(&text, "%s%s", k > count && !(unicode && one) ? "," : "",
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
  jac_put_name(w, key, &own);
  const char *text = own.text ? own.text : "";
  bool apart = latex(w) && strstr(text, "_{") != NULL && text[own.length - 1] == '}';
  jac_buffer_printf(out, apart ? "(%s)" : "%s", text);
  jac_buffer_free(&own);
}

bool jac_is_slope(term_t t) {
  term_t d = t->kind == JAC_TERM_ENTRY ? t->child[0] : t;
  return d->kind == JAC_TERM_DERIVATIVE && d->layout == JAC_LAYOUT_GRADIENT &&
         d->bys == 1 && !d->by->symbol->families && !d->by->row && !d->by->column &&
         jac_type_is_number(d->child[0]->type) && jac_type_is_number(t->type);
}

void jac_put_slope(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
  const char *sign = of(w, "d", "∂", "\\partial ");
  term_t d = t->kind == JAC_TERM_ENTRY ? t->child[0] : t, place[2];
  size_t count = 0;
  for (size_t k = 1; k < t->count; k++)
    if (t->child[k])
      place[count++] = t->child[k];
  jac_put_open(latex(w) ? 0 : level, ENTRIES, w, out);
  jac_buffer_printf(out, "%s%s", of(w, "", "", "\\frac{"), sign);
  jac_put_term(w, d->child[0], 0, out);
  jac_buffer_printf(out, "%s%s", of(w, "/", "/", "}{"), sign);
  name_of_entries(w, d->by->symbol->key, out);
  if (count)
    jac_put_below(w, place, count, out);
  jac_buffer_add(out, of(w, "", "", "}"));
  jac_put_close(latex(w) ? 0 : level, ENTRIES, w, out);
}

void jac_put_entry(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  term_t place[2];
  size_t count = 0;
  for (size_t k = 1; k < 3; k++)
    if (t->child[k])
      place[count++] = t->child[k];
  if (t->child[0]->kind == JAC_TERM_EYE && count == 1) { /* a unit vector */
    jac_buffer_add(out, of(w, "e", "e", "\\mathbf{e}")); /* no power of e */
    jac_put_below(w, place, 1, out);
    jac_buffer_add(out, t->child[1] ? of(w, "'", "ᵀ", "^\\top") : "");
    return;
  }
  if (t->child[0]->kind == JAC_TERM_SYMBOL && !t->child[0]->symbol->families)
    name_of_entries(w, t->child[0]->symbol->key, out);
  else
    jac_put_term(w, t->child[0], ATOM + 1, out);
  bool half = count == 1 && !jac_dim_is_one(t->child[0]->type.rows) &&
              !jac_dim_is_one(t->child[0]->type.cols);
  if (!half) {
    jac_put_below(w, place, count, out);
    return;
  }
  jac_buffer_add(out, plain(w) ? "[" : "_{");
  if (!t->child[1])
    jac_buffer_add(out, of(w, ".,", "•,", "\\bullet,"));
  jac_put_term(w, place[0], 0, out);
  if (t->child[1])
    jac_buffer_add(out, of(w, ",.", ",•", ",\\bullet"));
  jac_buffer_add(out, plain(w) ? "]" : "}");
}

/* An index, or a number that stands below as one: j = i + k - 1 is no delta to read. */
static bool is_place(term_t t) {
  return t->kind == JAC_TERM_INDEX || t->kind == JAC_TERM_NUMBER ||
         t->kind == JAC_TERM_SYMBOL || t->kind == JAC_TERM_SIZE;
}

void jac_put_compared(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  const struct jac_construct *c = jac_construct(t->construct);
  bool delta =
      t->construct == JAC_C_EQUAL && is_place(t->child[0]) && is_place(t->child[1]) &&
      (t->child[0]->kind == JAC_TERM_INDEX || t->child[1]->kind == JAC_TERM_INDEX);
  if (delta) {
    jac_buffer_add(out, of(w, "delta(", "δ", "\\delta_{"));
    if (!plain(w) && !latex(w)) {
      jac_put_below(w, t->child, 2, out);
      return;
    }
    jac_put_term(w, t->child[0], 0, out);
    jac_buffer_add(out, ",");
    jac_put_term(w, t->child[1], 0, out);
    jac_buffer_add(out, plain(w) ? ")" : "}");
    return;
  }
  jac_buffer_add(out, of(w, "ind(", "1[", "\\mathbf{1}\\left["));
  jac_put_term(w, t->child[0], 0, out);
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
  jac_put_term(w, t->child[1], 0, out);
  jac_buffer_add(out, of(w, ")", "]", "\\right]"));
}

/* Of two conditions; those that follow each other as one, i <= j <= n, where the notation
 * has that. */
static void put_two(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  term_t a = t->child[0], b = t->child[1];
  bool follow = t->construct == JAC_C_AND && a->kind == JAC_TERM_COMPARE &&
                b->kind == JAC_TERM_COMPARE && a->construct == JAC_C_ATMOST &&
                b->construct == JAC_C_ATMOST &&
                jac_term_equal(a->child[1], b->child[0]) && !plain(w);
  jac_put_condition(w, a, out);
  if (follow) {
    jac_buffer_add(out, latex(w) ? " \\le " : " ≤ ");
    jac_put_term(w, b->child[1], 0, out);
    return;
  }
  jac_buffer_add(out, t->construct == JAC_C_AND ? of(w, " and ", " ∧ ", " \\land ")
                                                : of(w, " or ", " ∨ ", " \\lor "));
  jac_put_condition(w, b, out);
}

void jac_put_condition(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  if (t->kind == JAC_TERM_LOGIC) {
    put_two(w, t, out);
    return;
  }
  if (t->kind != JAC_TERM_COMPARE) {
    jac_put_term(w, t, 0, out);
    return;
  }
  const struct jac_construct *c = jac_construct(t->construct);
  size_t n;
  const char *names = plain(w) ? c->plain : latex(w) ? c->latex : c->unicode;
  const char *sign = jac_construct_name(names, &n);
  jac_put_term(w, t->child[0], 0, out);
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
  jac_put_term(w, t->child[1], 0, out);
}
