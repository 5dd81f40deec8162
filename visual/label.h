/* The names of outputs and of the entries of variables, with their indices from 1. */
#ifndef VISUAL_LABEL_H
#define VISUAL_LABEL_H

#include "jacobian/buffer.h"
#include "jacobian/formula/notation.h"
#include "jacobian/map.h"

#include <stdbool.h>

/* Adds a symbol (LaTeX: z^{k-1}, \gamma, w^{(2)}) in the notation, without indices. */
void jac_label_symbol(const char *symbol, enum jac_notation notation,
                      struct jac_buffer *out);

/* An index that stands for any sample (n), or for all of them (a bullet: w_{\bullet,1}).
 */
#define JAC_INDEX_ANY ((size_t)-1)
#define JAC_INDEX_ALL ((size_t)-2)

/* The symbol of a name that is neither a variable nor an output: \mu of mu, or itself. */
const char *jac_label_quantity(const char *name, char text[80]);

/* Whether the definition that is shown has a step above the letter, h^{t}. Then so has
 * what the entries name: the symbols of h_2 and i_t_2 are h^{2} and i^{2}. False: the
 * name is no such one. */
bool jac_label_by_step(const struct jac_map *map);
bool jac_label_step(const struct jac_map *map, const char *name, char text[80]);

/* Adds a symbol with count indices, given from 0; dims are the sizes they run through. */
void jac_label_indexed(const char *symbol, enum jac_notation notation, size_t count,
                       const size_t *index, const size_t *dims, struct jac_buffer *out);

/* The same with indices that are written already ("1", "j", "i+1"); wide: some index may
 * have several characters, so that a comma stands between. */
void jac_label_texts(const char *symbol, enum jac_notation notation, size_t count,
                     const char *const *index, bool wide, struct jac_buffer *out);

/* How many indices an output has: 2 (sample, feature), 1 (a cost a sample), 0 (one cost),
 * as the left side of the map's definition says. */
size_t jac_label_output_indices(const struct jac_map *map);

/* Adds the label of the output of sample n, feature o (from 0). */
void jac_label_output(const struct jac_map *map, enum jac_notation notation, size_t n,
                      size_t o, struct jac_buffer *out);

/* What a slice of the 3-D array is: "sample 2" (in LaTeX n=2); of second derivatives the
 * output that it belongs to. */
void jac_label_slice(const struct jac_map *map, enum jac_notation notation, size_t slice,
                     struct jac_buffer *out);

/* Adds the label of a variable's entry; index has variable->ndim numbers from 0. */
void jac_label_entry(const struct jac_variable *variable, enum jac_notation notation,
                     const size_t *index, struct jac_buffer *out);

/* How many characters a UTF-8 text takes on a terminal: none of ours is wide or combines.
 */
size_t jac_label_width(const char *text);

#endif
