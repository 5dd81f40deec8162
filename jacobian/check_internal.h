/* What the three references share while they are compared. */
#ifndef JACOBIAN_CHECK_INTERNAL_H
#define JACOBIAN_CHECK_INTERNAL_H

#include "jacobian/check.h"

/* The kinks that were met, each once a row and column, in no order. */
struct jac_kinks {
  struct jac_checked_entry *kink; /* owned */
  size_t count, room;
  bool full; /* memory ran out: some are missing */
};

struct jac_checking {
  const struct jac_map *map;
  jac_point x;
  size_t wrt;
  const struct jac_array3 *J;
  const struct jac_pattern *pattern;
  const double *row_scale; /* by slices * rows: the largest finite magnitude in the row */
  const double *output;    /* by slices * rows: the value there; NULL: not evaluated */
  bool poisoned;           /* some output is not finite */
  double scale;            /* in all of J */
  double noise;            /* of a product, as check.h says */
  double noise_beside; /* the same a step away: outputs that are 0 here are not there */
  const double *slice_noise;  /* the same of each slice: samples may be of very different
                                 scale; NULL: they share their columns */
  const double *output_noise; /* by slices * rows, where it was asked for; else NULL */
  const double *row_noise;    /* of rows of J, where it was asked for; else NULL */
  const double *sharp;        /* by entry, where it was asked for: check_sharp.c */
  double least;               /* what underflow within the map leaves of a number */
  double coarse; /* the last place of the smallest number, as a part of it: numbers below
                    DBL_MIN have few */
  bool blurred;  /* the last places of x move the outputs visibly */
  bool parted;   /* an output has a kink or jumps, and no entry is declared for it */
  bool brink;    /* some number is so large that a formula may overflow within */
  struct jac_kinks *kinks; /* where all kinks are kept, not the listed alone; or NULL */
  struct jac_check_result *result;
};

/* Counts one entry and keeps it where it is the worst, wrong, a kink or not finite. */
void jac_checking_entry(struct jac_checking *c, const struct jac_checked_entry *entry);

/* Adds one. */
void jac_checking_keep(struct jac_kinks *kinks, const struct jac_checked_entry *kink);

/* The noise of a product's entry in that slice. */
double jac_checking_noise(const struct jac_checking *c, size_t slice);

/* How far a Jacobian that is made of differences may be off in that row; else 0. */
double jac_checking_blur(const struct jac_checking *c, size_t slice, size_t row);

/* The tolerance of a product's entry in that row. */
double jac_checking_rounding(const struct jac_checking *c, size_t slice, size_t row);

/* Fills the scales and the noise; *row_scale is the caller's to free. */
enum jac_status jac_checking_start(struct jac_checking *c, double **row_scale,
                                   struct jac_error *err);

/* What rounding makes of the products here: they are made again with the last places of
 * all numbers moved. 0 where they jump. Errors: JAC_ENOMEM and the map's own. */
enum jac_status jac_check_noise(const struct jac_checking *c, double *noise,
                                struct jac_error *err);

/* How far rounding moves each output (noise: slices * rows of them): by the last places
 * of all numbers (*most, the largest of these), and by the grid that large numbers leave
 * where they cancel. Errors: JAC_ENOMEM and the map's own. */
enum jac_status jac_check_output_noise(const struct jac_checking *c, double *noise,
                                       double *most, struct jac_error *err);

/* What rounding makes of the Jacobian's own rows, where they are 0 but for it; else 0
 * (noise: slices * rows, cleared). any: one is not 0. Nothing is asked of large ones.
 * Errors: JAC_ENOMEM and the map's own. */
enum jac_status jac_check_row_noise(const struct jac_checking *c, double *noise,
                                    bool *any, struct jac_error *err);

/* By how much each entry (slices * rows * cols; the caller frees it) changes within the
 * smallest step of a difference; 0 where it does not, or where the entry at the point is
 * not the one near it. NULL where there are too many. Errors: JAC_ENOMEM and the map's
 * own. */
enum jac_status jac_check_sharp(const struct jac_checking *c, double **sharp,
                                struct jac_error *err);

/* The row's own noise, where it was asked for. */
double jac_checking_row_noise(const struct jac_checking *c, size_t slice, size_t row);

/* The verdict that the counts give. */
void jac_checking_judge(struct jac_check_result *result);

/* The three references. */
enum jac_status jac_check_difference(struct jac_checking *c,
                                     const struct jac_check_options *options,
                                     struct jac_error *err);
enum jac_status jac_check_vjp(struct jac_checking *c,
                              const struct jac_check_options *options,
                              struct jac_error *err);
enum jac_status jac_check_jvp(struct jac_checking *c,
                              const struct jac_check_options *options,
                              struct jac_error *err);

#endif
