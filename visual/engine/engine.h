/* Questions and answers as JSON: what the page asks of the program. */
#ifndef VISUAL_ENGINE_H
#define VISUAL_ENGINE_H

#include "visual/engine/numbers.h"

/* Answers one question, an object whose members are the command line's words:
 *
 *   ask      open, jacobian, values, image, export, differences, curve, check, chain,
 *            derive, line, mistake, claim, against, modules
 *   spec     list of specs      define, size   as --define and --size (a list)
 *   batch, seed, order, wrt, form, entries     as the options; absent: their defaults
 *   set      list of NAME=VALUES
 *
 * and what single questions need besides (their files say). The answer is an object; with
 * an only member "error" where the question is at fault. Nothing is kept between two
 * questions. The caller frees it; NULL: out of memory. The numbers of an answer that are
 * many ("values") are handed over beside it, as they stand in memory: data is NULL where
 * there are none; the caller frees it. */
char *jac_engine_answer_apart(const char *question, struct jac_engine_numbers *numbers);

#endif
