/* The facts that a line of a derivation is judged by. */
#ifndef VISUAL_ENGINE_LINE_FACTS_H
#define VISUAL_ENGINE_LINE_FACTS_H

#include "visual/engine/ask.h"

struct jac_line_subject {
  const struct jac_ask *ask;
  bool width; /* d_k of attention is the number that it is here, no letter */
};

/* jac_subject_facts (layers/subject.h) of a module with the options that the question's
 * spec has; context is a struct jac_line_subject. */
bool jac_line_facts(void *context, const char *spec, bool columns,
                    struct jac_buffer *text, struct jac_error *err);

/* The first option of the question's specs that these facts leave out, or NULL. It ends
 * at a comma or with the text. */
const char *jac_line_left_out(const struct jac_ask *ask);

/* The name that a left side in LaTeX is: sigma of \sigma^2, hat_z of \hat{z}_i; false: it
 * is none. */
bool jac_line_name(const char *left, char *name, size_t room);

/* A variable's name as lines write it: W_2 for W2. */
void jac_line_written(const char *name, char *out, size_t room);

#endif
