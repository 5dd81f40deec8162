/* What the files that read equations with modules share: graph_text.c finds parts of the
 * text, graph_reader.c keeps names, variables and nodes, graph_call.c makes a module of a
 * call, graph_read.c values of formulas and lists, graph_names.c names what is left
 * without. A formula holds calls, whose arguments are formulas: jac_graph_evaluate. */
#ifndef LAYERS_GRAPH_READ_INTERNAL_H
#define LAYERS_GRAPH_READ_INTERNAL_H

#include "layers/graph_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/text.h"

#include <string.h>

enum { JAC_GRAPH_DEPTH = 50, JAC_GRAPH_ARGUMENTS = 16, JAC_GRAPH_SHOWN = 60 };

/* Part of the equations' text. */
struct jac_graph_span {
  const char *at, *end;
};

/* A call: rnn:3x2,steps=2(x, h_0). */
struct jac_graph_call {
  struct jac_graph_span spec, arguments, whole;
};

/* A name of the equations. */
struct jac_graph_named {
  char name[JAC_NAME_SIZE];
  struct jac_source source;
};

struct jac_graph_reader {
  size_t batch;
  const struct jac_formula_size *size;
  size_t sizes;
  const struct jac_module_library *library;
  struct jac_graph *g;
  struct jac_graph_named *named;
  size_t names;
  size_t *number; /* of each variable: which of its name it is, 0: it was named */
  size_t hidden;  /* values without a name so far */
  size_t depth;
  const char *text; /* all equations */
  bool specs;       /* every call is a module's, tanh(z) too */
  struct jac_error *err;
};

/* An argument: which variable it is for, by place or by name, and what it is; known is
 * false of a name that no equation has met and that has no size. */
struct jac_graph_argument {
  struct jac_graph_span by, name;
  struct jac_source source;
  bool known;
};

struct jac_graph_arguments {
  struct jac_graph_argument one[JAC_GRAPH_ARGUMENTS];
  size_t count;
};

struct jac_graph_span jac_graph_trim(struct jac_graph_span s);
struct jac_graph_span jac_graph_whole_of(const char *text);
int jac_graph_shown(struct jac_graph_span s);
bool jac_graph_is_letter(char c);
bool jac_graph_is_name(struct jac_graph_span s);

/* The first of the letters outside all brackets, or the end. */
const char *jac_graph_find_outside(struct jac_graph_span s, const char *letters);

/* The call that begins at s.at, of a module that formulas do not know, or that has sizes
 * or options. */
bool jac_graph_find_call(struct jac_graph_span s,
                         const struct jac_module_library *library, bool specs,
                         struct jac_graph_call *call);

/* The first call from s.at on. */
bool jac_graph_next_call(struct jac_graph_span s,
                         const struct jac_module_library *library, bool specs,
                         struct jac_graph_call *call);
const struct jac_graph_named *jac_graph_find_named(const struct jac_graph_reader *r,
                                                   struct jac_graph_span name);
const struct jac_formula_size *jac_graph_find_size(const struct jac_graph_reader *r,
                                                   struct jac_graph_span name);
enum jac_status jac_graph_add_named(struct jac_graph_reader *r,
                                    struct jac_graph_span name, struct jac_source source);

/* A variable of the whole: the one of a module or a formula, under a name of its own
 * (empty: its module's). */
enum jac_status jac_graph_add_variable(struct jac_graph_reader *r,
                                       const struct jac_variable *var,
                                       struct jac_graph_span name, size_t *at);

/* Whether values of the variable are numbers of another in the same places. */
bool jac_graph_same_shape(const struct jac_variable *a, const struct jac_variable *b);

/* What a source gives, as a variable. */
struct jac_variable jac_graph_source_variable(const struct jac_graph_reader *r,
                                              struct jac_source s);

/* What a module's variable takes is joined to it: sizes must be the same. */
enum jac_status jac_graph_join(struct jac_graph_reader *r, const struct jac_map *m,
                               size_t v, struct jac_source source, const char *name);

/* Takes m over. */
enum jac_status jac_graph_add_node(struct jac_graph_reader *r, struct jac_map *m);

/* A name alone: a value, a variable, one that has a size; or not yet known. */
enum jac_status jac_graph_look_up(struct jac_graph_reader *r, struct jac_graph_span name,
                                  struct jac_graph_argument *argument);
enum jac_status jac_graph_read_arguments(struct jac_graph_reader *r,
                                         struct jac_graph_span list,
                                         struct jac_graph_arguments *all);
enum jac_status jac_graph_evaluate_call(struct jac_graph_reader *r,
                                        const struct jac_graph_call *call);

/* What the text gives; name is that of the equation, or empty. */
enum jac_status jac_graph_evaluate(struct jac_graph_reader *r, struct jac_graph_span text,
                                   struct jac_graph_span name, struct jac_source *source);

/* spec is how the whole is called. */
enum jac_status jac_graph_read(struct jac_graph_reader *r, const char *text,
                               const char *spec, struct jac_map **map);

/* A name that stands nowhere in the equations. */
void jac_graph_hidden_name(struct jac_graph_reader *r, char name[JAC_NAME_SIZE]);

/* What node k gives is written by that name. */
void jac_graph_name_node(struct jac_graph_reader *r, size_t k, const char *name);

/* The whole takes its shape from its last node. */
enum jac_status jac_graph_finish(struct jac_graph_reader *r);

#endif
