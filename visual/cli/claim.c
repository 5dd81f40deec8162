#include "visual/cli/claim_internal.h"

#include "jacobian/against.h"
#include "jacobian/claim.h"
#include "jacobian/diagnose.h"
#include "jacobian/text.h"
#include "visual/cli/suspects.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct jac_convention conventions[] = {
    {{false, 0, false}, false, false, ""},
    {{false, 1, false}, false, false, N_("with the indices' other meaning")},
    {{false, 2, false}, false, false, N_("with the indices' other meaning")},
    {{false, 3, false}, false, false, N_("with the indices' other meaning")},
    {{false, 4, false}, false, false, N_("with the indices' other meaning")},
    {{false, 5, false}, false, false, N_("with the indices' other meaning")},
    {{false, 0, true}, false, false, N_("entry by entry: it is the diagonal")},
    {{false, 0, false},
     true,
     false,
     N_("with the parameters numbered in the other order")},
    {{true, 0, false}, false, false, N_("with column vectors")},
    {{true, 0, false},
     true,
     false,
     N_("with column vectors, and the parameters numbered in the other order")},
    {{false, 0, false},
     false,
     true,
     N_("in the transpose layout (a row for every variable)")},
    {{false, 0, false},
     true,
     true,
     N_("in the transpose layout, with the parameters numbered in the other order")},
    {{true, 0, false},
     false,
     true,
     N_("with column vectors, in the transpose layout (a row for every variable)")},
    {{true, 0, false},
     true,
     true,
     N_("with column vectors, in the transpose layout, the parameters numbered in the "
        "other "
        "order")},
};

enum { CONVENTIONS = sizeof conventions / sizeof conventions[0] };

static void turn(struct jac_claimed *c) {
  double *other = malloc((c->slices * c->rows * c->cols + 1) * sizeof *other);
  if (other == NULL)
    return;
  for (size_t s = 0; s < c->slices; s++)
    for (size_t i = 0; i < c->rows; i++)
      for (size_t j = 0; j < c->cols; j++)
        other[(s * c->cols + j) * c->rows + i] = c->data[(s * c->rows + i) * c->cols + j];
  free(c->data);
  c->data = other;
  size_t rows = c->rows;
  c->rows = c->cols;
  c->cols = rows;
}

enum jac_status jac_claim_place(const struct jac_map *map, size_t wrt,
                                enum jac_order order, struct jac_claimed *given,
                                const struct jac_convention *c,
                                struct jac_reading *reading, struct jac_error *err) {
  struct jac_claimed claimed = *given;
  size_t slices, rows, cols;
  jac_map_jacobian_shape(map, wrt, &slices, &rows, &cols);
  /* A gradient in the shape of its matrix: one output. */
  const struct jac_variable *var = &map->var[wrt];
  bool gradient = rows == 1 && claimed.nindices == 0 && var->ndim == 2 &&
                  claimed.rows == var->dims[0] && claimed.cols == var->dims[1] &&
                  claimed.rows > 1;
  *reading = (struct jac_reading){.fits = false};
  if (c->transposed)
    turn(&claimed);
  given->data = claimed.data; /* turned, or as it was */
  struct jac_foreign foreign = {.ndim = 3,
                                .dims = {claimed.slices, claimed.rows, claimed.cols},
                                .data = claimed.data};
  if (map->coupled || claimed.slices == 1)
    foreign = (struct jac_foreign){
        .ndim = 2, .dims = {claimed.rows, claimed.cols}, .data = claimed.data};
  if (gradient) {
    foreign = (struct jac_foreign){
        .ndim = 3, .dims = {1, claimed.rows, claimed.cols}, .data = claimed.data};
    order = JAC_ORDER_C;
  }
  bool other = c->other_order != (claimed.nindices > 0 && order == JAC_ORDER_C);
  enum jac_order used = !other ? order : order == JAC_ORDER_F ? JAC_ORDER_C : JAC_ORDER_F;
  enum jac_status status = jac_against_read(map, wrt, used, &foreign, reading, err);
  if (status == JAC_OK && reading->fits && reading->transposed) {
    jac_array3_free(&reading->native);
    reading->fits = false;
  }
  return status;
}

/* The claim's numbers at one point as the map's native Jacobian, under a convention. */
static enum jac_status read_at(const struct jac_map *map, jac_point x, size_t wrt,
                               enum jac_order order, const struct jac_claim *claim,
                               const struct jac_convention *c,
                               struct jac_reading *reading, char meaning[96],
                               struct jac_error *err) {
  struct jac_claimed claimed;
  enum jac_status status =
      jac_claim_evaluate(map, x, wrt, claim, &c->manner, NULL, &claimed, err);
  *reading = (struct jac_reading){.fits = false};
  if (status != JAC_OK)
    return status;
  memcpy(meaning, claimed.meaning, sizeof claimed.meaning);
  status = jac_claim_place(map, wrt, order, &claimed, c, reading, err);
  jac_claimed_free(&claimed);
  return status;
}

static enum jac_status holds_at(const struct jac_options *options,
                                const struct jac_map *map, jac_point x, size_t wrt,
                                const struct jac_array3 *J, const struct jac_claim *claim,
                                const struct jac_convention *c, bool *holds,
                                struct jac_check_result *result, char meaning[96],
                                struct jac_error *err) {
  struct jac_reading reading;
  *holds = false;
  enum jac_status status =
      read_at(map, x, wrt, options->order, claim, c, &reading, meaning, err);
  if (status != JAC_OK || !reading.fits)
    return status;
  status = jac_check_against(map, x, wrt, J, &reading.native, 1e-9, result, err);
  *holds = status == JAC_OK && result->verdict != JAC_VERDICT_DIFFERS &&
           reading.outside == 0.0;
  jac_array3_free(&reading.native);
  return status;
}

/* At the point given, then at points that are drawn. */
static enum jac_status holds_everywhere(const struct jac_options *options,
                                        const struct jac_subject *subject, size_t wrt,
                                        const struct jac_array3 *J,
                                        const struct jac_claim *claim,
                                        const struct jac_convention *c, bool *holds,
                                        struct jac_check_result *result, char meaning[96],
                                        struct jac_error *err) {
  const struct jac_map *map = subject->map;
  enum jac_status status = holds_at(options, map, jac_values_point(&subject->values), wrt,
                                    J, claim, c, holds, result, meaning, err);
  for (unsigned long k = 1; k < JAC_CLAIM_POINTS && status == JAC_OK && *holds; k++) {
    struct jac_values values;
    struct jac_array3 other;
    struct jac_check_result unused;
    status = jac_values_new(map, options->seed + 1000 * k, &values, err);
    if (status != JAC_OK)
      break;
    status = jac_map_jacobian_new(map, jac_values_point(&values), wrt, &other, err);
    if (status == JAC_OK) {
      status = holds_at(options, map, jac_values_point(&values), wrt, &other, claim, c,
                        holds, &unused, meaning, err);
      if (status == JAC_OK && !*holds)
        *result = unused;
      jac_array3_free(&other);
    }
    jac_values_free(&values);
  }
  return status;
}

/* What is wrong with a claim that fits the Jacobian's shape. */
static enum jac_status explain(const struct jac_options *options,
                               const struct jac_subject *subject, size_t wrt,
                               const struct jac_array3 *J,
                               const struct jac_reading *reading,
                               struct jac_claim_verdict *verdict, struct jac_error *err) {
  struct jac_suspects suspects;
  struct jac_diagnosis found[JAC_DIAGNOSES];
  size_t count = 0;
  jac_point x = jac_values_point(&subject->values);
  (void)options;
  enum jac_status status = jac_check_against(subject->map, x, wrt, J, &reading->native,
                                             1e-9, &verdict->result, err);
  if (status == JAC_OK)
    status = jac_suspects_make(subject->map, x, wrt, J, &suspects, err);
  if (status != JAC_OK)
    return status;
  status = jac_diagnose(&suspects, &reading->native, found, &count, err);
  for (size_t k = 0; k < count && k < 3 && status == JAC_OK; k++) {
    jac_buffer_add(&verdict->diagnosis, k > 0 ? _("; or ") : "");
    jac_diagnosis_write(&suspects, &found[k], &verdict->diagnosis);
  }
  if (count == 0)
    jac_diagnosis_hidden(&suspects, &verdict->diagnosis);
  jac_suspects_free(&suspects);
  return status;
}

/* The convention under which the wrong claim has the Jacobian's shape. */
static enum jac_status
explain_best(const struct jac_options *options, const struct jac_subject *subject,
             size_t wrt, const struct jac_array3 *J, const struct jac_claim *claim,
             struct jac_claim_verdict *verdict, struct jac_error *err) {
  static const size_t tried[] = {0, 6, 8, 10, 12};
  for (size_t k = 0; k < sizeof tried / sizeof tried[0]; k++) {
    struct jac_reading reading;
    char meaning[96];
    struct jac_error quiet;
    enum jac_status status =
        read_at(subject->map, jac_values_point(&subject->values), wrt, options->order,
                claim, &conventions[tried[k]], &reading, meaning, &quiet);
    if (status == JAC_ENOMEM)
      return jac_fail_memory(err);
    if (status != JAC_OK || !reading.fits)
      continue;
    status = explain(options, subject, wrt, J, &reading, verdict, err);
    jac_array3_free(&reading.native);
    return status;
  }
  verdict->shape_wrong = true;
  jac_buffer_printf(
      &verdict->diagnosis,
      _("wrong shape: the Jacobian of a sample is %zux%zu (outputs x variables)"),
      J->rows, J->cols);
  return JAC_OK;
}

enum jac_status jac_claim_judge(const struct jac_options *options,
                                const struct jac_subject *subject, size_t wrt,
                                const struct jac_array3 *J,
                                struct jac_claim_verdict *verdict,
                                struct jac_error *err) {
  struct jac_claim claim;
  struct jac_error first = {.status = JAC_OK}, *fault = &first;
  bool holds = false, evaluated = false;
  *verdict = (struct jac_claim_verdict){.diagnosis = JAC_BUFFER_INIT};
  enum jac_status status = jac_claim_read(subject->map, options->claim, &claim, err);
  for (size_t k = 0; k < CONVENTIONS && status == JAC_OK && !holds; k++) {
    char meaning[96] = "";
    struct jac_error why = {.status = JAC_OK};
    enum jac_status one =
        holds_everywhere(options, subject, wrt, J, &claim, &conventions[k], &holds,
                         &verdict->result, meaning, &why);
    if (one == JAC_ENOMEM || one == JAC_ELIMIT) {
      status = one;
      if (err != NULL)
        *err = why;
    }
    evaluated = evaluated || one == JAC_OK;
    if ((one == JAC_EINPUT || one == JAC_EUNKNOWN) && fault->status == JAC_OK)
      first = why;
    if (holds && options->certify) {
      status =
          jac_claim_certify(options, subject, wrt, &claim, &conventions[k], verdict, err);
      if (verdict->refuted)
        break;
    }
    if (holds && conventions[k].manner.indices > 0)
      snprintf(verdict->how, sizeof verdict->how, _("with %s"), meaning);
    else if (holds)
      snprintf(verdict->how, sizeof verdict->how, "%s", _(conventions[k].words));
  }
  if (status == JAC_OK && !holds && !evaluated) {
    status = first.status != JAC_OK ? first.status : JAC_EINPUT;
    if (err != NULL && first.status != JAC_OK)
      *err = first;
    else
      jac_fail(
          err, status,
          _("the claim's free indices do not fit: an entry has one for the output and "
            "one for each dimension of the variable"));
  } else if (status == JAC_OK && !holds)
    status = explain_best(options, subject, wrt, J, &claim, verdict, err);
  jac_claim_free(&claim);
  return status;
}
