#include "visual/cli/parts.h"

#include "jacobian/text.h"
#include "layers/network.h"
#include "visual/cli/format.h"

#include <stdlib.h>

/* At once, where it fits: of one sample. */
enum { AT_ONCE = 1 << 28 };

/* --samples A:B, from 1, both of them. */
static enum jac_status read_samples(const struct jac_options *options,
                                    struct jac_parts *parts, struct jac_error *err) {
  const struct jac_map *map = parts->layout.map;
  parts->last = map->batch;
  if (options->samples == NULL)
    return JAC_OK;
  if (map->coupled)
    return jac_fail(err, JAC_EREFUSED, _("--samples: the samples of %s are coupled (%s)"),
                    map->spec, _(map->coupled_reason));
  char *end, *rest = NULL;
  unsigned long first = strtoul(options->samples, &end, 10), last = 0;
  if (*end == ':')
    last = strtoul(end + 1, &rest, 10);
  if (rest == NULL || *rest != '\0' || first < 1 || last < first || last > map->batch)
    return jac_fail(err, JAC_EINPUT,
                    _("--samples %.40s: A:B is needed, from 1 to %zu, as in 1:%zu"),
                    options->samples, map->batch, map->batch);
  parts->first = first - 1;
  parts->last = last;
  return JAC_OK;
}

/* The same module or network for one sample; of a defined function, where samples are
 * coupled, and where their place counts, there is none. */
static enum jac_status make_one(const struct jac_options *options,
                                const struct jac_subject *subject, struct jac_map **one,
                                struct jac_error *err) {
  const struct jac_map *map = subject->map;
  *one = NULL;
  if (map->coupled || map->placed || map->batch == 1 || options->define != NULL)
    return JAC_OK;
  return jac_network_new((const char *const *)options->spec, options->nspec, 1,
                         &subject->outside.library, one, err);
}

/* SciPy's arrays are matrices: the samples stand one under the other. */
static enum jac_form default_form(const struct jac_options *options,
                                  const struct jac_map *map) {
  enum jac_form form = jac_form_default(map);
  return form == JAC_FORM_BATCH && !options->format->folder ? JAC_FORM_FULL : form;
}

enum jac_status jac_parts_show(const struct jac_options *options,
                               const struct jac_subject *subject, struct jac_error *err) {
  const struct jac_map *map = subject->map;
  enum jac_form form =
      options->form < 0 ? default_form(options, map) : (enum jac_form)options->form;
  struct jac_parts parts = {.x = jac_values_point(&subject->values), .memory = AT_ONCE};
  struct jac_map *one = NULL;
  if (options->format->folder && options->output == NULL)
    return jac_fail(err, JAC_EINPUT, _("--format %s is a folder: name it with -o"),
                    options->format->name);
  enum jac_status status =
      jac_layout_make(map, subject->wrt[0], form, options->order, &parts.layout, err);
  if (status == JAC_OK)
    status = read_samples(options, &parts, err);
  if (status == JAC_OK)
    status = make_one(options, subject, &one, err);
  parts.one = one != NULL ? one : map;
  if (status == JAC_OK && options->format->folder)
    status = options->format->write(&parts, options, NULL, err);
  else if (status == JAC_OK)
    status = jac_format_write(options, options->latex.style, &parts, err);
  jac_map_free(one);
  return status;
}
