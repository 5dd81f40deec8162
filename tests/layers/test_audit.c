/* What a module says of itself is held against its code: every module of the table is as
 * it says, and one that is wrong in one place is named. */
#include "tests/slow.h"
#include "jacobian/values.h"
#include "layers/audit.h"
#include "layers/entrywise.h"
#include "layers/layer.h"

#include <check.h>
#include <math.h>
#include <string.h>

static void audit(const char *spec, const struct jac_module_library *library,
                  struct jac_audit *found) {
  struct jac_error err = {JAC_OK, ""};
  struct jac_spec read;
  struct jac_map *map;
  struct jac_module_place place = {.batch = 2, .library = library};
  ck_assert_msg(jac_spec_read(spec, &read, &err) == JAC_OK &&
                    jac_module_make(&read, &place, &map, &err) == JAC_OK &&
                    jac_audit_module(map, NULL, library, 1, found, &err) == JAC_OK,
                "%s: %s", spec, err.message);
  jac_map_free(map);
}

START_TEST(every_module_is_as_it_says) {
  if ((size_t)_i % every() != 0)
    return;
  struct jac_audit found;
  const struct jac_module *module = jac_module_at((size_t)_i);
  audit(module->example, NULL, &found);
  ck_assert_msg(found.about == NULL, "%s: %s: %s", module->example, found.about,
                found.text.text);
  jac_buffer_free(&found.text);
}
END_TEST

/* With options, which change what a module says of itself. */
START_TEST(options_are_as_they_say) {
  static const char *const specs[] = {
      "attention:4x3,mask=causal",
      "attention:2x2,mask=padding",
      "multi-head:4,heads=2,mask=causal",
      "multi-head:4,heads=2,mask=padding",
      "cross-entropy:3,smoothing=0.1",
      "cross-entropy:3,ignore=2,reduction=mean",
      "cross-entropy:3,ignore=1,smoothing=0.2,weighted,reduction=mean",
      "nll:3,ignore=3,weighted,reduction=mean",
      "cross-entropy:3,weighted,reduction=mean",
      "softmax:3,temperature=2",
      "batch-norm:3,mode=eval",
      "batch-norm:2,length=2",
      "group-norm:4,length=2,groups=2",
      "dropout:3,p=0.2,mode=eval",
      "hinge:3,binary",
      "cosine-loss:3,apart",
      "softmax:1",
      "celu:1",
      "rotary:2",
      "conv1d:1x1x1,length=1",
      "max-pool1d:1,length=1",
      "maxout:2",
      "positional:4,halves",
      "rotary:4,halves",
      "rotate,by=axis,perturbation=left",
      "pose,by=quaternion",
      "lstm:2x2,steps=2",
      "gru:2x2,steps=3",
      "contrastive:3,temperature=0.5",
      "conv2d:2x1x2,height=4,width=4,stride=2,padding=1,bias",
      "conv1d:2x2x2,length=6,dilation=2,groups=2"};
  struct jac_audit found;
  for (size_t k = 0; k < sizeof specs / sizeof specs[0]; k += every()) {
    audit(specs[k], NULL, &found);
    ck_assert_msg(found.about == NULL, "%s: %s: %s", specs[k], found.about,
                  found.text.text);
    jac_buffer_free(&found.text);
  }
}
END_TEST

/* y_o = sum_i sin(z_i + 0.3 o)(1 + 0.2 o i), wrong in one place: `kind` says in which. */
struct wrong {
  struct jac_map map;
  double kind;
};

enum {
  RIGHT,
  DEFINITION,
  ENTRY,
  JACOBIAN_TINY,  /* one entry, by 1e-7 */
  JACOBIAN_ALL,   /* all three codes alike, by 1e-7 */
  LARGE_ONLY,     /* above 3 */
  ZERO_ONLY,      /* at 0 */
  WHOLE_ONLY,     /* at 2 */
  HALF_ONLY,      /* at 0.5 */
  FAR_ONLY,       /* above 20 */
  MINUTE_ONLY,    /* below 1e-8, but at 0 */
  TEN_ONLY,       /* at 10 */
  THOUSANDS_ONLY, /* above 10,000 */
  STRUCTURE,      /* says that the last column is zero */
  ALIKE,          /* says that all slices are */
  WRITTEN,        /* says that every entry is written */
  UNCOUPLED,      /* says nothing of what sample 1 takes from sample 2 */
  COUPLED,        /* says that it is, and is not */
  DEFAULT,        /* the default of an option */
  UNREADABLE,     /* an entry formula with a name that there is not */
  OUT_OF_RANGE,   /* columns that there are not */
  KINDS
};

static double weight(size_t o, size_t i) {
  return 1.0 + 0.2 * (double)(o + 1) * (double)(i + 1);
}

static int kind_of(const struct jac_map *map) {
  return (int)((const struct wrong *)map)->kind;
}

static double scale_of(const struct jac_map *map) {
  return kind_of(map) == DEFAULT ? 2.0 : 1.0;
}

static double slope(const struct jac_map *map, const gsl_matrix *z, size_t n, size_t o,
                    size_t i, bool explicit_code) {
  int kind = kind_of(map);
  double x = gsl_matrix_get(z, n, i);
  double t = scale_of(map) * cos(x + 0.3 * (double)(o + 1)) * weight(o, i);
  if (kind == JACOBIAN_ALL || (kind == LARGE_ONLY && fabs(x) > 3.0) ||
      (kind == ZERO_ONLY && x == 0.0) || (kind == WHOLE_ONLY && x == 2.0) ||
      (kind == HALF_ONLY && x == 0.5) || (kind == FAR_ONLY && fabs(x) > 20.0) ||
      (kind == MINUTE_ONLY && x != 0.0 && fabs(x) < 1e-8) ||
      (kind == TEN_ONLY && x == 10.0) || (kind == THOUSANDS_ONLY && fabs(x) > 1e4))
    return t * (1.0 + (kind == JACOBIAN_ALL ? 1e-7 : 0.1));
  if (kind == JACOBIAN_TINY && explicit_code && o == 1 && i == 2)
    return t * (1.0 + 1e-7);
  return t;
}

static enum jac_status forward(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < map->cols; o++) {
      double s = 0.0;
      for (size_t i = 0; i < map->cols; i++)
        s += sin(gsl_matrix_get(x[0], n, i) + 0.3 * (double)(o + 1)) * weight(o, i);
      if (kind_of(map) == UNCOUPLED && n == 0 && map->batch > 1)
        s += 1e-3 * gsl_matrix_get(x[0], map->batch - 1, 0);
      gsl_matrix_set(y, n, o, scale_of(map) * s);
    }
  return JAC_OK;
}

static enum jac_status jacobian(const struct jac_map *map, jac_point x, size_t wrt,
                                struct jac_array3 *J) {
  (void)wrt;
  bool full = map->coupled;
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < map->cols; o++)
      for (size_t i = kind_of(map) == WRITTEN ? 1 : 0; i < map->cols; i++)
        *jac_array3_at(J, full ? 0 : n, full ? n * map->cols + o : o,
                       full ? n * map->cols + i : i) = slope(map, x[0], n, o, i, true);
  return JAC_OK;
}

static enum jac_status vjp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *c, gsl_matrix *g) {
  (void)wrt;
  gsl_matrix_set_zero(g);
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < map->cols; o++)
      for (size_t i = 0; i < map->cols; i++)
        *gsl_matrix_ptr(g, n, i) +=
            gsl_matrix_get(c, n, o) * slope(map, x[0], n, o, i, false);
  return JAC_OK;
}

static enum jac_status jvp(const struct jac_map *map, jac_point x, size_t wrt,
                           const gsl_matrix *t, gsl_matrix *out) {
  (void)wrt;
  gsl_matrix_set_zero(out);
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < map->cols; o++)
      for (size_t i = 0; i < map->cols; i++)
        *gsl_matrix_ptr(out, n, o) +=
            gsl_matrix_get(t, n, i) * slope(map, x[0], n, o, i, false);
  return JAC_OK;
}

static size_t columns(const struct jac_map *map, size_t wrt, size_t row, size_t *column) {
  (void)wrt, (void)row;
  int kind = kind_of(map);
  size_t count = map->cols - (kind == STRUCTURE ? 1 : 0);
  for (size_t k = 0; k < count; k++)
    column[k] = kind == OUT_OF_RANGE ? k + 1 : k;
  return count;
}

static struct jac_structure structure(const struct jac_map *map, size_t wrt) {
  (void)wrt;
  int kind = kind_of(map);
  return (struct jac_structure){
      .columns = kind == STRUCTURE || kind == OUT_OF_RANGE ? columns : NULL,
      .alike = kind == ALIKE,
      .written = kind == WRITTEN};
}

static const struct jac_map_type type = {.name = "wrong",
                                         .forward = forward,
                                         .jacobian = jacobian,
                                         .vjp = vjp,
                                         .jvp = jvp,
                                         .structure = structure};

static enum jac_status make_wrong(const struct jac_module *module,
                                  const struct jac_spec *spec,
                                  const struct jac_module_place *place,
                                  struct jac_map **map, struct jac_error *err) {
  (void)module;
  double ignored;
  struct wrong *w =
      jac_layer_alloc(sizeof *w, &type, spec, place->batch, spec->size[0], 1, err);
  if (w == NULL)
    return JAC_ENOMEM;
  jac_spec_number(spec, "kind", &w->kind, 0.0, err);
  jac_spec_number(spec, "scale", &ignored, 1.0, err);
  if (jac_spec_word(spec, "scale") != NULL && (int)w->kind == DEFAULT)
    w->kind = RIGHT;
  int kind = (int)w->kind;
  jac_layer_data(&w->map, 0, "z", "z^{k-1}", spec->size[0],
                 kind == COUPLED      ? NULL
                 : kind == ENTRY      ? "cos(z[n,i] + 0.3*o)*(1 + 0.2*o*o)"
                 : kind == UNREADABLE ? "cos(q[n,i] + 0.3*o)"
                 : kind == DEFAULT    ? NULL
                                      : "cos(z[n,i] + 0.3*o)*(1 + 0.2*o*i)");
  w->map.coupled = kind == COUPLED;
  w->map.coupled_reason = "so it says";
  w->map.definition =
      kind == DEFINITION ? "y[n,o] = sum(i, sin(z[n,i] + 0.31*o)*(1 + 0.2*o*i))"
      : kind == DEFAULT  ? NULL
                         : "y[n,o] = sum(i, sin(z[n,i] + 0.3*o)*(1 + 0.2*o*i))";
  *map = &w->map;
  return JAC_OK;
}

static const struct jac_module_option options[] = {
    {"kind", "0", "which mistake"}, {"scale", "1", "of the output"}, {NULL, NULL, NULL}};
static const struct jac_module wrong_module = {
    .name = "wrong",
    .sizes = "N",
    .nsize = 1,
    .example = "wrong:3",
    .definition = "y[n,o] = sum(i, sin(z[n,i] + 0.3*o)*(1 + 0.2*o*i))",
    .options = options,
    .make = make_wrong};
/* y = z + c z^3, whose derivative or formula forgets c, which is right at its default
 * alone. */
static double cube(double z, double c) {
  return z + c * z * z * z;
}
static double cube_slope(double z, double c) {
  return 1.0 + 3.0 * c * z * z;
}
static double forgetful_slope(double z, double c) {
  (void)c;
  return 1.0 + 1.5 * z * z;
}
static const struct jac_module_option cube_options[] = {{"c", "0.5", "the cube's weight"},
                                                        {NULL, NULL, NULL}};
static const struct jac_entrywise cubes[] = {
    {cube, cube_slope, cube_slope, "delta(o,i)*(1 + 3*c*z[n,o]^2)", "c", 0.5, NULL,
     false},
    {cube, forgetful_slope, cube_slope, "delta(o,i)*(1 + 3*c*z[n,o]^2)", "c", 0.5, NULL,
     false},
    {cube, cube_slope, cube_slope, "delta(o,i)*(1 + 1.5*z[n,o]^2)", "c", 0.5, NULL,
     false},
    {cube, cube_slope, cube_slope, "delta(o,i)*(1 + 3*c*z[n,o]^2)", "c", 0.5, NULL,
     false},
};
#define CUBE(k, text)                                                                    \
  {                                                                                      \
    .name = "cube" #k, .sizes = "N", .nsize = 1, .example = "cube" #k ":2",              \
    .definition = text, .options = cube_options, .make = jac_entrywise_make,             \
    .family = &cubes[k]                                                                  \
  }
static const struct jac_module cube_modules[] = {
    CUBE(0, "y[n,o] = z[n,o] + c*z[n,o]^3"), CUBE(1, "y[n,o] = z[n,o] + c*z[n,o]^3"),
    CUBE(2, "y[n,o] = z[n,o] + c*z[n,o]^3"), CUBE(3, "y[n,o] = z[n,o] + z[n,o]^3/2")};

static const struct jac_module *const modules[] = {&wrong_module, &cube_modules[0],
                                                   &cube_modules[1], &cube_modules[2],
                                                   &cube_modules[3]};
static const struct jac_module_library library = {modules, 5};

static const struct {
  const char *about, *says;
} expected[KINDS] = {
    [RIGHT] = {NULL, ""},
    [DEFINITION] = {"definition", "its definition says"},
    [ENTRY] = {"entry formula", "the entry formula of z says"},
    [JACOBIAN_TINY] = {"Jacobian", "its Jacobian for z has"},
    [JACOBIAN_ALL] = {"Jacobian", "finite differences give"},
    [LARGE_ONLY] = {"Jacobian", "at large numbers"},
    [ZERO_ONLY] = {"Jacobian", "at zeros"},
    [WHOLE_ONLY] = {"Jacobian", "at whole numbers"},
    [HALF_ONLY] = {"Jacobian", "at halves"},
    [FAR_ONLY] = {"Jacobian", "at hundreds"},
    [MINUTE_ONLY] = {"Jacobian", "at numbers near 0"},
    [TEN_ONLY] = {"Jacobian", "at tens"},
    [THOUSANDS_ONLY] = {"Jacobian", "at thousands"},
    [STRUCTURE] = {"structure", "its structure says that the entry in row 1, column 4"},
    [ALIKE] = {"structure", "all slices for z are alike"},
    [WRITTEN] = {"structure", "writes every entry"},
    [UNCOUPLED] = {"coupled", "it must say that it is coupled"},
    [COUPLED] = {"coupled", "it says that samples are coupled"},
    [DEFAULT] = {"options", "scale=1 as the default"},
    [UNREADABLE] = {"entry formula", "has no meaning"},
    [OUT_OF_RANGE] = {"structure", "that are not there"},
};

START_TEST(one_wrong_place_is_named) {
  struct jac_audit found;
  char spec[40];
  snprintf(spec, sizeof spec, "wrong:4,kind=%d", _i);
  audit(spec, &library, &found);
  const char *about = found.about != NULL ? found.about : "nothing";
  ck_assert_msg(
      strcmp(about, expected[_i].about != NULL ? expected[_i].about : "nothing") == 0,
      "%s: %s: %s", spec, about, found.text.text);
  ck_assert_msg(strstr(found.text.text, expected[_i].says) != NULL, "%s: %s", spec,
                found.text.text);
  jac_buffer_free(&found.text);
}
END_TEST

START_TEST(an_option_that_is_forgotten_is_named) {
  static const char *const about[] = {NULL, "Jacobian", "entry formula", "definition"};
  for (size_t k = 0; k < sizeof about / sizeof about[0]; k++) {
    struct jac_audit found;
    char spec[20];
    snprintf(spec, sizeof spec, "cube%zu:3", k);
    audit(spec, &library, &found);
    ck_assert_msg((found.about == NULL) == (about[k] == NULL) &&
                      (about[k] == NULL || strcmp(found.about, about[k]) == 0),
                  "%s: %s: %s", spec, found.about, found.text.text);
    ck_assert(about[k] == NULL || strstr(found.text.text, "with c=0.45") != NULL);
    jac_buffer_free(&found.text);
  }
}
END_TEST

/* y = scale z, whose scale is read under another name. */
static enum jac_status doubled(const struct jac_map *map, jac_point x, gsl_matrix *y) {
  (void)map;
  gsl_matrix_memcpy(y, x[0]);
  return gsl_matrix_scale(y, 2.0) == 0 ? JAC_OK : JAC_EINPUT;
}
static enum jac_status two(const struct jac_map *map, jac_point x, size_t wrt,
                           struct jac_array3 *J) {
  (void)x;
  (void)wrt;
  for (size_t n = 0; n < map->batch; n++)
    for (size_t o = 0; o < map->cols; o++)
      *jac_array3_at(J, n, o, o) = 2.0;
  return JAC_OK;
}
static enum jac_status two_back(const struct jac_map *map, jac_point x, size_t wrt,
                                const gsl_matrix *cotangent, gsl_matrix *gradient) {
  (void)x;
  (void)wrt;
  return doubled(map, &cotangent, gradient);
}
static const struct jac_map_type deaf_type = {.name = "deaf",
                                              .forward = doubled,
                                              .jacobian = two,
                                              .vjp = two_back,
                                              .jvp = two_back};
static enum jac_status make_deaf(const struct jac_module *module,
                                 const struct jac_spec *spec,
                                 const struct jac_module_place *place,
                                 struct jac_map **map, struct jac_error *err) {
  static const struct jac_constant scale = {"scale", 2.0};
  struct jac_map *m =
      jac_layer_alloc(sizeof *m, &deaf_type, spec, place->batch, spec->size[0], 1, err);
  if (m == NULL)
    return JAC_ENOMEM;
  jac_layer_data(m, 0, "z", "z^{k-1}", spec->size[0], "scale*delta(o,i)");
  m->definition = module->definition;
  m->nconstant = 1;
  m->constant = &scale;
  *map = m;
  return JAC_OK;
}

/* An option that its definition does not name may choose a method: it is left alone. */
START_TEST(an_option_that_changes_nothing_is_named) {
  static const struct jac_module_option deaf_options[] = {{"scale", "2", "of the output"},
                                                          {NULL, NULL, NULL}};
  static const struct jac_module_option fast_options[] = {
      {"threads", "2", "how many work at it"}, {"fast", NULL, ""}, {NULL, NULL, NULL}};
  for (int k = 0; k < 2; k++) {
    struct jac_module deaf = {.name = "deaf",
                              .sizes = "N",
                              .nsize = 1,
                              .example = "deaf:2",
                              .definition = "y[n,o] = scale*z[n,o]",
                              .options = k == 0 ? deaf_options : fast_options,
                              .make = make_deaf};
    const struct jac_module *const one[] = {&deaf};
    const struct jac_module_library alone = {one, 1};
    struct jac_audit found;
    audit("deaf:2", &alone, &found);
    const char *about = found.about != NULL ? found.about : "nothing";
    ck_assert_str_eq(about, k == 0 ? "options" : "nothing");
    ck_assert(k > 0 || strstr(found.text.text, "scale=1.5 is taken and changes") != NULL);
    jac_buffer_free(&found.text);
  }
}
END_TEST

Suite *audit_suite(void);
Suite *audit_suite(void) {
  Suite *suite = suite_create("audit");
  TCase *tc = tcase_create("modules");
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, every_module_is_as_it_says, 0, (int)jac_module_count());
  tcase_add_test(tc, options_are_as_they_say);
  tcase_add_loop_test(tc, one_wrong_place_is_named, 0, KINDS);
  tcase_add_test(tc, an_option_that_is_forgotten_is_named);
  tcase_add_test(tc, an_option_that_changes_nothing_is_named);
  suite_add_tcase(suite, tc);
  return suite;
}
