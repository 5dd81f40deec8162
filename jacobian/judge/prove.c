/* A claim that holds in doubles, by intervals: at values that are drawn, the difference
 * of both sides is an interval that holds 0 and is narrow, or does not hold 0. */
#include "jacobian/judge/judge_internal.h"

#include "jacobian/elaborate/elaborate_internal.h"
#include "jacobian/value/field.h"

#include <float.h>
#include <math.h>

enum { POINTS = 3, PLACES = 400, MOST_BITS = 4096 };

/* The largest part of an entry of the left by which the sides differ for certain, and
 * whether every interval is narrow. */
struct finding {
  double apart;
  bool wide, any;
};

static void look(const struct jac_value *l, const struct jac_value *d,
                 struct finding *found) {
  for (size_t k = 0; k < d->rows * d->cols; k++) {
    size_t at = l->rows * l->cols == 1 ? 0 : k;
    double size = fmax(fabs(l->x[at]), DBL_MIN),
           radius = d->radius ? d->radius[k] : INFINITY;
    found->any = true;
    bool known = isfinite(d->x[k]) && isfinite(radius);
    if (known && fabs(d->x[k]) > radius)
      found->apart = fmax(found->apart, fabs(d->x[k]) / size);
    else if (!known || (radius > 1e-20 * size && radius > 1e-300))
      found->wide = true;
  }
}

static bool meant(struct jac_elaboration *e, const struct run *run,
                  struct jac_sample *sample, const size_t *place) {
  struct jac_value c = {0};
  bool is = !run->condition ||
            (!jac_value(run->condition, sample, (const struct jac_index *const *)e->index,
                        place, e->nindex, &c, NULL) &&
             c.rows * c.cols == 1 && c.x[0] != 0);
  jac_value_free(&c);
  return is;
}

/* One drawn point with so many bits. */
static void at_point(struct jac_elaboration *e, const struct run *run,
                     const struct jac_term *difference, uint64_t seed, long bits,
                     struct finding *found) {
  struct jac_undecided undecided = {false};
  struct jac_field ball = jac_field_ball(bits, &undecided);
  struct jac_sample sample = {
      .seed = seed, .given = run->given, .givens = run->givens, .field = &ball};
  size_t place[16] = {0}, range[16] = {0}, total = 1;
  for (size_t k = 0; k < e->nindex; k++) {
    range[k] = jac_dim_size(e->index[k]->range);
    place[k] = 1;
    total *= range[k];
  }
  for (size_t n = 0; n < total && n < PLACES; n++) {
    struct jac_value l = {0}, d = {0};
    const struct jac_index *const *index = (const struct jac_index *const *)e->index;
    if (meant(e, run, &sample, place)) {
      if (jac_value(run->left, &sample, index, place, e->nindex, &l, NULL) ||
          jac_value(difference, &sample, index, place, e->nindex, &d, NULL))
        found->wide = true;
      else
        look(&l, &d, found);
    }
    jac_value_free(&l);
    jac_value_free(&d);
    for (size_t k = 0; k < e->nindex; k++) {
      if (++place[k] <= range[k])
        break;
      place[k] = 1;
    }
  }
  found->wide = found->wide || undecided.order;
  jac_sample_clear(&sample);
}

enum jac_proof jac_prove(struct jac_elaboration *e, const struct run *run,
                         double *apart) {
  *apart = 0;
  term *pair[2] = {run->left, run->right};
  if (run->how == 1)
    pair[1] = jac_term_op(e, JAC_C_DIAG, NULL, 1, &pair[1]);
  term *difference =
      run->how == 2 || !pair[1] ? NULL : jac_term_op(e, JAC_C_SUBTRACT, NULL, 2, pair);
  if (!difference || !jac_field_balls())
    return JAC_PROOF_UNTOLD;
  jac_dims_sizes(&e->dims, 0);
  bool any = false;
  for (uint64_t k = 0; k < POINTS; k++) {
    struct finding found = {.wide = true};
    for (long bits = 128; bits <= MOST_BITS && found.wide && !(found.apart > 0);
         bits *= 4) {
      found = (struct finding){.apart = 0};
      at_point(e, run, difference, 7000 + 31 * k, bits, &found);
    }
    if (found.apart > 0) {
      *apart = found.apart;
      return JAC_PROOF_REFUTES;
    }
    if (found.wide)
      return JAC_PROOF_UNTOLD;
    any = any || found.any;
  }
  return any ? JAC_PROOF_HOLDS : JAC_PROOF_UNTOLD;
}
