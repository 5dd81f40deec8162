/* What the engine's questions share. */
#ifndef VISUAL_ENGINE_ASK_H
#define VISUAL_ENGINE_ASK_H

#include "visual/cli/subject.h"
#include "visual/engine/numbers.h"

#include <jansson.h>

/* A question while it is answered. */
struct jac_ask {
  const json_t *question;
  struct jac_options options;
  struct jac_subject subject; /* not made for a question about no subject */
  struct jac_engine_numbers numbers; /* handed over beside the answer, or freed */
};

/* A question is one file that defines one of these and one line in asks.h. */
struct jac_ask_type {
  const char *name;
  bool without_subject;
  /* Fills the answer, an empty object. A member that cannot be made for want of memory
   * may be missing: json_object_set_new's failures need not be looked at. */
  enum jac_status (*answer)(struct jac_ask *ask, json_t *answer, struct jac_error *err);
};

/* The first of the variables asked for, its Jacobian (freed by the caller) and the layout
 * in which it is shown. */
struct jac_asked {
  size_t wrt;
  struct jac_layout layout;
  struct jac_array3 native;
};
enum jac_status jac_ask_jacobian(const struct jac_ask *ask, struct jac_asked *asked,
                                 struct jac_error *err);

/* A whole number of the question, or otherwise where it is absent. */
size_t jac_ask_count(const struct jac_ask *ask, const char *name, size_t otherwise);

/* Numbers as lists of rows; in a layout as a list of slices of such. */
json_t *jac_rows_json(size_t rows, size_t cols, const double *data);
enum jac_status jac_layout_json(const struct jac_layout *layout,
                                const struct jac_array3 *native, json_t **json,
                                struct jac_error *err);

/* The buffer as a JSON string; the buffer is freed. */
json_t *jac_text_json(struct jac_buffer *text);

#endif
