/* Cases, sums over an index, matrices, sizes. */
#include "jacobian/algebra/write_internal.h"

void jac_put_cases(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  jac_buffer_add(out, of(w, "cases(", "{", "\\begin{cases} "));
  for (size_t k = 0; k < t->count; k++) {
    if (k % 2) {
      jac_buffer_add(out, of(w, ", ", " if ", " & \\text{if } "));
      jac_put_condition(w, t->child[k], out);
      continue;
    }
    bool otherwise = k > 0 && k + 1 == t->count;
    if (k > 0)
      jac_buffer_add(out, of(w, ", ", otherwise ? "; otherwise " : "; ", " \\\\ "));
    jac_put_term(w, t->child[k], 0, out);
    jac_buffer_add(out, otherwise ? of(w, "", "", " & \\text{otherwise}") : "");
  }
  jac_buffer_add(out, of(w, ")", "}", " \\end{cases}"));
}

void jac_put_big(struct jac_writing *w, term_t t, int level, struct jac_buffer *out) {
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
        jac_put_term(w, t->child[k], SUM + 1, out);
      }
    if (t->child[3]) {
      jac_buffer_add(out, ", ");
      jac_put_condition(w, t->child[3], out);
    }
    jac_buffer_add(out, ", ");
    jac_put_term(w, t->child[0], 0, out);
    jac_buffer_add(out, ")");
  } else {
    jac_put_open(level, OVER, w, out);
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
      jac_put_below(w, place, 1, out);
    } else {
      if (!latex(w))
        jac_buffer_add(out, "_{");
      if (t->child[3] && !t->child[1])
        jac_put_condition(w, t->child[3], out);
      else
        jac_buffer_printf(out, "%s%s", letter.text,
                          t->child[2] && !t->child[1] ? "=1" : "");
      if (t->child[1]) {
        jac_buffer_add(out, "=");
        jac_put_term(w, t->child[1], 0, out);
      }
      jac_buffer_add(out, "}");
    }
    if (t->child[2]) {
      jac_buffer_add(out, "^{");
      jac_put_term(w, t->child[2], 0, out);
      jac_buffer_add(out, "}");
    }
    jac_buffer_add(out, " ");
    jac_put_term(w, t->child[0], OVER, out);
    jac_put_close(level, OVER, w, out);
  }
  jac_buffer_free(&letter);
  /* What was bound here is free again behind it. */
  w->indices = before < w->indices ? before : w->indices;
}

void jac_put_blocks(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  jac_buffer_add(out, latex(w) ? "\\begin{pmatrix} " : "[");
  for (size_t r = 0; r < t->block_rows; r++) {
    if (r)
      jac_buffer_add(out, latex(w) ? " \\\\ " : "; ");
    for (size_t c = 0; c < t->block_cols; c++) {
      if (c)
        jac_buffer_add(out, latex(w) ? " & " : ", ");
      term_t cell = t->child[r * t->block_cols + c];
      if (cell)
        jac_put_term(w, cell, 0, out);
      else
        jac_buffer_add(out, "0");
    }
  }
  jac_buffer_add(out, latex(w) ? " \\end{pmatrix}" : "]");
}

/* A size that is a number whatever is chosen: 2 2 is 4. 0: it is none. */
static size_t known_size(const struct jac_dim *dim) {
  dim = jac_dim_root(dim);
  if (dim->kind == JAC_DIM_ONE || dim->kind == JAC_DIM_FIXED)
    return dim->kind == JAC_DIM_ONE ? 1 : dim->fixed;
  if (dim->kind == JAC_DIM_FREE)
    return 0;
  size_t a = known_size(dim->a), b = known_size(dim->b);
  return a == 0 || b == 0            ? 0
         : dim->kind == JAC_DIM_SUM  ? a + b
         : dim->kind == JAC_DIM_LESS ? a - b
                                     : a * b;
}

void jac_put_size(struct jac_writing *w, const struct jac_dim *dim,
                  struct jac_buffer *out) {
  dim = jac_dim_root(dim);
  if (known_size(dim) > 0)
    jac_buffer_printf(out, "%zu", known_size(dim));
  else if (dim->kind == JAC_DIM_FREE && dim->name)
    jac_put_name(w, dim->name, out);
  else if (dim->kind == JAC_DIM_FREE)
    jac_buffer_printf(out, "n_%zu", dim->id);
  else if (dim->kind == JAC_DIM_PRODUCT && !plain(w) && jac_dim_same(dim->a, dim->b) &&
           jac_dim_root(dim->a)->kind == JAC_DIM_FREE) {
    jac_put_size(w, dim->a, out);
    jac_buffer_add(out, latex(w) ? "^2" : "²");
  } else {
    jac_put_size(w, dim->a, out);
    jac_buffer_add(out, dim->kind == JAC_DIM_SUM    ? "+"
                        : dim->kind == JAC_DIM_LESS ? of(w, "-", "−", "-")
                                                    : of(w, "*", " ", " "));
    jac_put_size(w, dim->b, out);
  }
}

void jac_put_sized(struct jac_writing *w, term_t t, struct jac_buffer *out) {
  bool square = t->kind == JAC_TERM_EYE;
  const char *sign = square                     ? "I"
                     : t->kind == JAC_TERM_ONES ? of(w, "ones", "1", "\\mathbf{1}")
                                                : of(w, "zeros", "0", "0");
  bool row = jac_dim_is_one(t->type.rows), column = jac_dim_is_one(t->type.cols);
  if (plain(w) && !square) {
    jac_buffer_printf(out, "%s(", sign);
    jac_put_size(w, t->type.rows, out);
    jac_buffer_add(out, ",");
    jac_put_size(w, t->type.cols, out);
    jac_buffer_add(out, ")");
    return;
  }
  jac_buffer_add(out, plain(w) && square ? "eye(" : sign);
  if (plain(w)) {
    jac_put_size(w, t->type.rows, out);
    jac_buffer_add(out, ")");
    return;
  }
  if (t->kind == JAC_TERM_ZEROS)
    return;
  jac_buffer_add(out, "_{");
  jac_put_size(w, row ? t->type.cols : t->type.rows, out);
  if (!square && !row && !column) {
    jac_buffer_add(out, latex(w) ? " \\times " : "×");
    jac_put_size(w, t->type.cols, out);
  }
  jac_buffer_add(out, "}");
  if (row && !square)
    jac_buffer_add(out, latex(w) ? "^\\top" : "ᵀ");
}
