/* Long: one reader, whose parts call each other: a formula holds calls, whose arguments
 * are formulas.
 *
 * Equations with modules, read: each call is a node, and so is what formulas make of
 * them. */
#include "layers/graph_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/define/formula_map.h"
#include "jacobian/formula/function.h"
#include "jacobian/formula/spell.h"
#include "jacobian/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 50, ARGUMENTS = 16, SHOWN = 60 };

/* A name of the equations. */
struct named {
  char name[JAC_NAME_SIZE];
  struct jac_source source;
};

/* A variable of a module that no argument names. */
struct loose {
  size_t node, v;
};

struct reader {
  size_t batch;
  const struct jac_formula_size *size;
  size_t sizes;
  const struct jac_module_library *library;
  struct jac_graph *g;
  struct named *named;
  size_t names;
  size_t *number; /* of each variable: which of its name it is, 0: it was named */
  size_t hidden;  /* values without a name so far */
  size_t depth;
  const char *text; /* all equations */
  bool specs;       /* every call is a module's, tanh(z) too */
  struct jac_error *err;
};

/* Part of the equations' text. */
struct span {
  const char *at, *end;
};

static struct span trim(struct span s) {
  while (s.at < s.end && isspace((unsigned char)*s.at))
    s.at++;
  while (s.end > s.at && isspace((unsigned char)s.end[-1]))
    s.end--;
  return s;
}

static struct span whole_of(const char *text) {
  return (struct span){text, text + strlen(text)};
}

static int shown(struct span s) {
  return s.end - s.at < SHOWN ? (int)(s.end - s.at) : SHOWN;
}

static bool is_letter(char c) {
  return isalnum((unsigned char)c) || c == '_';
}

/* The end of a name: letters, digits, _, and ^{...}. */
static const char *name_end(struct span s) {
  const char *at = s.at;
  if (at == s.end || !isalpha((unsigned char)*at))
    return s.at;
  while (at < s.end && is_letter(*at))
    at++;
  if (s.end - at > 2 && at[0] == '^' && at[1] == '{') {
    const char *close = memchr(at, '}', (size_t)(s.end - at));
    at = close != NULL ? close + 1 : at;
  }
  return at;
}

static bool is_name(struct span s) {
  return s.at < s.end && name_end(s) == s.end && s.end - s.at < JAC_NAME_SIZE;
}

/* The first of the letters outside all brackets, or the end. */
static const char *find_outside(struct span s, const char *letters) {
  size_t depth = 0;
  for (const char *at = s.at; at < s.end; at++) {
    if (depth == 0 && strchr(letters, *at) != NULL)
      return at;
    if (strchr("([{", *at) != NULL)
      depth++;
    else if (strchr(")]}", *at) != NULL && depth > 0)
      depth--;
  }
  return s.end;
}

/* A call: rnn:3x2,steps=2(x, h_0). */
struct call {
  struct span spec, arguments, whole;
};

/* The call that begins at s.at, of a module that formulas do not know, or that has sizes
 * or options. */
/* Long: a name, what may follow it, and brackets. */
static bool find_call(struct span s, const struct jac_module_library *library, bool specs,
                      struct call *call) {
  char name[JAC_SPEC_WORD];
  const char *at = s.at;
  if (at == s.end || !isalpha((unsigned char)*at))
    return false;
  while (at < s.end && (is_letter(*at) || *at == '-' || *at == '.'))
    at++;
  size_t length = (size_t)(at - s.at);
  if (length >= sizeof name || at == s.end || strchr(":,(", *at) == NULL)
    return false;
  memcpy(name, s.at, length);
  name[length] = '\0';
  if (jac_module_find(name, library, NULL) == NULL ||
      (!specs && *at == '(' && jac_function_known(name)))
    return false;
  const char *open = at;
  while (open < s.end && (is_letter(*open) || strchr(":,=.-+^{}", *open) != NULL))
    open++;
  struct span inside = {open + 1, s.end};
  if (open == s.end || *open != '(')
    return false;
  const char *close = find_outside(inside, ")");
  if (close == s.end)
    return false;
  *call = (struct call){
      .spec = {s.at, open}, .arguments = {open + 1, close}, .whole = {s.at, close + 1}};
  return true;
}

/* The first call from s.at on. */
static bool next_call(struct span s, const struct jac_module_library *library, bool specs,
                      struct call *call) {
  for (const char *at = s.at; at < s.end;) {
    struct span rest = {at, s.end};
    if (find_call(rest, library, specs, call))
      return true;
    const char *after = name_end(rest);
    at = after > at ? after : at + 1;
  }
  return false;
}

bool jac_graph_calls(const char *text, const struct jac_module_library *library) {
  struct call call;
  struct span all = whole_of(text);
  return next_call(all, library, false, &call);
}

static const struct named *find_named(const struct reader *r, struct span name) {
  for (size_t k = r->names; k-- > 0;)
    if (strlen(r->named[k].name) == (size_t)(name.end - name.at) &&
        memcmp(r->named[k].name, name.at, (size_t)(name.end - name.at)) == 0)
      return &r->named[k];
  return NULL;
}

static const struct jac_formula_size *find_size(const struct reader *r,
                                                struct span name) {
  for (size_t k = 0; k < r->sizes; k++)
    if (strlen(r->size[k].name) == (size_t)(name.end - name.at) &&
        memcmp(r->size[k].name, name.at, (size_t)(name.end - name.at)) == 0)
      return &r->size[k];
  return NULL;
}

static enum jac_status add_named(struct reader *r, struct span name,
                                 struct jac_source source) {
  struct named *more = realloc(r->named, (r->names + 1) * sizeof *more);
  if (more == NULL)
    return jac_fail_memory(r->err);
  r->named = more;
  more[r->names].source = source;
  snprintf(more[r->names].name, sizeof more->name, "%.*s", (int)(name.end - name.at),
           name.at);
  r->names++;
  return JAC_OK;
}

/* A variable of the whole: the one of a module or a formula, under a name of its own
 * (empty: its module's). */
static enum jac_status add_variable(struct reader *r, const struct jac_variable *var,
                                    struct span name, size_t *at) {
  struct jac_map *map = &r->g->map;
  struct jac_variable *more = realloc(map->var, (map->nvar + 1) * sizeof *more);
  if (more != NULL)
    map->var = more;
  size_t *number = realloc(r->number, (map->nvar + 1) * sizeof *number);
  if (number != NULL)
    r->number = number;
  if (more == NULL || number == NULL)
    return jac_fail_memory(r->err);
  if (map->nvar == JAC_GRAPH_VARIABLES)
    return jac_fail(r->err, JAC_ELIMIT, _("equations of more than %d variables"),
                    JAC_GRAPH_VARIABLES);
  struct jac_variable *own = &map->var[map->nvar];
  *own = *var;
  own->entry = NULL;
  own->writer = NULL;
  bool given = name.at < name.end;
  if (given)
    snprintf(own->name, sizeof own->name, "%.*s", (int)(name.end - name.at), name.at);
  if ((given && strcmp(own->name, var->name) != 0) || strstr(own->symbol, "k-1")) {
    struct jac_buffer latex = JAC_BUFFER_INIT;
    jac_spell_latex(own->name, 0, NULL, &latex);
    snprintf(own->symbol, sizeof own->symbol, "%s", latex.text);
    jac_buffer_free(&latex);
  }
  number[map->nvar] = 0;
  for (size_t v = 0; v <= map->nvar && !given; v++)
    number[map->nvar] += strcmp(map->var[v].name, own->name) == 0;
  *at = map->nvar++;
  struct jac_source source = {false, *at};
  return given ? add_named(r, name, source) : JAC_OK;
}

/* Whether values of the variable are numbers of another in the same places. */
static bool same_shape(const struct jac_variable *a, const struct jac_variable *b) {
  size_t rows, cols, other_rows, other_cols;
  jac_variable_storage(a, &rows, &cols);
  jac_variable_storage(b, &other_rows, &other_cols);
  return rows == other_rows && cols == other_cols &&
         (rows == 1 || (a->role == b->role && (a->ndim == 3) == (b->ndim == 3)));
}

/* What a source gives, as a variable. */
static struct jac_variable source_variable(const struct reader *r, struct jac_source s) {
  if (!s.node)
    return r->g->map.var[s.at];
  const struct jac_map *m = r->g->node[s.at].map;
  struct jac_variable var = {.role = m->rows == r->batch ? JAC_DATA : JAC_PARAMETER,
                             .ndim = 2,
                             .dims = {m->rows, m->cols}};
  return var;
}

static void describe(const struct jac_variable *var, char text[64]) {
  size_t rows, cols;
  jac_variable_storage(var, &rows, &cols);
  if (var->role == JAC_DATA)
    snprintf(text, 64, _("%zu features a sample"), cols);
  else
    snprintf(text, 64, "%zu x %zu", rows, cols);
}

/* What a module's variable takes is joined to it: sizes must be the same. */
static enum jac_status join(struct reader *r, const struct jac_map *m, size_t v,
                            struct jac_source source, const char *name) {
  struct jac_variable given = source_variable(r, source);
  if (!same_shape(&m->var[v], &given)) {
    char wanted[64], is[64];
    describe(&m->var[v], wanted);
    describe(&given, is);
    return jac_fail(r->err, JAC_EINPUT, _("%.100s: %s takes %s, %.40s has %s"), m->spec,
                    m->var[v].name, wanted, name, is);
  }
  if (source.node)
    return JAC_OK;
  struct jac_variable *own = &r->g->map.var[source.at];
  if (m->var[v].role == JAC_DATA && own->role != JAC_DATA) {
    own->role = JAC_DATA; /* one row: a sample */
    own->dims[1] = jac_variable_size(own);
    own->dims[0] = 1;
    own->ndim = 2;
  }
  if (own->domain == JAC_REAL) {
    own->domain = m->var[v].domain;
    own->classes = m->var[v].classes;
    own->p = m->var[v].p;
  }
  own->secondary = own->secondary && m->var[v].secondary;
  return JAC_OK;
}

/* Takes m over. */
static enum jac_status add_node(struct reader *r, struct jac_map *m) {
  struct jac_graph *g = r->g;
  struct jac_node *more = realloc(g->node, (g->count + 1) * sizeof *more);
  struct jac_source *source = calloc(m->nvar + 1, sizeof *source);
  if (more != NULL)
    g->node = more;
  enum jac_status status =
      more == NULL || source == NULL ? jac_fail_memory(r->err) : JAC_OK;
  if (status == JAC_OK && g->count == JAC_GRAPH_NODES)
    status = jac_fail(r->err, JAC_ELIMIT, _("a network has at most %d modules"),
                      JAC_GRAPH_NODES);
  if (status != JAC_OK) {
    jac_map_free(m);
    free(source);
    return status;
  }
  g->node[g->count++] = (struct jac_node){.map = m, .source = source};
  bool alone = m->batch != r->batch;
  if ((m->coupled || alone) && !g->map.coupled) {
    g->map.coupled = true;
    snprintf(g->reason, sizeof g->reason, "%.80s: %.70s", m->spec,
             alone ? _("it is one for all samples") : m->coupled_reason);
    g->map.coupled_reason = g->reason;
  }
  g->map.placed = g->map.placed || m->placed;
  return JAC_OK;
}

static enum jac_status evaluate(struct reader *r, struct span text, struct span name,
                                struct jac_source *source);

/* An argument: which variable it is for, by place or by name, and what it is; known is
 * false of a name that no equation has met and that has no size. */
struct argument {
  struct span by, name;
  struct jac_source source;
  bool known;
};

struct arguments {
  struct argument one[ARGUMENTS];
  size_t count;
};

/* A declared name becomes a variable where it is first used. */
static enum jac_status declare(struct reader *r, struct span name,
                               const struct jac_formula_size *size,
                               struct jac_source *source) {
  struct jac_variable var = {.role = size->data ? JAC_DATA : JAC_PARAMETER,
                             .ndim = size->ndim,
                             .dims = {size->dims[0], size->dims[1]},
                             .secondary = true};
  *source = (struct jac_source){false, 0};
  return add_variable(r, &var, name, &source->at);
}

/* A name alone: a value, a variable, one that has a size; or not yet known. */
static enum jac_status look_up(struct reader *r, struct span name,
                               struct argument *argument) {
  const struct named *found = find_named(r, name);
  const struct jac_formula_size *size = find_size(r, name);
  argument->name = name;
  argument->known = found != NULL || size != NULL;
  if (found != NULL)
    argument->source = found->source;
  else if (size != NULL)
    return declare(r, name, size, &argument->source);
  return JAC_OK;
}

static enum jac_status add_argument(struct reader *r, struct span list,
                                    struct arguments *all, struct span by,
                                    struct span text) {
  if (all->count == ARGUMENTS)
    return jac_fail(r->err, JAC_ELIMIT, _("'%.*s': more than %d arguments"), shown(text),
                    text.at, ARGUMENTS);
  struct argument *argument = &all->one[all->count++];
  *argument = (struct argument){.by = trim(by)};
  text = trim(text);
  if (text.at == text.end)
    return jac_fail(r->err, JAC_EINPUT, _("(%.*s): an argument is missing"), shown(list),
                    list.at);
  if (is_name(text))
    return look_up(r, text, argument);
  argument->known = true;
  argument->name = text;
  struct span none = {text.at, text.at};
  return evaluate(r, text, none, &argument->source);
}

static enum jac_status read_arguments(struct reader *r, struct span list,
                                      struct arguments *all) {
  enum jac_status status = JAC_OK;
  list = trim(list);
  for (const char *at = list.at; at < list.end && status == JAC_OK;) {
    struct span rest = {at, list.end};
    struct span one = {at, find_outside(rest, ",")};
    const char *equals = find_outside(one, "=");
    struct span by = {at, equals < one.end ? equals : at};
    struct span text = {equals < one.end ? equals + 1 : at, one.end};
    status = add_argument(r, list, all, by, text);
    at = one.end + (one.end < list.end);
  }
  if (status == JAC_OK && list.at < list.end && list.end[-1] == ',')
    status = jac_fail(r->err, JAC_EINPUT, _("(%.*s): an argument is missing"),
                      shown(list), list.at);
  return status;
}

/* The module's variable that argument k is for; nvar: there is none. */
static size_t variable_of(const struct jac_map *m, const struct arguments *all,
                          size_t k) {
  char name[JAC_NAME_SIZE];
  struct span by = all->one[k].by;
  if (by.at == by.end)
    return k < m->nvar ? k : m->nvar;
  snprintf(name, sizeof name, "%.*s", (int)(by.end - by.at), by.at);
  return jac_map_find(m, name);
}

static bool fits(const struct reader *r, const struct jac_map *m,
                 const struct arguments *all) {
  bool fit = true;
  for (size_t k = 0; k < all->count && fit; k++) {
    size_t v = variable_of(m, all, k);
    struct jac_variable given = {.ndim = 0};
    if (all->one[k].known)
      given = source_variable(r, all->one[k].source);
    fit = v < m->nvar && (!all->one[k].known || same_shape(&m->var[v], &given));
  }
  return fit;
}

/* What the module must know: the first argument's features, and its images. */
static struct jac_module_place place_of(const struct reader *r,
                                        const struct arguments *all) {
  struct jac_module_place place = {.batch = r->batch, .library = r->library};
  if (all->count == 0 || !all->one[0].known || all->one[0].by.at < all->one[0].by.end)
    return place;
  struct jac_source s = all->one[0].source;
  struct jac_variable var = source_variable(r, s);
  place.features = var.ndim > 1 ? var.dims[1] : var.dims[0];
  if (s.node) {
    place.width = r->g->node[s.at].map->width;
    place.channels = r->g->node[s.at].map->channels;
  }
  return place;
}

/* The numbers that sizes can be: those of the arguments, and one that none has. */
static size_t candidates(const struct reader *r, const struct arguments *all,
                         size_t out[3 * ARGUMENTS + 1]) {
  size_t count = 0, most = 0;
  for (size_t k = 0; k < all->count; k++) {
    if (!all->one[k].known)
      continue;
    struct jac_variable var = source_variable(r, all->one[k].source);
    for (size_t d = var.role == JAC_DATA ? 1 : 0; d < var.ndim; d++) {
      bool seen = false;
      for (size_t c = 0; c < count; c++)
        seen = seen || out[c] == var.dims[d];
      if (!seen)
        out[count++] = var.dims[d];
      most = var.dims[d] > most ? var.dims[d] : most;
    }
  }
  out[count] = most + 1;
  return most > 0 ? count + 1 : 0;
}

/* Sizes with which the module takes its arguments, where only one choice does. */
static bool infer_sizes(const struct reader *r, const struct arguments *all,
                        const struct jac_module *module, struct jac_spec *spec,
                        const struct jac_module_place *place) {
  size_t number[3 * ARGUMENTS + 1], count = candidates(r, all, number), fitting = 0;
  size_t tries = module->nsize > 0 && spec->nsize == 0 ? 1 : 0;
  for (size_t k = 0; k < module->nsize; k++)
    tries *= count;
  struct jac_spec found = *spec;
  for (size_t t = 0; t < tries && fitting < 2; t++) {
    struct jac_spec full = *spec;
    struct jac_error quiet;
    struct jac_map *m;
    full.nsize = module->nsize;
    for (size_t k = 0, rest = t; k < module->nsize; k++, rest /= count)
      full.size[k] = number[rest % count];
    if (jac_module_make(&full, place, &m, &quiet) != JAC_OK)
      continue;
    if (fits(r, m, all)) {
      fitting++;
      found = full;
    }
    jac_map_free(m);
  }
  *spec = found;
  return fitting == 1;
}

static enum jac_status make_module(const struct reader *r, struct span text,
                                   const struct arguments *all, struct jac_spec *spec,
                                   struct jac_map **m) {
  const struct jac_module *module = jac_module_find(spec->name, r->library, r->err);
  struct jac_module_place place = place_of(r, all);
  struct jac_error first;
  if (module == NULL)
    return JAC_EINPUT;
  enum jac_status status = jac_module_make(spec, &place, m, &first);
  if (status == JAC_OK && (spec->nsize == module->nsize || fits(r, *m, all)))
    return JAC_OK;
  if (status == JAC_OK)
    jac_map_free(*m);
  if (spec->nsize == 0 && module->nsize > 0 && status != JAC_ENOMEM) {
    if (infer_sizes(r, all, module, spec, &place))
      return jac_module_make(spec, &place, m, r->err);
    return jac_fail(r->err, JAC_EINPUT,
                    _("'%.*s': the sizes do not follow from the arguments: write "
                      "%s:%s(...) with numbers"),
                    shown(text), text.at, module->name, module->sizes);
  }
  if (status == JAC_OK)
    return jac_module_make(spec, &place, m, r->err); /* join says what does not fit */
  return jac_fail(r->err, first.status, "%s", first.message);
}

/* Options that are no options but variables tie them: linear:3x3,W=A. */
static enum jac_status split_ties(struct reader *r, const struct jac_spec *given,
                                  struct jac_spec *spec, struct arguments *all) {
  const struct jac_module *module = jac_module_find(given->name, r->library, r->err);
  size_t kept = 0;
  if (module == NULL)
    return JAC_EINPUT;
  *spec = *given;
  for (size_t k = 0; k < given->noption; k++) {
    const struct jac_module_option *option = module->options;
    while (option != NULL && option->name != NULL &&
           strcmp(option->name, given->option[k].name) != 0)
      option++;
    struct span by = whole_of(given->option[k].name),
                to = whole_of(given->option[k].value);
    bool known = option != NULL && option->name != NULL;
    if (known || !is_name(to))
      spec->option[kept++] = given->option[k];
    else if (all->count < ARGUMENTS) {
      struct argument *argument = &all->one[all->count++];
      *argument = (struct argument){.by = by};
      enum jac_status status = look_up(r, to, argument);
      if (status != JAC_OK)
        return status;
    }
  }
  spec->noption = kept;
  return JAC_OK;
}

/* Joins every variable of the newest node to its argument; the others are its own. */
static enum jac_status bind(struct reader *r, const struct arguments *all,
                            struct span text) {
  struct jac_node *node = &r->g->node[r->g->count - 1];
  const struct jac_map *m = node->map;
  bool *bound = calloc(m->nvar + 1, sizeof *bound);
  enum jac_status status = bound == NULL ? jac_fail_memory(r->err) : JAC_OK;
  for (size_t k = 0; k < all->count && status == JAC_OK; k++) {
    size_t v = variable_of(m, all, k);
    struct argument one = all->one[k];
    char name[JAC_NAME_SIZE];
    if (v == m->nvar) {
      struct jac_buffer names = JAC_BUFFER_INIT;
      for (size_t n = 0; n < m->nvar; n++)
        jac_buffer_printf(&names, "%s%s", n > 0 ? ", " : "", m->var[n].name);
      status = jac_fail(r->err, JAC_EINPUT, _("'%.*s': %.60s takes %.100s"), shown(text),
                        text.at, m->spec, names.text);
      jac_buffer_free(&names);
      break;
    }
    if (bound[v]) {
      status = jac_fail(r->err, JAC_EINPUT, _("'%.*s': %s is given twice"), shown(text),
                        text.at, m->var[v].name);
      break;
    }
    snprintf(name, sizeof name, "%.*s", (int)(one.name.end - one.name.at), one.name.at);
    if (!one.known) { /* it may have become known by an argument before */
      const struct named *found = find_named(r, one.name);
      if (found == NULL)
        status = add_variable(r, &m->var[v], one.name, &one.source.at);
      else
        one.source = found->source;
    }
    if (status == JAC_OK)
      status = join(r, m, v, one.source, name);
    node->source[v] = one.source;
    bound[v] = true;
  }
  for (size_t v = 0; v < m->nvar && status == JAC_OK; v++) {
    struct span name = whole_of(m->var[v].name);
    struct argument same = {.known = false}; /* a name that has a size is one variable */
    struct span none = {name.at, name.at};
    if (bound[v])
      continue;
    if (find_size(r, name) != NULL)
      status = look_up(r, name, &same);
    node->source[v] = same.source;
    if (status == JAC_OK && same.known)
      status = join(r, m, v, same.source, m->var[v].name);
    else if (status == JAC_OK)
      status = add_variable(r, &m->var[v], none, &node->source[v].at);
  }
  free(bound);
  return status;
}

static enum jac_status evaluate_call(struct reader *r, const struct call *call) {
  char text[256];
  struct jac_spec given, spec;
  struct jac_map *m = NULL;
  struct arguments all = {.count = 0};
  if (call->spec.end - call->spec.at >= (long)sizeof text)
    return jac_fail(r->err, JAC_ELIMIT, _("'%.*s': too long"), shown(call->spec),
                    call->spec.at);
  snprintf(text, sizeof text, "%.*s", (int)(call->spec.end - call->spec.at),
           call->spec.at);
  enum jac_status status = jac_spec_read(text, &given, r->err);
  if (status == JAC_OK)
    status = read_arguments(r, call->arguments, &all);
  if (status == JAC_OK)
    status = split_ties(r, &given, &spec, &all);
  if (status == JAC_OK)
    status = make_module(r, call->whole, &all, &spec, &m);
  if (status == JAC_OK)
    status = add_node(r, m);
  return status == JAC_OK ? bind(r, &all, call->whole) : status;
}

/* A formula: every name that it has is a value or has a size. */
static enum jac_status evaluate_formula(struct reader *r, const char *text) {
  size_t count = r->names + r->sizes;
  struct jac_formula_size *size = calloc(count + 1, sizeof *size);
  struct jac_map *m = NULL;
  if (size == NULL)
    return jac_fail_memory(r->err);
  for (size_t k = 0; k < r->names; k++) {
    struct jac_variable var = source_variable(r, r->named[k].source);
    size[k] = (struct jac_formula_size){.name = r->named[k].name,
                                        .ndim = var.ndim > 2 ? 2 : var.ndim,
                                        .dims = {var.dims[0], var.dims[1]},
                                        .data = var.role == JAC_DATA};
  }
  if (r->sizes > 0)
    memcpy(size + r->names, r->size, r->sizes * sizeof *size);
  enum jac_status status = jac_formula_map_new(text, size, count, &m, r->err);
  free(size);
  if (status == JAC_OK)
    status = add_node(r, m);
  for (size_t v = 0; status == JAC_OK && v < m->nvar; v++) {
    struct span name = whole_of(m->var[v].name);
    struct argument argument = {.known = false};
    status = look_up(r, name, &argument);
    if (status == JAC_OK)
      status = join(r, m, v, argument.source, m->var[v].name);
    r->g->node[r->g->count - 1].source[v] = argument.source;
  }
  return status;
}

/* A name that stands nowhere in the equations. */
static void hidden_name(struct reader *r, char name[JAC_NAME_SIZE]) {
  do
    snprintf(name, JAC_NAME_SIZE, "v_%zu", ++r->hidden);
  while (strstr(r->text, name) != NULL || find_size(r, whole_of(name)) != NULL);
}

/* Whether the text is [a, b, ...]: values side by side. */
static bool is_list(struct span text, struct span *inside) {
  if (text.end - text.at < 2 || *text.at != '[')
    return false;
  *inside = (struct span){text.at + 1, text.end};
  const char *close = find_outside(*inside, "]");
  inside->end = close;
  return close + 1 == text.end && find_outside(*inside, ";") == close &&
         find_outside(*inside, ",") < close;
}

/* Whether a part of a list can be data: a name that is, or any formula with a name. */
static bool can_be_data(const struct reader *r, struct span text) {
  text = trim(text);
  if (text.at == text.end)
    return true; /* said to be missing where it is evaluated */
  if (!is_name(text)) {
    while (text.at < text.end && !isalpha((unsigned char)*text.at))
      text.at++;
    return text.at < text.end;
  }
  const struct named *found = find_named(r, text);
  const struct jac_formula_size *size = find_size(r, text);
  return found != NULL ? source_variable(r, found->source).role == JAC_DATA
                       : size != NULL && size->data;
}

/* Whether all parts of a list can be; else it is a matrix, for a formula. */
static bool is_data_list(const struct reader *r, struct span inside) {
  bool data = true;
  for (const char *at = inside.at; at < inside.end && data;) {
    struct span rest = {at, inside.end}, one = {at, find_outside(rest, ",")};
    data = can_be_data(r, one);
    at = one.end + (one.end < inside.end);
  }
  return data;
}

/* The next list of data in the text, from a bracket that is no entry's. */
static bool next_list(const struct reader *r, struct span text, struct span *list) {
  for (const char *at = text.at; at < text.end; at++) {
    struct span rest = {at + 1, text.end}, inside;
    if (*at != '[' || (at > text.at && (is_letter(at[-1]) || strchr(")]}'", at[-1]))))
      continue;
    *list = (struct span){at, find_outside(rest, "]")};
    list->end += list->end < text.end;
    if (is_list(*list, &inside) && is_data_list(r, inside))
      return true;
  }
  return false;
}

/* What node k gives is written by that name. */
static void name_node(struct reader *r, size_t k, const char *name) {
  struct jac_map *m = r->g->node[k].map;
  struct jac_buffer latex = JAC_BUFFER_INIT;
  jac_spell_latex(name, 0, NULL, &latex);
  snprintf(m->output_symbol, sizeof m->output_symbol, "%s", latex.text);
  jac_buffer_free(&latex);
  r->g->node[k].named = true;
}

/* Values side by side. */
static enum jac_status evaluate_list(struct reader *r, struct span inside) {
  struct arguments all = {.count = 0};
  size_t features[ARGUMENTS];
  struct jac_map *m = NULL;
  enum jac_status status = read_arguments(r, inside, &all);
  for (size_t k = 0; k < all.count && status == JAC_OK; k++) {
    struct jac_variable var = source_variable(r, all.one[k].source);
    if (var.role != JAC_DATA)
      status =
          jac_fail(r->err, JAC_EINPUT, _("[%.*s]: %.*s has no row for each sample"),
                   shown(inside), inside.at, shown(all.one[k].name), all.one[k].name.at);
    features[k] = var.dims[1];
  }
  if (status == JAC_OK)
    status = jac_concat_new(r->batch, features, all.count, &m, r->err);
  if (status == JAC_OK)
    status = add_node(r, m);
  for (size_t k = 0; k < all.count && status == JAC_OK; k++)
    r->g->node[r->g->count - 1].source[k] = all.one[k].source;
  return status;
}

/* The formula with a name in place of each call and each list. */
static enum jac_status replace_calls(struct reader *r, struct span text,
                                     struct jac_buffer *formula) {
  enum jac_status status = JAC_OK;
  while (status == JAC_OK) {
    char name[JAC_NAME_SIZE];
    struct call call;
    struct span list, inside, whole;
    bool calls = next_call(text, r->library, r->specs, &call);
    bool lists = next_list(r, text, &list) && (!calls || list.at < call.whole.at);
    if (!calls && !lists)
      break;
    whole = lists ? list : call.whole;
    if (lists && is_list(list, &inside))
      status = evaluate_list(r, inside);
    else
      status = evaluate_call(r, &call);
    hidden_name(r, name);
    jac_buffer_add_bytes(formula, text.at, (size_t)(whole.at - text.at));
    jac_buffer_add(formula, name);
    text.at = whole.end;
    struct jac_source source = {true, r->g->count - 1};
    if (status == JAC_OK)
      status = add_named(r, whole_of(name), source);
    if (status == JAC_OK)
      name_node(r, source.at, name);
  }
  jac_buffer_add_bytes(formula, text.at, (size_t)(text.end - text.at));
  return status;
}

/* What the text gives; name is that of the equation, or empty. */
static enum jac_status evaluate(struct reader *r, struct span text, struct span name,
                                struct jac_source *source) {
  struct call call;
  struct span inside;
  enum jac_status status;
  text = trim(text);
  if (++r->depth > DEPTH)
    return jac_fail(r->err, JAC_ELIMIT, _("'%.*s': nested too deep"), shown(text),
                    text.at);
  if (find_call(text, r->library, r->specs, &call) && call.whole.end == text.end)
    status = evaluate_call(r, &call);
  else if (is_list(text, &inside) && is_data_list(r, inside))
    status = evaluate_list(r, inside);
  else {
    struct jac_buffer formula = JAC_BUFFER_INIT;
    if (name.at < name.end)
      jac_buffer_printf(&formula, "%.*s = ", (int)(name.end - name.at), name.at);
    status = replace_calls(r, text, &formula);
    if (status == JAC_OK)
      status = jac_buffer_status(&formula, r->err);
    if (status == JAC_OK)
      status = evaluate_formula(r, formula.text);
    jac_buffer_free(&formula);
  }
  r->depth--;
  if (status == JAC_OK)
    *source = (struct jac_source){true, r->g->count - 1};
  return status;
}

static enum jac_status read_equation(struct reader *r, struct span text) {
  const char *equals = find_outside(text, "=");
  struct span left = trim((struct span){text.at, equals}), right = {equals, text.end};
  struct jac_source source;
  if (equals == text.end || !is_name(left))
    return jac_fail(r->err, JAC_EINPUT,
                    _("'%.*s': an equation with modules is NAME = ..., as in h = rnn(x, "
                      "h_0)"),
                    shown(text), text.at);
  right.at++;
  if (find_named(r, left) != NULL || find_size(r, left) != NULL)
    return jac_fail(r->err, JAC_EINPUT, _("'%.*s': %.*s has a meaning already"),
                    shown(text), text.at, shown(left), left.at);
  enum jac_status status = evaluate(r, right, left, &source);
  if (status != JAC_OK)
    return status;
  char name[JAC_NAME_SIZE];
  snprintf(name, sizeof name, "%.*s", (int)(left.end - left.at), left.at);
  name_node(r, source.at, name);
  return add_named(r, left, source);
}

static bool has_name(const struct jac_map *map, const char *name) {
  return jac_map_find(map, name) < map->nvar;
}

/* Names that modules gave are numbered where they occur again; one that was given stays.
 */
static enum jac_status number_names(struct reader *r) {
  struct jac_map *map = &r->g->map;
  bool *again = calloc(map->nvar + 1, sizeof *again);
  if (again == NULL)
    return jac_fail_memory(r->err);
  for (size_t v = 0; v < map->nvar; v++)
    for (size_t w = 0; w < map->nvar && r->number[v] > 0; w++)
      again[v] = again[v] || (w != v && strcmp(map->var[w].name, map->var[v].name) == 0);
  for (size_t v = 0; v < map->nvar; v++) {
    char name[JAC_NAME_SIZE + 24], symbol[JAC_SYMBOL_SIZE + 24];
    size_t number = r->number[v];
    if (!again[v])
      continue;
    do
      snprintf(name, sizeof name, "%.8s%zu", map->var[v].name, number);
    while (has_name(map, name) && ++number > 0);
    snprintf(symbol, sizeof symbol, "%.30s^{%zu}", map->var[v].symbol, number);
    memcpy(map->var[v].name, name, strlen(name) + 1);
    memcpy(map->var[v].symbol, symbol, strlen(symbol) + 1);
  }
  free(again);
  return JAC_OK;
}

/* How the variables are ordered: those with a size as these are given, then the others as
 * they are used. */
static size_t rank(const struct reader *r, size_t v) {
  size_t k = 0;
  while (k < r->sizes && strcmp(r->size[k].name, r->g->map.var[v].name) != 0)
    k++;
  return k;
}

static enum jac_status order_variables(struct reader *r) {
  struct jac_map *map = &r->g->map;
  size_t count = 0, *to = malloc((map->nvar + 1) * sizeof *to);
  struct jac_variable *var = malloc((map->nvar + 1) * sizeof *var);
  if (to == NULL || var == NULL) {
    free(to);
    free(var);
    return jac_fail_memory(r->err);
  }
  for (size_t k = 0; k <= r->sizes; k++)
    for (size_t v = 0; v < map->nvar; v++)
      if (rank(r, v) == k) {
        to[v] = count;
        var[count++] = map->var[v];
      }
  for (size_t k = 0; k < r->g->count; k++)
    for (size_t v = 0; v < r->g->node[k].map->nvar; v++) {
      struct jac_source *s = &r->g->node[k].source[v];
      s->at = s->node ? s->at : to[s->at];
    }
  free(map->var);
  map->var = var;
  free(to);
  return JAC_OK;
}

/* The modules write the names of the whole too, so that their own Jacobians can be shown.
 */
static void name_modules(struct reader *r) {
  struct jac_graph *g = r->g;
  for (size_t k = 0; k < g->count && !r->specs; k++) {
    char name[JAC_NAME_SIZE];
    if (g->node[k].named)
      continue;
    hidden_name(r, name);
    name_node(r, k, name);
  }
  for (size_t k = 0; k < g->count; k++)
    for (size_t v = 0; v < g->node[k].map->nvar; v++) {
      struct jac_source s = g->node[k].source[v];
      memcpy(g->node[k].map->var[v].symbol,
             s.node ? g->node[s.at].map->output_symbol : g->map.var[s.at].symbol,
             JAC_SYMBOL_SIZE);
    }
}

/* The whole takes its shape from its last node. */
static enum jac_status finish(struct reader *r) {
  struct jac_map *map = &r->g->map;
  if (r->g->count == 0)
    return jac_fail(r->err, JAC_EINPUT, _("there is no equation"));
  const struct jac_map *last = r->g->node[r->g->count - 1].map;
  map->rows = last->rows;
  map->cols = last->cols;
  map->channels = last->channels;
  map->width = last->width;
  memcpy(map->output_symbol, last->output_symbol, sizeof map->output_symbol);
  enum jac_status status = number_names(r);
  if (status == JAC_OK)
    status = order_variables(r);
  if (status == JAC_OK)
    name_modules(r);
  return status;
}

/* spec is how the whole is called. */
static enum jac_status read_all(struct reader *r, const char *text, const char *spec,
                                struct jac_map **map) {
  struct jac_graph *g = calloc(1, sizeof *g);
  char *called = malloc(strlen(spec) + 1);
  *map = NULL;
  if (g == NULL || called == NULL) {
    free(g);
    free(called);
    return jac_fail_memory(r->err);
  }
  strcpy(called, spec);
  r->g = g;
  r->text = text;
  g->map.type = &jac_graph_type;
  g->map.batch = r->batch;
  g->map.spec = called;
  enum jac_status status = JAC_OK;
  struct span rest = whole_of(text);
  while (status == JAC_OK && rest.at < rest.end) {
    struct span one = {rest.at, find_outside(rest, ";\n")};
    rest.at = one.end + (one.end < rest.end);
    one = trim(one);
    if (one.at < one.end)
      status = read_equation(r, one);
  }
  if (status == JAC_OK)
    status = finish(r);
  free(r->named);
  free(r->number);
  if (status == JAC_OK)
    *map = &g->map;
  else
    jac_map_free(&g->map);
  return status;
}

enum jac_status jac_graph_new(const char *text, size_t batch,
                              const struct jac_formula_size *size, size_t count,
                              const struct jac_module_library *library,
                              struct jac_map **map, struct jac_error *err) {
  struct reader r = {
      .batch = batch, .size = size, .sizes = count, .library = library, .err = err};
  return read_all(&r, text, text, map);
}

/* Whether the option is a variable of the module that it makes, tied to a name. */
static bool is_tie(const struct jac_spec *spec, const struct jac_module *module,
                   size_t k) {
  const struct jac_module_option *option = module->options;
  const char *name = spec->option[k].name;
  while (option != NULL && option->name != NULL && strcmp(option->name, name) != 0)
    option++;
  struct jac_error quiet;
  struct jac_map *m;
  if ((option != NULL && option->name != NULL) || !spec->option[k].given ||
      jac_module_new(module->example, 1, &m, &quiet) != JAC_OK)
    return false;
  bool has = has_name(m, name);
  jac_map_free(m);
  return has;
}

bool jac_graph_ties(const char *const *spec, size_t count,
                    const struct jac_module_library *library) {
  for (size_t s = 0; s < count; s++) {
    struct jac_spec read;
    if (strchr(spec[s], '=') == NULL || jac_spec_read(spec[s], &read, NULL) != JAC_OK)
      continue;
    const struct jac_module *module = jac_module_find(read.name, library, NULL);
    for (size_t k = 0; module != NULL && k < read.noption; k++)
      if (is_tie(&read, module, k))
        return true;
  }
  return false;
}

/* The specs as equations: z^{1} = linear:3x3,W=A(z); a block is a sum. */
static enum jac_status write_equations(const char *const *spec, size_t count,
                                       struct jac_buffer *text, struct jac_error *err) {
  size_t before[JAC_GRAPH_NODES], open = 0, value = 0; /* 0: z */
  char name[32] = "z";
  for (size_t s = 0; s < count; s++) {
    if (strcmp(spec[s], "skip") == 0) {
      if (open == JAC_GRAPH_NODES)
        return jac_fail(err, JAC_ELIMIT, _("a network has at most %d modules"),
                        JAC_GRAPH_NODES);
      before[open++] = value;
      continue;
    }
    bool add = strcmp(spec[s], "add") == 0;
    if (add && open == 0)
      return jac_fail(err, JAC_EINPUT, _("add without a skip before it"));
    if (add && before[open - 1] == 0)
      jac_buffer_printf(text, "z^{%zu} = z + %s; ", value + 1, name);
    else if (add)
      jac_buffer_printf(text, "z^{%zu} = z^{%zu} + %s; ", value + 1, before[open - 1],
                        name);
    else
      jac_buffer_printf(text, "z^{%zu} = %s(%s); ", value + 1, spec[s], name);
    open -= add;
    snprintf(name, sizeof name, "z^{%zu}", ++value);
  }
  return open == 0 ? jac_buffer_status(text, err)
                   : jac_fail(err, JAC_EINPUT, _("skip without an add after it"));
}

enum jac_status jac_graph_of_specs(const char *const *spec, size_t count, size_t batch,
                                   const struct jac_module_library *library,
                                   struct jac_map **map, struct jac_error *err) {
  struct jac_buffer text = JAC_BUFFER_INIT, words = JAC_BUFFER_INIT;
  struct reader r = {.batch = batch, .library = library, .specs = true, .err = err};
  enum jac_status status = write_equations(spec, count, &text, err);
  *map = NULL;
  for (size_t s = 0; s < count; s++)
    jac_buffer_printf(&words, "%s%s", s > 0 ? " " : "", spec[s]);
  if (status == JAC_OK)
    status = jac_buffer_status(&words, err);
  if (status == JAC_OK)
    status = read_all(&r, text.text, words.text, map);
  if (status == JAC_OK && strcmp((*map)->var[0].symbol, "z") == 0)
    snprintf((*map)->var[0].symbol, JAC_SYMBOL_SIZE, "z^{0}");
  jac_buffer_free(&text);
  jac_buffer_free(&words);
  return status;
}
