/* The rules of differentiation, entry by entry. */
#include "jacobian/algebra/index_internal.h"

#include "jacobian/algebra/expansion_internal.h"
#include "jacobian/algebra/flat.h"

#include <stdio.h>

void jac_job_refuse(struct job *j, const char *what) {
  if (!j->failed)
    snprintf(j->form->refusal, sizeof j->form->refusal, "%s", what);
  j->failed = true;
}

static void emit(struct job *j, const mono *prefix) {
  if (!j->failed && (j->form->raw.count >= JAC_MONOMIALS ||
                     !jac_expansion_add(j->m, &j->form->raw, prefix)))
    jac_job_refuse(j, "it is too long");
}

term_t jac_job_called(struct job *j, term_t t) {
  for (size_t k = 0; k < j->nnamed; k++)
    if (j->named[k]->body == t || jac_term_equal(j->named[k]->body, t))
      return jac_make_symbol(j->m, j->named[k]);
  return t;
}

static bool gather(term_t t, void *context) {
  struct job *j = context;
  if (t->kind != JAC_TERM_SYMBOL || !t->symbol->body || t->symbol->families)
    return true;
  for (size_t k = 0; k < j->nnamed; k++)
    if (j->named[k] == t->symbol)
      return true;
  if (j->nnamed == NAMED)
    return true;
  j->named[j->nnamed++] = t->symbol;
  return jac_term_walk(t->symbol->body, gather, context);
}

void jac_job_times(struct job *j, mono *p, term_t factor, double power) {
  if (!factor || !jac_monomial_times(j->m, p, factor, power))
    jac_job_refuse(j, "it is too long");
}

term_t jac_job_entry(struct job *j, term_t t, term_t row, term_t col) {
  if (!t)
    return NULL;
  return jac_make_entry(j->m, jac_job_called(j, t),
                        jac_dim_is_one(t->type.rows) ? NULL : row,
                        jac_dim_is_one(t->type.cols) ? NULL : col);
}

void jac_job_spread(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  jac_job_d(j, t, jac_dim_is_one(t->type.rows) ? NULL : row,
            jac_dim_is_one(t->type.cols) ? NULL : col, prefix);
}

term_t jac_job_sum_over(struct job *j, mono *p, struct jac_dim *range) {
  if (jac_dim_is_one(range))
    return NULL;
  struct jac_index *k = jac_make_new_index(j->m, "", range);
  if (!k || p->overs == JAC_OVERS) {
    jac_job_refuse(j, "it is too long");
    return NULL;
  }
  p->over[p->overs++] = (struct jac_over){.index = k};
  return jac_make_index(j->m, k);
}

bool jac_job_is_step(const struct job *j, term_t t) {
  for (size_t k = 0; k < j->steps; k++)
    if (t->kind == JAC_TERM_SYMBOL && t->symbol == j->step[k])
      return true;
  return false;
}

/* dc_i/dx_ab, as it is called. */
static void d_step(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  mono p = *prefix;
  term_t entry = jac_make_entry(j->m, t, row, col);
  term_t g =
      entry ? jac_make_derivative(j->m, entry, j->variable, JAC_LAYOUT_GRADIENT) : NULL;
  jac_job_times(j, &p, g ? jac_make_entry(j->m, g, j->a, j->b) : NULL, 1);
  emit(j, &p);
}

static void d_symbol(struct job *j, term_t t, term_t row, term_t col,
                     const mono *prefix) {
  if (t->symbol == j->variable) {
    mono p = *prefix;
    if (row)
      jac_job_times(j, &p, jac_make_compare(j->m, JAC_C_EQUAL, row, j->a), 1);
    if (col)
      jac_job_times(j, &p, jac_make_compare(j->m, JAC_C_EQUAL, col, j->b), 1);
    {
      emit(j, &p);
      return;
    }
  }
  if (jac_job_is_step(j, t)) {
    d_step(j, t, row, col, prefix);
    return;
  }
  term_t body = t->symbol->body;
  for (size_t k = 0; body && k < t->symbol->families; k++)
    body = jac_make_put(j->m, body, t->symbol->place[k], t->child[k]);
  if (body)
    jac_job_d(j, body, row, col, prefix);
}

/* Explicit matrices of numbers: each where its place is. */
static void d_matrix(struct job *j, term_t t, term_t row, term_t col,
                     const mono *prefix) {
  for (size_t k = 0; k < t->count; k++)
    if (!t->child[k] || !jac_type_is_number(t->child[k]->type)) {
      jac_job_refuse(j, "a matrix of blocks");
      return;
    }
  for (size_t r = 0; r < t->block_rows; r++)
    for (size_t c = 0; c < t->block_cols; c++) {
      term_t cell = t->child[r * t->block_cols + c];
      if (!jac_term_depends(cell, j->variable))
        continue;
      mono p = *prefix;
      if (row)
        jac_job_times(j, &p,
                      jac_make_compare(j->m, JAC_C_EQUAL, row,
                                       jac_make_number(j->m, (double)r + 1)),
                      1);
      if (col)
        jac_job_times(j, &p,
                      jac_make_compare(j->m, JAC_C_EQUAL, col,
                                       jac_make_number(j->m, (double)c + 1)),
                      1);
      jac_job_d(j, cell, NULL, NULL, &p);
    }
}

void jac_job_d(struct job *j, term_t t, term_t row, term_t col, const mono *prefix) {
  if (j->failed || prefix->coefficient == 0 || !jac_term_depends(t, j->variable))
    return;
  if (++j->work > 4000 || j->depth > 100) {
    jac_job_refuse(j, "it is too long");
    return;
  }
  j->depth++;
  switch (t->kind) {
  case JAC_TERM_SYMBOL:
    if (t->symbol->families && t->symbol == j->variable)
      jac_job_refuse(j, "a family");
    else
      d_symbol(j, t, row, col, prefix);
    break;
  case JAC_TERM_OP:
    jac_job_operation(j, t, row, col, prefix);
    break;
  case JAC_TERM_BIG:
    jac_job_big(j, t, row, col, prefix);
    break;
  case JAC_TERM_ENTRY:
    jac_job_d(j, t->child[0], t->child[1] ? t->child[1] : row,
              t->child[2] ? t->child[2] : col, prefix);
    break;
  case JAC_TERM_BUILD:
    jac_job_d(j, jac_make_entry(j->m, t, row, col), NULL, NULL, prefix);
    break;
  case JAC_TERM_MATRIX:
    d_matrix(j, t, row, col, prefix);
    break;
  case JAC_TERM_COMPARE:
  case JAC_TERM_LOGIC:
    break; /* it is constant between jumps */
  case JAC_TERM_CASES:
    jac_job_refuse(j, "cases");
    break;
  case JAC_TERM_CALL:
    jac_job_refuse(j, "a function that nothing defines");
    break;
  case JAC_TERM_DERIVATIVE:
    jac_job_refuse(j, "a derivative");
    break;
  default:
    jac_job_refuse(j, "this construct");
    break;
  }
  j->depth--;
}

static const struct jac_index *index_of(struct jac_make *m, const char *name,
                                        struct jac_dim *range) {
  return jac_dim_is_one(range) ? NULL : jac_make_new_index(m, name, range);
}

/* The form of a term's entry at the form's row and column, by its variable. */
static bool differentiate(struct jac_index_form *form, term_t term, term_t row,
                          term_t col, const struct jac_symbol *const *step,
                          size_t steps) {
  struct jac_make *make = form->make;
  const struct jac_symbol *variable = form->variable;
  form->variable_row = index_of(make, "", variable->type.rows);
  form->variable_column = index_of(make, "", variable->type.cols);
  struct job *j = jac_pool_take(make->pool, sizeof *j);
  if (!j || !term)
    return false;
  j->form = form;
  j->m = make;
  j->variable = variable;
  j->step = step;
  j->steps = steps;
  j->a = jac_make_index(make, form->variable_row);
  j->b = jac_make_index(make, form->variable_column);
  jac_term_walk(term, gather, j);
  mono start = {.coefficient = 1};
  if (variable->families)
    jac_job_refuse(j, "a family");
  jac_job_d(j, term, row, col, &start);
  if (j->failed || make->pool->failed ||
      !jac_expansion_simplify(make, &form->raw, &form->simple) ||
      !jac_expansion_multiply(make, &form->simple) ||
      !jac_expansion_join(make, &form->simple))
    return false;
  jac_expansion_call(make, &form->simple, j->named, j->nnamed);
  jac_expansion_soften(make, &form->simple);
  return true;
}

bool jac_index_form_by_steps(struct jac_index_form *form, struct jac_make *make,
                             term_t term, const struct jac_symbol *variable,
                             const struct jac_symbol *const *step, size_t steps) {
  *form = (struct jac_index_form){.make = make, .variable = variable};
  term_t matrix = jac_unflattened(make, term);
  form->of = term = matrix ? matrix : term;
  form->row = index_of(make, "", term->type.rows);
  form->column = index_of(make, "", term->type.cols);
  return differentiate(form, term, jac_make_index(make, form->row),
                       jac_make_index(make, form->column), step, steps);
}

bool jac_index_form(struct jac_index_form *form, struct jac_make *make, term_t term,
                    const struct jac_symbol *variable) {
  return jac_index_form_by_steps(form, make, term, variable, NULL, 0);
}

bool jac_index_form_again(struct jac_index_form *form, const struct jac_index_form *first,
                          const struct jac_symbol *variable) {
  *form = (struct jac_index_form){.make = first->make, .variable = variable};
  form->row = first->variable_row;
  form->column = first->variable_column;
  return differentiate(form, jac_expansion_term(first->make, &first->simple), NULL, NULL,
                       NULL, 0);
}
