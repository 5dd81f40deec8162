/* Macros expanded with a stack of texts: a macro's body, its arguments put in, is read
 * before what follows the macro. */
#include "jacobian/notes/macros_internal.h"
#include "jacobian/text.h"

#include <string.h>

struct frame {
  struct jac_trace text;
  size_t at;
};

struct expander {
  struct jac_macros *macros;
  struct jac_trace *out;
  struct frame frame[JAC_MACRO_DEPTH];
  size_t depth; /* frames in use */
  size_t work;
  bool after_word; /* out ends in a control word such as \alpha */
  bool seam;       /* what comes next stood elsewhere than what out ends in */
  struct jac_error *err;
};

static bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The innermost text that has something left, or NULL. */
static struct frame *top(struct expander *e) {
  while (e->depth > 0) {
    struct frame *frame = &e->frame[e->depth - 1];
    if (frame->at < frame->text.length)
      return frame;
    jac_trace_free(&frame->text);
    e->depth--;
    e->seam = true;
  }
  return NULL;
}

/* Whether text ends in a control word, so that a letter may not follow directly. Names of
 * more than 40 letters are none. */
static bool ends_in_word(const struct jac_trace *text) {
  size_t k = text->length;
  while (k > 0 && text->length - k < 40 && letter(text->text[k - 1]))
    k--;
  if (k == text->length)
    return false;
  size_t slashes = 0;
  while (k > slashes && slashes < 40 && text->text[k - 1 - slashes] == '\\')
    slashes++;
  return slashes % 2 == 1;
}

/* Adds count bytes to a body, parted from a control word before them. */
static void join(struct jac_trace *body, const char *bytes, const uint32_t *at,
                 size_t count, uint32_t place) {
  if (count > 0 && letter(bytes[0]) && ends_in_word(body))
    jac_trace_char(body, ' ', place);
  if (at != NULL)
    jac_trace_bytes(body, bytes, at, count);
  else
    jac_trace_fixed(body, bytes, count, place);
}

static void emit(struct expander *e, const char *bytes, const uint32_t *at, size_t count,
                 uint32_t place) {
  if (e->after_word && e->seam && letter(bytes[0]))
    jac_trace_char(e->out, ' ', place);
  if (at != NULL)
    jac_trace_bytes(e->out, bytes, at, count);
  else
    jac_trace_fixed(e->out, bytes, count, place);
  e->after_word = bytes[0] == '\\' && count > 1 && letter(bytes[1]);
  e->seam = false;
}

static enum jac_status missing(struct expander *e, const struct jac_macro *macro) {
  return jac_fail(e->err, JAC_EINPUT,
                  _("the macro \\%.40s has too few arguments here: it takes %zu"),
                  macro->name, macro->arguments);
}

static struct frame *skip_space(struct expander *e) {
  struct frame *frame = top(e);
  while (frame != NULL && strchr(" \t\r\n", frame->text.text[frame->at]) != NULL) {
    frame->at++;
    frame = top(e);
  }
  return frame;
}

/* The next argument: what a group holds, a control sequence, or a character. */
static enum jac_status read_argument(struct expander *e, const struct jac_macro *macro,
                                     struct jac_trace *argument) {
  struct frame *frame = skip_space(e);
  if (frame == NULL || frame->text.text[frame->at] == '}')
    return missing(e, macro);
  const char *text = frame->text.text;
  size_t at = frame->at, end = at + 1, length = frame->text.length, inset = 0;
  if (text[at] == '{') {
    end = jac_group_end(text, length, at, length);
    inset = 1;
    if (end == 0)
      return missing(e, macro);
  } else if (text[at] == '\\')
    end = at + jac_control_length(text + at, length - at);
  else
    while (end < length && ((unsigned char)text[end] & 0xC0) == 0x80)
      end++;
  jac_trace_bytes(argument, text + at + inset, frame->text.at + at + inset,
                  end - at - 2 * inset);
  frame->at = end;
  return JAC_OK;
}

/* The first argument when it has a default: [text], or the default. */
static void read_optional(struct expander *e, const struct jac_macro *macro,
                          struct jac_trace *argument, uint32_t place) {
  struct frame *frame = skip_space(e);
  if (frame != NULL && frame->text.text[frame->at] == '[') {
    const char *text = frame->text.text;
    size_t depth = 0;
    for (size_t k = frame->at + 1; k < frame->text.length; k++) {
      if (text[k] == '\\' && k + 1 < frame->text.length)
        k++;
      else if (text[k] == '{')
        depth++;
      else if (text[k] == '}' && depth-- == 0)
        break;
      else if (text[k] == ']' && depth == 0) {
        jac_trace_bytes(argument, text + frame->at + 1, frame->text.at + frame->at + 1,
                        k - frame->at - 1);
        frame->at = k + 1;
        return;
      }
    }
  }
  jac_trace_fixed(argument, macro->optional, strlen(macro->optional), place);
}

/* The body with #1, #2, ... replaced. */
static void substitute(const struct jac_macro *macro, const struct jac_trace *argument,
                       uint32_t place, struct jac_trace *body) {
  for (const char *c = macro->body; *c != '\0';) {
    size_t plain = strcspn(c, "#");
    if (plain > 0)
      join(body, c, NULL, plain, place);
    c += plain;
    if (*c == '\0')
      break;
    size_t k = (size_t)(c[1] - '1');
    if (c[1] >= '1' && c[1] <= '9' && k < macro->arguments) {
      if (argument[k].length > 0)
        join(body, argument[k].text, argument[k].at, argument[k].length, place);
      c += 2;
    } else {
      jac_trace_char(body, '#', place);
      c += c[1] == '#' ? 2 : 1;
    }
    if (body->length > JAC_MACRO_WORK)
      return;
  }
}

/* A body that grew too large would not be seen otherwise: macros that call themselves. */
static enum jac_status push(struct expander *e, const struct jac_macro *macro,
                            struct jac_trace *body) {
  e->work += body->length + 1;
  e->macros->work += body->length + 1;
  if (body->failed)
    return jac_fail_memory(e->err);
  if (e->work > JAC_MACRO_WORK)
    return jac_fail(e->err, JAC_ELIMIT,
                    _("the macro \\%.40s expands without end, or to more than %d bytes"),
                    macro->name, (int)JAC_MACRO_WORK);
  if (e->macros->work > JAC_MACRO_TOTAL)
    return jac_fail(e->err, JAC_ELIMIT,
                    _("macros give more than %d bytes in this file; \\%.40s is left"),
                    (int)JAC_MACRO_TOTAL, macro->name);
  top(e);
  if (e->depth == JAC_MACRO_DEPTH)
    return jac_fail(e->err, JAC_ELIMIT, _("macros nest deeper than %d at \\%.40s"),
                    (int)JAC_MACRO_DEPTH, macro->name);
  e->frame[e->depth++] = (struct frame){.text = *body};
  *body = (struct jac_trace){0};
  e->seam = true;
  return JAC_OK;
}

static enum jac_status call(struct expander *e, const struct jac_macro *macro,
                            uint32_t place) {
  struct jac_trace argument[JAC_MACRO_ARGUMENTS] = {{0}}, body = {0};
  enum jac_status status = JAC_OK;
  if (macro->kind == JAC_MACRO_DELIMITED)
    return jac_fail(e->err, JAC_EINPUT,
                    _("the macro \\%.40s has delimited arguments, which are not read; "
                      "define it with \\newcommand"),
                    macro->name);
  if (macro->kind == JAC_MACRO_ALIAS) {
    emit(e, macro->body, NULL, strlen(macro->body), place);
    return JAC_OK;
  }
  for (size_t k = 0; k < macro->arguments && status == JAC_OK; k++) {
    if (k == 0 && macro->optional != NULL)
      read_optional(e, macro, &argument[k], place);
    else
      status = read_argument(e, macro, &argument[k]);
    if (argument[k].failed)
      status = jac_fail_memory(e->err);
  }
  if (status == JAC_OK) {
    substitute(macro, argument, place, &body);
    status = push(e, macro, &body);
  }
  for (size_t k = 0; k < macro->arguments; k++)
    jac_trace_free(&argument[k]);
  jac_trace_free(&body);
  return status;
}

static enum jac_status step(struct expander *e, struct frame *frame) {
  const char *text = frame->text.text + frame->at;
  const uint32_t *at = frame->text.at + frame->at;
  size_t left = frame->text.length - frame->at;
  if (*text != '\\') {
    emit(e, text, at, 1, *at);
    frame->at++;
    return JAC_OK;
  }
  size_t size = jac_control_length(text, left);
  size_t end =
      jac_macros_define(e->macros, frame->text.text, frame->text.length, frame->at);
  if (end > 0) {
    frame->at = end;
    return JAC_OK;
  }
  frame->at += size;
  const struct jac_macro *macro = jac_macros_find(e->macros, text + 1, size - 1);
  if (macro != NULL)
    return call(e, macro, *at);
  emit(e, text, at, size, *at);
  return JAC_OK;
}

enum jac_status jac_macros_expand(struct jac_macros *macros, const struct jac_trace *in,
                                  struct jac_trace *out, struct jac_error *err) {
  struct expander e = {.macros = macros, .out = out, .err = err};
  enum jac_status status = JAC_OK;
  jac_trace_bytes(&e.frame[0].text, in->text, in->at, in->length);
  e.depth = 1;
  struct frame *frame;
  while (status == JAC_OK && (frame = top(&e)) != NULL)
    status = step(&e, frame);
  while (e.depth > 0)
    jac_trace_free(&e.frame[--e.depth].text);
  jac_trace_end(out, in->at[in->length]);
  return status == JAC_OK && out->failed ? jac_fail_memory(err) : status;
}
