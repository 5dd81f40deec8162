#include "visual/macros.h"

#include <ctype.h>
#include <string.h>

/* The end of a group that opens at at: behind its closing mark, or NULL. */
static const char *group_end(const char *at, char open, char close) {
  int depth = 0;
  for (; *at != '\0'; at++) {
    if (*at == '{' || *at == open)
      depth++;
    else if (*at == '}' || *at == close)
      depth--;
    if (depth == 0)
      return at + 1;
  }
  return NULL;
}

/* One macro: its options and its spec, without their marks. */
struct macro {
  const char *options, *spec, *end;
  size_t options_length, spec_length;
};

/* The macro whose name ends at at. */
static bool read_macro(const char *at, struct macro *m) {
  *m = (struct macro){.options = at};
  if (*at == '[') {
    const char *end = group_end(at, '[', ']');
    if (end == NULL)
      return false;
    m->options = at + 1;
    m->options_length = (size_t)(end - at) - 2;
    at = end;
  }
  const char *end = *at == '{' ? group_end(at, '{', '}') : NULL;
  if (end == NULL)
    return false;
  m->spec = at + 1;
  m->spec_length = (size_t)(end - at) - 2;
  m->end = end;
  return true;
}

/* Long: one pass over "wrt=W,set={z=1 2},no-heading", which becomes the words of a
 * command,
 * --wrt 'W' ... */
static void add_command(const struct macro *m, struct jac_buffer *out) {
  struct jac_buffer rest = JAC_BUFFER_INIT;
  const char *at = m->options, *end = at + m->options_length, *name = "show";
  size_t name_length = strlen(name);
  while (at < end) {
    const char *stop = at;
    for (int depth = 0; stop < end && (*stop != ',' || depth > 0); stop++)
      depth += (*stop == '{') - (*stop == '}');
    while (at < stop && isspace((unsigned char)*at))
      at++;
    const char *equals = memchr(at, '=', (size_t)(stop - at));
    size_t key = (size_t)((equals != NULL ? equals : stop) - at);
    const char *value = equals != NULL ? equals + 1 : stop;
    size_t length = (size_t)(stop - value);
    if (length > 1 && *value == '{' && value[length - 1] == '}') {
      value++;
      length -= 2;
    }
    if (key == strlen("command") && strncmp(at, "command", key) == 0) {
      name = value;
      name_length = length;
    } else if (key > 0)
      jac_buffer_printf(&rest, equals != NULL ? " --%.*s '%.*s'" : " --%.*s", (int)key,
                        at, (int)length, value);
    at = stop + 1;
  }
  jac_buffer_add_bytes(out, name, name_length);
  jac_buffer_add_char(out, ' ');
  jac_buffer_add_bytes(out, m->spec, m->spec_length);
  jac_buffer_add(out, rest.text);
  jac_buffer_free(&rest);
}

static void add_entry(struct jac_refresh *r, const struct macro *m, size_t line,
                      struct jac_buffer *out) {
  struct jac_buffer command = JAC_BUFFER_INIT, key = JAC_BUFFER_INIT,
                    made = JAC_BUFFER_INIT;
  struct jac_error err = {JAC_OK, ""};
  jac_buffer_printf(&key, "\\jacobianentry{%.*s}{%.*s}{%%\n", (int)m->options_length,
                    m->options, (int)m->spec_length, m->spec);
  add_command(m, &command);
  if (strstr(out->text, key.text) == NULL) {
    r->blocks++;
    if (r->run(r->context, command.text, &made, &err) == JAC_OK)
      jac_buffer_printf(out, "%s%s}\n", key.text, made.text);
    else {
      r->failed++;
      r->tell(r->context, line, command.text, err.message);
    }
  }
  out->failed = out->failed || key.failed || command.failed || made.failed;
  jac_buffer_free(&command);
  jac_buffer_free(&key);
  jac_buffer_free(&made);
}

enum jac_status jac_macros_write(struct jac_refresh *r, const char *text,
                                 struct jac_buffer *out, struct jac_error *err) {
  static const char name[] = "\\jacobian";
  size_t line = 1;
  bool comment = false;
  for (const char *at = text; *at != '\0'; at++) {
    struct macro macro;
    if (*at == '\n') {
      line++;
      comment = false;
    } else if (*at == '%' && (at == text || at[-1] != '\\'))
      comment = true;
    else if (!comment && strncmp(at, name, strlen(name)) == 0 &&
             (at == text || strchr("|", at[-1]) == NULL) &&
             read_macro(at + strlen(name), &macro)) {
      add_entry(r, &macro, line, out);
      for (; at + 1 < macro.end; at++)
        line += *at == '\n';
    }
  }
  return jac_buffer_status(out, err);
}
