/* What the formats of a chain share, and the chain as CSV. */
#include "visual/chain.h"

void jac_chain_name(const struct jac_chain *chain, size_t f, struct jac_buffer *out) {
  for (size_t k = 0; k <= f; k++)
    jac_buffer_printf(out, k > 0 ? " J%zu" : "J%zu", chain->count - k);
}

void jac_chain_row_label(const struct jac_chain *chain, size_t slice, size_t row,
                         enum jac_notation notation, struct jac_buffer *out) {
  const struct jac_map *map = chain->map;
  jac_label_output(map, notation, map->coupled ? row / map->cols : slice,
                   map->coupled ? row % map->cols : row, out);
}

void jac_chain_col_label(const struct jac_chain *chain, size_t f, size_t slice,
                         size_t col, enum jac_notation notation, struct jac_buffer *out) {
  const struct jac_chain_factor *factor = &chain->factor[f];
  const struct jac_variable *var = &factor->module->var[factor->variable];
  size_t index[3];
  if (var->role == JAC_DATA) {
    index[0] = chain->map->coupled ? col / var->dims[1] : slice;
    index[1] = chain->map->coupled ? col % var->dims[1] : col;
  } else
    jac_number_to_index(var, JAC_ORDER_F, col, index);
  jac_label_entry(var, notation, index, out);
}

/* The row of factor f alone is an output of its own module. */
static void factor_row_label(const struct jac_chain *chain, size_t f, size_t slice,
                             size_t row, struct jac_buffer *out) {
  const struct jac_map *m = chain->factor[f].module;
  bool full = chain->map->coupled;
  jac_label_output(m, JAC_NOTATION_LATEX, full ? row / m->cols : slice,
                   full ? row % m->cols : row, out);
}

/* All numbers of one array, a factor or a product. */
static void write_array(const struct jac_chain *chain, size_t f, bool product,
                        const struct jac_array3 *a, FILE *file) {
  struct jac_buffer name = JAC_BUFFER_INIT, row = JAC_BUFFER_INIT, col = JAC_BUFFER_INIT;
  if (product)
    jac_chain_name(chain, f, &name);
  else
    jac_buffer_printf(&name, "J%zu", chain->count - f);
  for (size_t s = 0; s < a->slices; s++)
    for (size_t i = 0; i < a->rows; i++)
      for (size_t j = 0; j < a->cols; j++) {
        jac_buffer_clear(&row);
        jac_buffer_clear(&col);
        if (product)
          jac_chain_row_label(chain, s, i, JAC_NOTATION_LATEX, &row);
        else
          factor_row_label(chain, f, s, i, &row);
        jac_chain_col_label(chain, f, s, j, JAC_NOTATION_LATEX, &col);
        fprintf(file, "%s,%zu,\"%s\",\"%s\",%.17g\n", name.text, s + 1, row.text,
                col.text, *jac_array3_at(a, s, i, j));
      }
  jac_buffer_free(&name);
  jac_buffer_free(&row);
  jac_buffer_free(&col);
}

enum jac_status jac_chain_csv(const struct jac_chain *chain, FILE *file,
                              struct jac_error *err) {
  (void)err;
  fputs("product,sample,row,column,value\n", file);
  for (size_t f = 0; f < chain->count; f++)
    write_array(chain, f, false, &chain->factor[f].J, file);
  for (size_t f = 1; f < chain->count; f++)
    write_array(chain, f, true, &chain->factor[f].left, file);
  return JAC_OK;
}
