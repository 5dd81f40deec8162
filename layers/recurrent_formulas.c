/* The formulas of recurrent modules: those of a step, or of a few steps written out, with
 * backpropagation through time. */
#include "layers/recurrent_internal.h"

#include "jacobian/buffer.h"

#include <stdlib.h>
#include <string.h>

/* Adds a template of step t. */
static void add_step(const struct jac_recurrent *m, const char *text, size_t t,
                     struct jac_buffer *out) {
  for (const char *at = text; *at != '\0'; at++)
    if (at[0] != '%')
      jac_buffer_add_char(out, *at);
    else if (*++at == 't')
      jac_buffer_printf(out, "_%zu", t);
    else if (*at == 'p' || (*at == 'b' && t > 1))
      jac_buffer_printf(out, "_%zu", t - 1);
    else if (*at == 'z' && t > 1)
      jac_buffer_printf(out, "%zu + ", (t - 1) * m->in);
}

/* The equations of all steps, and backwards those of the derivatives. */
static char *unrolled(const struct jac_recurrent *m) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  for (size_t t = 1; t <= m->steps; t++) {
    jac_buffer_add(&text, t > 1 ? "; " : "");
    add_step(m, m->cell->step, t, &text);
  }
  jac_buffer_add(&text, "; ");
  add_step(m, m->cell->last, m->steps, &text);
  for (size_t t = m->steps; t > 0; t--) {
    jac_buffer_add(&text, "; ");
    add_step(m, m->cell->back, t, &text);
  }
  return jac_buffer_take(&text);
}

/* Back through time as a reader is shown it, T being the number of steps: E^{T} would
 * look like a transpose. */
static char *backwards(const struct jac_recurrent *m) {
  static const char last[] = "{T}";
  struct jac_buffer text = JAC_BUFFER_INIT;
  const char *at = m->cell->back_through_time;
  for (const char *end; (end = strstr(at, last)) != NULL; at = end + strlen(last)) {
    jac_buffer_add_bytes(&text, at, (size_t)(end - at));
    jac_buffer_printf(&text, "{%zu}", m->steps);
  }
  jac_buffer_add(&text, at);
  return jac_buffer_take(&text);
}

/* The entry of a variable that every step uses: the sum over its uses. */
static void add_uses(const struct jac_recurrent *m, const char *by, const char *use,
                     struct jac_buffer *out) {
  for (size_t t = 1; t <= m->steps; t++) {
    jac_buffer_add(out, t > 1 ? " + " : "");
    jac_buffer_add(out, by);
    add_step(m, use, t, out);
  }
}

/* The entry of an input is that of its own step. */
static void add_inputs(const struct jac_recurrent *m, struct jac_buffer *out) {
  jac_buffer_add(out, "cases(");
  for (size_t t = 1; t <= m->steps; t++) {
    jac_buffer_add(out, "sum(j, W[i");
    if (t > 1)
      jac_buffer_printf(out, "-%zu", (t - 1) * m->in);
    jac_buffer_printf(out, ",j]*G_%zu[n,o,j])", t);
    if (t < m->steps)
      jac_buffer_printf(out, ", i <= %zu, ", t * m->in);
  }
  jac_buffer_add(out, ")");
}

static char *unrolled_entry(const struct jac_recurrent *m, enum variable v) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  switch (v) {
  case Z:
    add_inputs(m, &text);
    break;
  case H:
    jac_buffer_add(&text, "E_0[n,o,i]");
    break;
  case C:
    jac_buffer_add(&text, "C_0[n,o,i]");
    break;
  case W:
    add_uses(m, "G", "%t[n,o,j]*z[n,%zi]", &text);
    break;
  case U:
    add_uses(m, m->cell->by_q, "%t[n,o,j]*h%b[n,i]", &text);
    break;
  case B:
    add_uses(m, "G", "%t[n,o,i]", &text);
    break;
  default:
    add_uses(m, m->cell->by_q, "%t[n,o,i]", &text);
  }
  return jac_buffer_take(&text);
}

/* Formulas of many steps are only written out where they can be read. */
enum { EQUATIONS = 60, READABLE = 12 };

bool jac_recurrent_set_formulas(struct jac_recurrent *m) {
  m->constant[0] = (struct jac_constant){"H", (double)m->units};
  m->map.constant = m->constant;
  m->map.nconstant = 1;
  m->map.definition = m->cell->definition;
  m->map.where = m->cell->where;
  if (m->steps == 1)
    return true;
  m->map.shown = m->cell->through_time;
  m->map.definition = m->map.where = NULL;
  if (m->steps > READABLE || m->steps * m->cell->equations > EQUATIONS)
    return true;
  m->back = backwards(m);
  m->map.shown_where = m->back;
  struct jac_buffer last = JAC_BUFFER_INIT;
  for (const char *at = m->cell->output; *at != '\0'; at++)
    if (*at == '@')
      jac_buffer_printf(&last, "_%zu", m->steps);
    else
      jac_buffer_add_char(&last, *at);
  m->definition = jac_buffer_take(&last);
  m->where = unrolled(m);
  m->map.definition = m->definition;
  m->map.where = m->where;
  bool all = m->definition != NULL && m->where != NULL && m->back != NULL;
  for (size_t v = 0; v < m->map.nvar; v++) {
    enum variable is = m->is[v];
    m->entry[is] = unrolled_entry(m, is);
    m->map.var[v].entry = m->entry[is];
    all = all && m->entry[is] != NULL;
  }
  return all;
}
