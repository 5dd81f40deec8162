#include "visual/symbol.h"

#include "jacobian/text.h"

enum jac_status jac_symbols_new(const struct jac_layout *layout,
                                struct jac_symbols **symbols, struct jac_error *err) {
  *symbols = NULL;
  return jac_fail(
      err, JAC_EREFUSED,
      _("%s: its entries cannot be written as symbols: take --entries numbers"),
      layout->map->spec);
}

void jac_symbols_free(struct jac_symbols *symbols) {
  (void)symbols;
}

enum jac_status jac_symbols_add(struct jac_symbols *symbols, size_t slice, size_t row,
                                size_t col, enum jac_notation notation,
                                struct jac_buffer *out, struct jac_error *err) {
  (void)symbols;
  (void)slice;
  (void)row;
  (void)col;
  (void)notation;
  (void)out;
  return jac_fail(err, JAC_EREFUSED, _("no symbols"));
}
