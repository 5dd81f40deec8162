#include "visual/cli/netfile.h"

#include "jacobian/buffer.h"
#include "jacobian/text.h"
#include "layers/module.h"
#include "visual/input.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000, NAME = 64 };

/* What is made of the options: words that they own. */
struct netfile {
  struct jac_options *options;
  const char **spec;
  size_t nspec;
  struct jac_buffer define; /* equations, a semicolon between */
  bool equations;           /* the file has some: modules among them are equations too */
  char last[NAME];          /* what was named last */
  size_t made;              /* names given to modules among equations */
  struct jac_error *err;
};

static bool is_netfile(const char *word) {
  size_t length = strlen(word);
  return length > 4 && strcmp(word + length - 4, ".jac") == 0;
}

/* The name that --module gives it: what stands between the folder and the ending. */
static bool is_called(const char *file, const char *word) {
  const char *base = strrchr(file, '/') != NULL ? strrchr(file, '/') + 1 : file;
  size_t length = strlen(base) - strlen(".jac");
  return strlen(word) == length && strncmp(base, word, length) == 0;
}

/* A copy that the options own. */
static const char *own(struct netfile *n, const char *text, size_t length) {
  struct jac_options *o = n->options;
  char **more = realloc(o->owned, (o->nowned + 1) * sizeof *more);
  if (more == NULL)
    return NULL;
  o->owned = more;
  char *copy = malloc(length + 1);
  if (copy == NULL)
    return NULL;
  memcpy(copy, text, length);
  copy[length] = '\0';
  o->owned[o->nowned] = copy;
  o->nowned++;
  return copy;
}

static enum jac_status add_spec(struct netfile *n, const char *word) {
  if (word == NULL)
    return jac_fail_memory(n->err);
  const char **more = realloc((void *)n->spec, (n->nspec + 1) * sizeof *more);
  if (more == NULL)
    return jac_fail_memory(n->err);
  n->spec = more;
  n->spec[n->nspec++] = word;
  return n->nspec <= MOST
             ? JAC_OK
             : jac_fail(n->err, JAC_ELIMIT, _("a network of more than %d modules"), MOST);
}

/* 'z, y: batch x 3' as z=batchx3 and y=batchx3. */
static enum jac_status add_sizes(struct netfile *n, const char *line, size_t length) {
  const char *colon = memchr(line, ':', length);
  struct jac_buffer size = JAC_BUFFER_INIT;
  enum jac_status status = JAC_OK;
  for (const char *at = colon + 1; at < line + length; at++)
    if (!isspace((unsigned char)*at))
      jac_buffer_add_char(&size, *at);
  for (const char *at = line; at < colon && status == JAC_OK;) {
    struct jac_buffer word = JAC_BUFFER_INIT;
    for (; at < colon && *at != ','; at++)
      if (!isspace((unsigned char)*at))
        jac_buffer_add_char(&word, *at);
    at += at < colon;
    jac_buffer_printf(&word, "=%s", size.text);
    struct jac_options *o = n->options;
    const char **more = realloc((void *)o->size, (o->nsize + 1) * sizeof *more);
    const char *copy = own(n, word.text, word.length);
    if (more == NULL || copy == NULL)
      status = jac_fail_memory(n->err);
    if (more != NULL)
      o->size = more;
    if (status == JAC_OK)
      o->size[o->nsize++] = copy;
    jac_buffer_free(&word);
  }
  jac_buffer_free(&size);
  return status;
}

/* An equation has = after a name or f(x, y); an option's = stands after a comma. */
static bool is_equation(const char *line, size_t length) {
  const char *equals = memchr(line, '=', length);
  if (equals == NULL)
    return false;
  for (const char *at = line; at < equals && *at != '('; at++)
    if (*at == ',' || *at == ':')
      return false;
  return true;
}

static bool is_sizes(const char *line, size_t length) {
  const char *colon = memchr(line, ':', length);
  return colon != NULL && colon + 1 < line + length && isspace((unsigned char)colon[1]);
}

/* What was named last is what a module in the next line takes. */
static void name_last(struct netfile *n, const char *line, size_t length) {
  size_t end = 0;
  while (end < length && strchr(" \t=(:,", line[end]) == NULL)
    end++;
  snprintf(n->last, sizeof n->last, "%.*s", (int)end, line);
}

/* A module among equations takes what the line before gives. */
static enum jac_status add_module_equation(struct netfile *n, const char *word,
                                           size_t length) {
  char name[NAME];
  snprintf(name, sizeof name, "z^{%zu}", ++n->made);
  jac_buffer_printf(&n->define, "%s%s = %.*s(%s)", n->define.length > 0 ? "; " : "", name,
                    (int)length, word, n->last[0] != '\0' ? n->last : "z");
  memcpy(n->last, name, sizeof name);
  return jac_buffer_status(&n->define, n->err);
}

/* Long: an equation, sizes or modules. */
static enum jac_status add_line(struct netfile *n, const char *line, size_t length) {
  if (is_equation(line, length) || is_sizes(line, length)) {
    if (is_equation(line, length) || n->last[0] == '\0')
      name_last(n, line, length);
    if (is_sizes(line, length) && !is_equation(line, length))
      return add_sizes(n, line, length);
    jac_buffer_add(&n->define, n->define.length > 0 ? "; " : "");
    jac_buffer_add_bytes(&n->define, line, length);
    return jac_buffer_status(&n->define, n->err);
  }
  enum jac_status status = JAC_OK;
  for (size_t at = 0; at < length && status == JAC_OK;) {
    while (at < length && isspace((unsigned char)line[at]))
      at++;
    size_t from = at;
    while (at < length && !isspace((unsigned char)line[at]))
      at++;
    if (at > from && n->equations)
      status = add_module_equation(n, line + from, at - from);
    else if (at > from)
      status = add_spec(n, own(n, line + from, at - from));
  }
  return status;
}

/* The next line from *at on without its comment and the blanks around it; *at moves on.
 */
static const char *next_line(const char **at, size_t *length) {
  const char *line = *at;
  *length = strcspn(line, "\n#");
  *at += strcspn(line, "\n") + 1;
  while (*length > 0 && isspace((unsigned char)line[*length - 1]))
    --*length;
  for (; *length > 0 && isspace((unsigned char)*line); line++)
    --*length;
  return line;
}

static bool has_equations(const char *at, const char *end) {
  while (at < end) {
    size_t length;
    const char *line = next_line(&at, &length);
    if (is_equation(line, length))
      return true;
  }
  return false;
}

/* Where what was just added comes from. */
static enum jac_status add_origin(struct netfile *n, const char *file, size_t line) {
  struct jac_options *o = n->options;
  struct jac_origin *more = realloc(o->origin, (o->norigin + 1) * sizeof *more);
  if (more == NULL)
    return jac_fail_memory(n->err);
  o->origin = more;
  o->origin[o->norigin++] =
      (struct jac_origin){file, line, n->nspec, o->nsize, n->define.length};
  return JAC_OK;
}

/* All lines of a file. */
static enum jac_status add_file(struct netfile *n, const char *file) {
  struct jac_input input = {0};
  size_t before = n->nspec, equations = n->define.length, number = 0;
  enum jac_status status = jac_input_read(file, &input, n->err);
  if (status != JAC_OK)
    return status;
  const char *end = input.bytes + input.size;
  file = own(n, file, strlen(file));
  if (file == NULL)
    status = jac_fail_memory(n->err);
  n->equations = status == JAC_OK && has_equations(input.bytes, end);
  n->last[0] = '\0';
  for (const char *at = input.bytes; status == JAC_OK && at < end;) {
    size_t length;
    const char *line = next_line(&at, &length);
    number++;
    if (length > 0)
      status = add_line(n, line, length);
    if (length > 0 && status == JAC_OK)
      status = add_origin(n, file, number);
  }
  if (status == JAC_OK && n->nspec == before && n->define.length == equations)
    status = jac_fail(n->err, JAC_EINPUT,
                      _("%.100s: neither a module nor an equation: one a line, as in "
                        "linear:3x2 or y = tanh(z W)"),
                      file);
  jac_input_free(&input);
  return status;
}

/* Whether a file holds equations; one that cannot be read does not. */
static bool is_function(const char *file) {
  struct jac_input input = {0};
  if (jac_input_read(file, &input, NULL) != JAC_OK)
    return false;
  bool is = has_equations(input.bytes, input.bytes + input.size);
  jac_input_free(&input);
  return is;
}

/* The file of --module whose name the word is, and which holds modules; or NULL: one of
 * equations is a module itself. */
static const char *module_file(const struct jac_options *o, const char *word) {
  for (size_t k = 0; k < o->nmodule; k++)
    if (is_netfile(o->module[k]) && is_called(o->module[k], word))
      return is_function(o->module[k]) ? NULL : o->module[k];
  return NULL;
}

/* A file that has the name of a module of the program would be read in its place. */
static enum jac_status names_are_free(const struct jac_options *o,
                                      struct jac_error *err) {
  for (size_t k = 0; k < o->nmodule; k++)
    for (size_t m = 0; m < jac_module_count() && is_netfile(o->module[k]); m++)
      if (is_called(o->module[k], jac_module_at(m)->name))
        return jac_fail(err, JAC_EINPUT,
                        _("--module %.100s: the program has a module %.30s itself: give "
                          "yours another name"),
                        o->module[k], jac_module_at(m)->name);
  return JAC_OK;
}

enum jac_status jac_netfile_expand(struct jac_options *options, struct jac_error *err) {
  struct netfile n = {.options = options, .define = JAC_BUFFER_INIT, .err = err};
  enum jac_status status = names_are_free(options, err);
  bool any = false;
  for (size_t k = 0; k < options->nspec && status == JAC_OK; k++) {
    const char *word = options->spec[k], *file = module_file(options, word);
    any = any || file != NULL || is_netfile(word);
    if (file != NULL || is_netfile(word))
      status = add_file(&n, file != NULL ? file : word);
    else
      status = add_spec(&n, word);
  }
  if (status == JAC_OK && n.define.length > 0) {
    if (options->define != NULL)
      status = jac_fail(err, JAC_EINPUT,
                        _("--define and a file of equations: one of "
                          "them"));
    else if ((options->define = own(&n, n.define.text, n.define.length)) == NULL)
      status = jac_fail_memory(err);
  }
  jac_buffer_free(&n.define);
  if (status == JAC_OK && any) {
    options->spec_owned = n.spec;
    options->spec = (char *const *)n.spec;
    options->nspec = n.nspec;
  } else
    free((void *)n.spec);
  return status;
}

/* The end of an equation: a semicolon outside brackets, or the end of the text. */
static const char *equation_end(const char *at) {
  size_t depth = 0;
  for (; *at != '\0' && (*at != ';' || depth > 0); at++)
    if (strchr("([{", *at) != NULL)
      depth++;
    else if (strchr(")]}", *at) != NULL && depth > 0)
      depth--;
  return at;
}

enum jac_status jac_netfile_cut(struct jac_options *options, struct jac_error *err) {
  struct netfile n = {.options = options, .err = err};
  struct jac_buffer names = JAC_BUFFER_INIT;
  size_t wanted = strlen(options->of);
  const char *text = options->define, *cut = NULL;
  for (const char *at = text; at != NULL && *at != '\0' && cut == NULL;) {
    const char *end = equation_end(at);
    at += strspn(at, " \t\n");
    size_t length = strcspn(at, " \t\n=(");
    if (at < end && memchr(at, '=', (size_t)(end - at)) != NULL)
      jac_buffer_printf(&names, "%s%.*s", names.length > 0 ? ", " : "", (int)length, at);
    if (length == wanted && strncmp(at, options->of, wanted) == 0)
      cut = end;
    at = end + (*end == ';');
  }
  enum jac_status status = jac_buffer_status(&names, err);
  if (status == JAC_OK && text == NULL)
    status = jac_fail(err, JAC_EINPUT,
                      _("--of %.40s: it is for equations: --define, or a file NAME.jac"),
                      options->of);
  else if (status == JAC_OK && cut == NULL)
    status = jac_fail(err, JAC_EINPUT, _("--of %.40s: the equations give %.160s"),
                      options->of, names.text);
  else if (status == JAC_OK &&
           (options->define = own(&n, text, (size_t)(cut - text))) == NULL)
    status = jac_fail_memory(err);
  jac_buffer_free(&names);
  return status;
}
