/* Names and the letters of indices. */
#include "jacobian/algebra/write_internal.h"

#include <ctype.h>
#include <string.h>

static uint64_t bit(char letter) {
  return (uint64_t)1 << (islower((unsigned char)letter) ? letter - 'a'
                                                        : 26 + letter - 'A');
}

static void see_name(struct jac_writing *w, const char *key) {
  if (isalpha((unsigned char)key[0]) && !isalpha((unsigned char)key[1]))
    w->taken |= bit(key[0]);
}

static void see_size(struct jac_writing *w, const struct jac_dim *dim) {
  dim = dim ? jac_dim_root(dim) : NULL;
  if (dim && dim->kind == JAC_DIM_FREE && dim->name)
    see_name(w, dim->name);
}

static bool see(term_t t, void *context) {
  struct jac_writing *w = context;
  if (t->symbol) {
    see_name(w, t->symbol->key);
    see_size(w, t->symbol->type.rows);
    see_size(w, t->symbol->type.cols);
  }
  if (t->kind == JAC_TERM_SIZE && t->dim->name)
    see_name(w, t->dim->name);
  for (size_t k = 0; k < t->bys; k++)
    see_name(w, t->by[k].symbol->key);
  return true;
}

void jac_writing_see(struct jac_writing *w, term_t term) {
  if (term)
    jac_term_walk_through(term, see, w);
}

static char letter_of(struct jac_writing *w, const struct jac_index *index) {
  /* In Unicode those that can stand below come first: there is no small q. Capitals are
   * for sums that nobody reads. */
  const char *letters = w->notation == JAC_NOTATION_UNICODE
                            ? "ijklprstuvmnaehoqbcdfgwxyzIJKLPQRSTUVMNABCDEFGHO"
                            : "ijklpqrstuvmnabcdefghowxyzIJKLPQRSTUVMNABCDEFGHO";
  for (size_t k = 0; k < w->indices; k++)
    if (w->index[k] == index)
      return w->letter[k];
  uint64_t used = w->taken;
  for (size_t k = 0; k < w->indices; k++)
    used |= bit(w->letter[k]);
  char letter = index->name[0];
  if (!letter || index->name[1] || !islower((unsigned char)letter) ||
      (used & bit(letter)))
    letter = 0;
  for (const char *at = letters; !letter && *at; at++)
    letter = used & bit(*at) ? 0 : *at;
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

void jac_put_name(struct jac_writing *w, const char *key, struct jac_buffer *out) {
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
    jac_put_name(w, key + n, out);
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
  /* W1 is W_1: its digits would be a factor. */
  bool digits = *rest && rest[strspn(rest, "0123456789")] == '\0';
  if (latex(w) && (digits || (*rest == '_' && rest[1] != '{')))
    jac_buffer_printf(out, "_{%s}", rest + !digits);
  else
    jac_buffer_add(out, rest);
}

void jac_symbol_write(struct jac_writing *w, const struct jac_symbol *symbol,
                      struct jac_buffer *out) {
  jac_put_name(w, symbol->key, out);
}
