/* The entries of a Jacobian as symbols, from the map's own formulas. */
#ifndef VISUAL_SYMBOL_H
#define VISUAL_SYMBOL_H

#include "jacobian/form.h"
#include "visual/label.h"

struct jac_symbols;

/* Reads the formula of the entries of layout's variable, which is there. Errors:
 * JAC_EINPUT where the formula is not understood, JAC_ENOMEM. */
enum jac_status jac_symbols_new(const struct jac_layout *layout,
                                struct jac_symbols **symbols, struct jac_error *err);
void jac_symbols_free(struct jac_symbols *symbols);

/* Adds the symbol of one entry of the layout: the formula with its indices put in and
 * simplified, its names written as the labels are. */
enum jac_status jac_symbols_add(struct jac_symbols *symbols, size_t slice, size_t row,
                                size_t col, enum jac_notation notation,
                                struct jac_buffer *out, struct jac_error *err);

/* Adds the formula of the entries of a variable's Jacobian, which has one
 * (jac_variable_symbolic), in indices. Errors: JAC_EINPUT where it is not understood,
 * JAC_ENOMEM. */
enum jac_status jac_entry_formula_add(const struct jac_map *map,
                                      const struct jac_variable *variable,
                                      enum jac_notation notation, struct jac_buffer *out,
                                      struct jac_error *err);

/* Adds one of the map's equations (definition or where) as a person writes it; in ASCII
 * it stays plain notation. Errors: JAC_EINPUT where it is not understood, JAC_ENOMEM. */
enum jac_status jac_equation_add(const struct jac_map *map, const char *equation,
                                 enum jac_notation notation, struct jac_buffer *out,
                                 struct jac_error *err);

/* Adds those equations of map->where, which is there, that the definition needs, and an
 * entry's formula (or NULL), all in the map's own letters. Errors: as above. */
enum jac_status jac_explanation_add(const struct jac_map *map, const char *entry,
                                    enum jac_notation notation, struct jac_buffer *out,
                                    struct jac_error *err);

/* Adds the map's definition, or what it says of one output (sample and feature from 0),
 * with the bounds of sums where they are sizes of variables: sum_{i=1}^{3}. Errors:
 * JAC_EREFUSED where there is none, those of jac_equation_add. */
enum jac_status jac_definition_add(const struct jac_map *map, enum jac_notation notation,
                                   struct jac_buffer *out, struct jac_error *err);
enum jac_status jac_output_add(const struct jac_map *map, size_t sample, size_t feature,
                               enum jac_notation notation, struct jac_buffer *out,
                               struct jac_error *err);

/* Adds what the entries name (map->where, which is there) as they name it: without a
 * sample's number where there is one sample. Of a formula (the entries of one variable,
 * or map->definition): what it names alone, which may be nothing; NULL: all. */
enum jac_status jac_where_add(const struct jac_map *map, const char *formula,
                              enum jac_notation notation, struct jac_buffer *out,
                              struct jac_error *err);

/* The same as jac_equation_add for a formula without a left side, such as that of the
 * entries. */
enum jac_status jac_expression_add(const struct jac_map *map, const char *expression,
                                   enum jac_notation notation, struct jac_buffer *out,
                                   struct jac_error *err);

#endif
