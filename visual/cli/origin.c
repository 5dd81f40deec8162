#include "visual/cli/origin.h"

#include "jacobian/text.h"
#include "layers/network.h"
#include "visual/cli/define.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum jac_status jac_origin_make(const struct jac_options *options,
                                const struct jac_module_library *library,
                                struct jac_map **map, struct jac_error *err) {
  if (options->define == NULL)
    return jac_network_new((const char *const *)options->spec, options->nspec,
                           options->batch, library, map, err);
  return jac_graph_calls(options->define, library)
             ? jac_define_graph(options, library, map, err)
             : jac_define_make(options, map, err);
}

/* The message of what stands up to a line and with it; false: there is none. */
static bool fails(const struct jac_options *options, const struct jac_origin *origin,
                  const struct jac_module_library *library, struct jac_error *err) {
  struct jac_options part = *options;
  struct jac_map *map = NULL;
  char *define = malloc(origin->define + 1);
  if (define == NULL)
    return false;
  if (options->define != NULL) {
    memcpy(define, options->define, origin->define);
    define[origin->define] = '\0';
    part.define = define;
  }
  part.nspec = origin->specs;
  part.nsize = origin->sizes;
  bool any = part.define != NULL || part.nspec > 0;
  enum jac_status status = any ? jac_origin_make(&part, library, &map, err) : JAC_OK;
  if (map != NULL)
    jac_map_free(map);
  free(define);
  return status != JAC_OK;
}

/* Messages that show the formula do so from their second line on. */
static bool same_message(const char *a, const char *b) {
  size_t length = strcspn(a, "\n");
  return length == strcspn(b, "\n") && strncmp(a, b, length) == 0;
}

void jac_origin_say(const struct jac_options *options,
                    const struct jac_module_library *library, struct jac_error *err) {
  for (size_t k = 0; k < options->norigin; k++) {
    const struct jac_origin *origin = &options->origin[k];
    struct jac_error one = {.message = ""};
    char message[sizeof err->message];
    if (!fails(options, origin, library, &one) ||
        !same_message(one.message, err->message))
      continue;
    memcpy(message, err->message, sizeof message);
    jac_fail(err, err->status, _("%.80s, line %zu: %s"), origin->file, origin->line,
             message);
    return;
  }
}
