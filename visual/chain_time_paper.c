/* Backpropagation through time on paper: what s_t is, a table of the steps' norms, the
 * factors A_t, and how the Jacobian by a shared parameter is the sum over its uses. */
#include "jacobian/formula/spell.h"
#include "jacobian/text.h"
#include "layers/recurrent.h"
#include "visual/chain_internal.h"
#include "visual/chain_time.h"
#include "visual/latex/width.h"
#include "visual/symbol.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A module's factors; of the first sample. */
struct through {
  const struct jac_chain_run *run;
  const struct jac_chain_time *time;
  struct jac_chain_step *step; /* steps of them */
  double end;
};

struct entries {
  const struct jac_map *module;
  const struct jac_array3 *J;
};

static bool entry_zero(void *context, size_t row, size_t col) {
  const struct entries *e = context;
  return jac_recurrent_zero(e->module, row, col);
}

static double entry_value(void *context, size_t row, size_t col) {
  return *jac_array3_at(((const struct entries *)context)->J, 0, row, col);
}

/* (h, c), the state as it is given. */
static void add_given(const struct jac_map *m, struct jac_buffer *out) {
  bool several = m->nvar > 2 && m->var[2].role == JAC_DATA;
  jac_buffer_add(out, several ? "s_{0} = (" : "s_{0} = ");
  for (size_t v = 1; v < m->nvar && m->var[v].role == JAC_DATA; v++) {
    jac_buffer_add(out, v > 1 ? ", " : "");
    jac_latex_variable(&m->var[v], out);
  }
  jac_buffer_add(out, several ? ")" : "");
}

static void say_what(const struct through *w) {
  struct jac_prose *p = w->run->prose;
  struct jac_buffer given = JAC_BUFFER_INIT;
  char last[32];
  add_given(w->time->module, &given);
  snprintf(last, sizeof last, "s_{%zu}", w->time->steps);
  jac_prose_say(
      p,
      _("Through time, the steps of {c}: {m} is given, {m} is the state after step {m}, "
        "and {m} the output. On the way back every step multiplies by its factor {m}. A "
        "norm says by how much a vector can grow at most: the largest singular value."),
      w->time->module->spec, given.text, given.text, "s_{t}", "st", "t", "t", last, last,
      "A_{t} = \\partial s_{t} / \\partial s_{t-1}", "At");
  jac_prose_end(p);
  p->out->failed = p->out->failed || given.failed;
  jac_buffer_free(&given);
}

static void add_cell(const struct jac_prose *p, double value) {
  struct jac_buffer number = JAC_BUFFER_INIT;
  jac_latex_number(value, 4, &number);
  jac_prose_cell((struct jac_prose *)p);
  jac_prose_math((struct jac_prose *)p, number.text, number.text);
  p->out->failed = p->out->failed || number.failed;
  jac_buffer_free(&number);
}

/* A row a step, the last first: its factor's norm, that of the product so far, how much
 * of the network's derivative reaches the state before it, and what its use adds. */
static void write_table(const struct through *w) {
  struct jac_prose *p = w->run->prose;
  const struct jac_chain *chain = w->run->chain;
  bool reaches = !isnan(w->end), uses = w->time->use != NULL;
  struct jac_buffer math = JAC_BUFFER_INIT;
  jac_prose_table(p, reaches && uses ? "lllll" : reaches || uses ? "llll" : "lll");
  jac_prose_cell(p);
  jac_prose_math(p, "t", "t");
  jac_prose_cell(p);
  jac_prose_math(p, "\\lVert A_{t} \\rVert", "At");
  jac_prose_cell(p);
  jac_buffer_printf(&math, "\\lVert A_{%zu} \\cdots A_{t} \\rVert", w->time->steps);
  jac_prose_math(p, math.text, math.text);
  if (reaches) {
    jac_buffer_clear(&math);
    jac_buffer_printf(&math, "\\lVert \\partial %s / \\partial s_{t-1} \\rVert",
                      chain->map->output_symbol);
    jac_prose_cell(p);
    jac_prose_math(p, math.text, math.text);
  }
  if (uses) {
    jac_prose_cell(p);
    jac_prose_words(p, _("norm of what its use adds"));
  }
  for (size_t t = w->time->steps; t > 0; t--) {
    const struct jac_chain_step *step = &w->step[t - 1];
    char number[24];
    snprintf(number, sizeof number, "%zu", t);
    jac_prose_cell(p);
    jac_prose_math(p, number, number);
    add_cell(p, step->norm);
    add_cell(p, step->so_far);
    if (reaches)
      add_cell(p, step->reaches);
    if (uses)
      add_cell(p, jac_chain_time_size(&w->time->use[t - 1], 0));
  }
  jac_prose_table_end(p);
  p->out->failed = p->out->failed || math.failed;
  jac_buffer_free(&math);
}

const char *jac_chain_time_growth_words(double norm) {
  switch (jac_chain_time_growth(norm)) {
  case JAC_CHAIN_VANISHES:
    return _("What goes back through all {w} steps is shortened to {m} of its length, or "
             "less: it vanishes.");
  case JAC_CHAIN_EXPLODES:
    return _("What goes back through all {w} steps can grow {m} times: it may explode.");
  default:
    return _("What goes back through all {w} steps is at most {m} times as long: it "
             "neither vanishes nor explodes.");
  }
}

/* What the norms come to. */
static void say_growth(const struct through *w) {
  struct jac_prose *p = w->run->prose;
  struct jac_buffer all = JAC_BUFFER_INIT;
  char count[32];
  snprintf(count, sizeof count, "%zu", w->time->steps);
  jac_latex_number(w->step[0].so_far, 2, &all);
  jac_prose_say(p, jac_chain_time_growth_words(w->step[0].so_far), count, all.text,
                all.text);
  jac_prose_end(p);
  p->out->failed = p->out->failed || all.failed;
  jac_buffer_free(&all);
}

/* A_t in matrices, and what that names, a line each. */
static enum jac_status write_formula(const struct through *w) {
  const struct jac_recurrent_equation *e =
      jac_recurrent_factor_in_matrices(w->time->module);
  struct jac_buffer math = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  double widest = 0.0;
  jac_buffer_add(&math, "\\begin{aligned}\n");
  for (; e->left != NULL && status == JAC_OK; e++) {
    struct jac_buffer line = JAC_BUFFER_INIT;
    jac_spell_latex(e->left, 0, NULL, &line);
    jac_buffer_add(&line, " &= ");
    status = jac_expression_add(w->time->module, e->right, JAC_NOTATION_LATEX, &line,
                                w->run->err);
    if (!line.failed)
      widest = fmax(widest, jac_latex_display_width(line.text));
    jac_buffer_printf(&math, "%s%s\n", line.failed ? "" : line.text,
                      e[1].left != NULL ? " \\\\" : "");
    math.failed = math.failed || line.failed;
    jac_buffer_free(&line);
  }
  jac_buffer_add(&math, "\\end{aligned}");
  return jac_chain_paper_display(w->run, &math, widest, status);
}

/* A_3 = matrix, the last step first, one under the other. */
static enum jac_status write_factors(const struct through *w) {
  struct jac_buffer math = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  double widest = 0.0;
  jac_buffer_add(&math, "\\begin{aligned}\n");
  for (size_t t = w->time->steps; t > 0 && status == JAC_OK; t--) {
    const struct jac_array3 *J = &w->time->factor[t - 1];
    struct entries entries = {w->time->module, J};
    struct jac_sheet_source source = {.rows = J->rows,
                                      .cols = J->cols,
                                      .context = &entries,
                                      .zero = entry_zero,
                                      .value = entry_value};
    struct jac_buffer line = JAC_BUFFER_INIT;
    jac_buffer_printf(&line, "A_{%zu} = \\frac{\\partial s_{%zu}}{\\partial s_{%zu}}", t,
                      t, t - 1);
    status = jac_chain_paper_matrix(w->run, &source, JAC_SHEET_NUMBERS, &line, &widest);
    jac_buffer_printf(&math, "&%s%s\n", line.text, t > 1 ? " \\\\[1ex]" : "");
    math.failed = math.failed || line.failed;
    jac_buffer_free(&line);
  }
  jac_buffer_add(&math, "\\end{aligned}");
  return jac_chain_paper_display(w->run, &math, widest, status);
}

/* J^W = sum over t of A_T ... A_{t+1} d s_t / d W: the parameter is shared. */
static enum jac_status write_uses(const struct through *w) {
  const struct jac_chain *chain = w->run->chain;
  const struct jac_chain_factor *owner = &chain->factor[chain->count - 1];
  const struct jac_variable *var = &owner->module->var[owner->variable];
  struct jac_buffer math = JAC_BUFFER_INIT, symbol = JAC_BUFFER_INIT,
                    error = JAC_BUFFER_INIT;
  size_t T = w->time->steps;
  jac_latex_variable(var, &symbol);
  jac_latex_number(w->time->sum_error, 2, &error);
  jac_prose_say(w->run->prose,
                _("All steps share {m}: the module's Jacobian is the sum over its uses, "
                  "each with the factors behind it. The largest difference of this sum "
                  "to the explicit one is {m}."),
                symbol.text, var->name, error.text, error.text);
  jac_prose_end(w->run->prose);
  jac_buffer_printf(&math, "\\frac{\\partial s_{%zu}}{\\partial %s} = ", T, symbol.text);
  for (size_t t = T; t > 0; t--) {
    jac_buffer_add(&math, t < T ? " + " : "");
    if (T > 4 && t < T - 1 && t > 1) {
      jac_buffer_add(&math, "\\cdots");
      t = 2;
      continue;
    }
    for (size_t k = T; k > t; k--)
      if (T <= 4 || k + 2 > T || k == 2)
        jac_buffer_printf(&math, k == 2 && T > 4 ? "\\cdots A_{%zu} " : "A_{%zu} ", k);
    jac_buffer_printf(&math,
                      "\\left.\\frac{\\partial s_{%zu}}{\\partial %s}\\right|_{s_{%zu}}",
                      t, symbol.text, t - 1);
  }
  math.failed = math.failed || symbol.failed || error.failed;
  jac_buffer_free(&symbol);
  jac_buffer_free(&error);
  return jac_chain_paper_display(w->run, &math, 0.0, JAC_OK);
}

enum jac_status jac_chain_paper_time(const struct jac_chain_run *r) {
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < r->chain->ntime && status == JAC_OK; k++) {
    struct through w = {.run = r, .time = &r->chain->time[k]};
    w.step = calloc(w.time->steps, sizeof *w.step);
    status = w.step == NULL
                 ? jac_fail_memory(r->err)
                 : jac_chain_time_steps(r->chain, w.time, 0, w.step, &w.end, r->err);
    if (status == JAC_OK) {
      say_what(&w);
      status = w.time->shown ? JAC_OK : write_formula(&w);
    }
    if (status == JAC_OK) {
      write_table(&w);
      say_growth(&w);
      status = w.time->shown ? JAC_OK : write_factors(&w);
    }
    if (status == JAC_OK && w.time->use != NULL)
      status = write_uses(&w);
    free(w.step);
  }
  return status;
}
