#include "jacobian/algebra/partial.h"

static const char *of(const struct jac_writing *w, const char *ascii, const char *unicode,
                      const char *latex) {
  return w->notation == JAC_NOTATION_LATEX     ? latex
         : w->notation == JAC_NOTATION_UNICODE ? unicode
                                               : ascii;
}

void jac_partial_write(struct jac_writing *w, const struct jac_term *above,
                       const struct jac_term *const *below, size_t count,
                       struct jac_buffer *out) {
  const char *sign = of(w, "d", "∂", "\\partial ");
  bool square = count == 2 && below[0] == below[1];
  bool several = count == 2 && !square;
  jac_buffer_add(out, of(w, "", "", "\\frac{"));
  jac_buffer_add(out, count == 2 ? of(w, "d^2 ", "∂²", "\\partial^2 ") : sign);
  jac_term_write(w, above, out);
  jac_buffer_add(out, of(w, several ? "/(" : "/", "/", "}{"));
  for (size_t k = 0; k < (square ? 1 : count); k++) {
    jac_buffer_add(out, k ? of(w, " ", "", " ") : "");
    jac_buffer_add(out, sign);
    jac_term_write(w, below[k], out);
  }
  jac_buffer_add(out, square ? of(w, "^2", "²", "^2") : "");
  jac_buffer_add(out, of(w, several ? ")" : "", "", "}"));
}
