#include "jacobian/certify.h"
#include "jacobian/text.h"
#include "visual/cli/claim_internal.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The parts of the intervals of a claim, as native Jacobians. */
enum { MIDDLE, REST, RADIUS, PARTS };
struct parts {
  struct jac_reading reading[PARTS];
};

static void parts_free(struct parts *p) {
  for (int k = 0; k < PARTS; k++)
    if (p->reading[k].fits)
      jac_array3_free(&p->reading[k].native);
}

static double part(const struct jac_enclosure *e, int which) {
  return which == MIDDLE ? e->middle : which == REST ? e->rest : e->radius;
}

static struct jac_enclosure interval(const struct parts *p, size_t place) {
  return (struct jac_enclosure){p->reading[MIDDLE].native.data[place],
                                p->reading[REST].native.data[place],
                                p->reading[RADIUS].native.data[place]};
}

/* The claim's intervals at a point, with so many bits. */
static enum jac_status
claim_parts(const struct jac_options *options, const struct jac_map *map, jac_point x,
            size_t wrt, const struct jac_claim *claim, const struct jac_convention *c,
            long bits, bool *undecided, struct parts *p, struct jac_error *err) {
  struct jac_certainty certainty = {.side = 0};
  struct jac_number_type ball = jac_ball_of(bits, &certainty);
  struct jac_claimed claimed;
  *p = (struct parts){0};
  enum jac_status status =
      jac_claim_evaluate(map, x, wrt, claim, &c->manner, &ball, &claimed, err);
  *undecided = certainty.undecided;
  for (int k = 0; k < PARTS && status == JAC_OK; k++) {
    size_t count = claimed.slices * claimed.rows * claimed.cols;
    struct jac_claimed one = claimed;
    one.data = malloc((count + 1) * sizeof *one.data);
    if (one.data == NULL)
      status = jac_fail_memory(err);
    for (size_t j = 0; j < count && status == JAC_OK; j++)
      one.data[j] = part(&claimed.enclosure[j], k);
    if (status == JAC_OK)
      status = jac_claim_place(map, wrt, options->order, &one, c, &p->reading[k], err);
    free(one.data);
    if (status == JAC_OK && !p->reading[k].fits)
      status = jac_fail(err, JAC_EREFUSED, _("the claim cannot be certified"));
  }
  if (claimed.data != NULL)
    jac_claimed_free(&claimed);
  if (status != JAC_OK)
    parts_free(p);
  return status;
}

static double last_place(double x) {
  return nextafter(fabs(x), INFINITY) - fabs(x);
}

/* What the intervals tell of one entry. */
enum finding { EQUAL, APART, WIDE, NO_DERIVATIVE };

static enum finding compare(const struct jac_enclosure *claimed,
                            const struct jac_certified_entry *entry) {
  const struct jac_enclosure *truth = &entry->truth;
  if (entry->kind != JAC_CERTIFIED_PROVED)
    return entry->kind == JAC_CERTIFIED_UNDECIDED ? WIDE : NO_DERIVATIVE;
  if (!isfinite(claimed->radius))
    return WIDE;
  double apart = fabs((claimed->middle - truth->middle) + (claimed->rest - truth->rest));
  if (apart * (1.0 - 8.0 * DBL_EPSILON) > claimed->radius + truth->radius)
    return APART;
  double enough = last_place(truth->middle) * 1e-3;
  return claimed->radius <= enough && truth->radius <= enough ? EQUAL : WIDE;
}

static void refute(struct jac_claim_verdict *verdict, size_t s, size_t i, size_t j,
                   const struct jac_enclosure *claimed,
                   const struct jac_certified_entry *entry) {
  struct jac_check_result *r = &verdict->result;
  double middle = entry->truth.middle;
  double apart = fabs((claimed->middle - middle) + (claimed->rest - entry->truth.rest));
  if (!verdict->refuted)
    *r = (struct jac_check_result){.reference = JAC_REFERENCE_OTHER,
                                   .verdict = JAC_VERDICT_DIFFERS};
  struct jac_checked_entry e = {
      .slice = s, .row = i, .col = j, .jacobian = middle, .reference = claimed->middle};
  double relative = apart / fmax(fabs(middle), DBL_MIN);
  if (!r->any || relative > r->max_rel_error)
    r->worst = e;
  r->any = true;
  r->compared++;
  r->wrong++;
  r->max_abs_error = fmax(r->max_abs_error, apart);
  r->max_rel_error = fmax(r->max_rel_error, relative);
  if (r->listed < JAC_CHECK_LISTED)
    r->list[r->listed++] = e;
  verdict->refuted = true;
}

/* All entries at one point with so many bits; *wide: some interval does not tell. */
static enum jac_status
at_bits(const struct jac_options *options, const struct jac_map *map, jac_point x,
        size_t wrt, const struct jac_claim *claim, const struct jac_convention *c,
        struct jac_certifier *certifier, long bits, bool *wide, size_t *proved,
        struct jac_claim_verdict *verdict, struct jac_error *err) {
  struct parts p;
  enum jac_status status =
      claim_parts(options, map, x, wrt, claim, c, bits, wide, &p, err);
  if (status != JAC_OK)
    return status;
  const struct jac_array3 *shape = &p.reading[MIDDLE].native;
  for (size_t s = 0; s < shape->slices && status == JAC_OK; s++)
    for (size_t i = 0; i < shape->rows && status == JAC_OK; i++)
      for (size_t j = 0; j < shape->cols && status == JAC_OK; j++) {
        struct jac_enclosure claimed =
            interval(&p, (s * shape->rows + i) * shape->cols + j);
        struct jac_certified_entry entry;
        status = jac_certify_entry(certifier, wrt, s, i, j, claimed.middle, &entry, err);
        enum finding finding = status == JAC_OK ? compare(&claimed, &entry) : WIDE;
        if (finding == APART)
          refute(verdict, s, i, j, &claimed, &entry);
        *wide = *wide || finding == WIDE;
        *proved += finding == EQUAL;
      }
  parts_free(&p);
  return status;
}

static enum jac_status
at_point(const struct jac_options *options, const struct jac_map *map, jac_point x,
         size_t wrt, const struct jac_claim *claim, const struct jac_convention *c,
         struct jac_claim_verdict *verdict, struct jac_error *err) {
  struct jac_certifier *certifier;
  bool wide = true;
  size_t proved = 0;
  enum jac_status status = jac_certifier_new(map, x, &certifier, err);
  for (long bits = 128; bits <= 4096 && wide && !verdict->refuted && status == JAC_OK;
       bits *= 4) {
    proved = 0;
    status = at_bits(options, map, x, wrt, claim, c, certifier, bits, &wide, &proved,
                     verdict, err);
  }
  jac_certifier_free(certifier);
  if (status == JAC_OK && !verdict->refuted && (wide || proved == 0))
    status = jac_fail(err, JAC_EREFUSED,
                      _("the claim cannot be certified: its intervals cannot be narrowed "
                        "here (a kink, a pole, or numbers that overflow)"));
  return status;
}

/* A distribution sums to 1 exactly only where its numbers are short. */
static void shorten(const struct jac_map *map, struct jac_values *values) {
  for (size_t v = 0; v < map->nvar; v++) {
    gsl_matrix *m = values->matrix[v];
    if (map->var[v].domain != JAC_DISTRIBUTION)
      continue;
    for (size_t i = 0; i < m->size1; i++) {
      double rest = 1.0;
      for (size_t j = 0; j + 1 < m->size2; j++) {
        double y = ceil(gsl_matrix_get(m, i, j) * 0x1p30) * 0x1p-30;
        gsl_matrix_set(m, i, j, y);
        rest -= y;
      }
      gsl_matrix_set(m, i, m->size2 - 1, rest);
    }
  }
}

enum jac_status jac_claim_certify(const struct jac_options *options,
                                  const struct jac_subject *subject, size_t wrt,
                                  const struct jac_claim *claim,
                                  const struct jac_convention *c,
                                  struct jac_claim_verdict *verdict,
                                  struct jac_error *err) {
  const struct jac_map *map = subject->map;
  enum jac_status status = JAC_OK;
  for (unsigned long k = 1;
       k <= JAC_CLAIM_POINTS && status == JAC_OK && !verdict->refuted; k++) {
    struct jac_values values;
    status = jac_values_new(map, options->seed + 1000 * k, &values, err);
    if (status != JAC_OK)
      break;
    shorten(map, &values);
    status =
        at_point(options, map, jac_values_point(&values), wrt, claim, c, verdict, err);
    jac_values_free(&values);
  }
  verdict->certified = status == JAC_OK;
  if (verdict->refuted)
    jac_buffer_printf(&verdict->diagnosis,
                      _("it is nearly right: off by %.2g of the entry, for certain"),
                      verdict->result.max_rel_error);
  return status;
}
