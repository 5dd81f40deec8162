#include "jacobian/notes/split.h"

#include <stdlib.h>
#include <string.h>

struct splitter {
  const char *text;
  struct jac_statements *out;
  size_t from;    /* where the side began */
  bool open;      /* a statement is open */
  bool continues; /* a row's beginning continues the statement before when a sign follows
                   */
  enum jac_relation before;
  struct jac_error *err;
  enum jac_status status;
};

static bool blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '~' || c == '&';
}

static bool at_command(const char *at, const char *name) {
  size_t length = strlen(name);
  if (*at != '\\' || strncmp(at + 1, name, length) != 0)
    return false;
  char next = at[1 + length];
  return !((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
}

static bool any_command(const char *at, const char *const *names, size_t *length) {
  for (; *names != NULL; names++)
    if (at_command(at, *names)) {
      *length = 1 + strlen(*names);
      return true;
    }
  return false;
}

static void trim(const char *text, size_t *start, size_t *end) {
  for (;;) {
    while (*start < *end && blank(text[*start]))
      ++*start;
    /* Spaces and sizes at the ends are nobody's. */
    size_t length;
    static const char *const spaces[] = {
        "quad", "qquad", "displaystyle", "nonumber", "notag", "hfill", NULL};
    if (*start < *end && any_command(text + *start, spaces, &length))
      *start += length;
    else if (*start + 1 < *end && text[*start] == '\\' &&
             strchr(",;:! ", text[*start + 1]))
      *start += 2;
    else
      break;
  }
  for (;;) {
    size_t before = *end;
    while (*end > *start && (blank(text[*end - 1]) || strchr(",;.", text[*end - 1])) &&
           !(*end >= *start + 2 && text[*end - 2] == '\\'))
      --*end;
    if (*end >= *start + 2 && text[*end - 2] == '\\' && strchr(",;:! ", text[*end - 1]))
      *end -= 2;
    static const char *const tails[] = {"\\quad", "\\qquad", "\\nonumber", "\\notag"};
    for (size_t k = 0; k < 4; k++) {
      size_t length = strlen(tails[k]);
      if (*end >= *start + length && memcmp(text + *end - length, tails[k], length) == 0)
        *end -= length;
    }
    if (*end == before)
      break;
  }
}

static struct jac_statement *last(struct splitter *s) {
  return &s->out->statement[s->out->count - 1];
}

static void *grow(struct splitter *s, void *list, size_t count, size_t size) {
  void *more = realloc(list, (count + 1) * size);
  if (more == NULL)
    s->status = jac_fail_memory(s->err);
  return more;
}

/* Ends the side that began at from; an empty one is nothing. */
static void end_side(struct splitter *s, size_t end) {
  size_t start = s->from;
  trim(s->text, &start, &end);
  if (start >= end || s->status != JAC_OK)
    return;
  if (!s->open) {
    struct jac_statement *more = grow(s, s->out->statement, s->out->count, sizeof *more);
    if (more == NULL)
      return;
    s->out->statement = more;
    more[s->out->count++] = (struct jac_statement){NULL, 0};
    s->open = true;
  }
  struct jac_statement *statement = last(s);
  struct jac_side *side = grow(s, statement->side, statement->count, sizeof *side);
  if (side == NULL)
    return;
  statement->side = side;
  side[statement->count++] = (struct jac_side){start, end - start, s->before};
}

static void end_statement(struct splitter *s, size_t end) {
  end_side(s, end);
  s->open = false;
  s->before = JAC_RELATION_EQUAL;
}

/* The sign of a relation at this place; its length, or 0. */
static size_t relation(const char *at, enum jac_relation *which) {
  static const char *const equal[] = {"approx",   "equiv", "triangleq",
                                      "coloneqq", "simeq", "stackrel{def}{=}",
                                      "doteq",    NULL};
  static const char *const other[] = {
      "leftarrow",  "gets",   "propto", "leq",        "geq",
      "le",         "ge",     "neq",    "ne",         "sim",
      "ll",         "gg",     "mapsto", "longmapsto", "to",
      "rightarrow", "subset", "lt",     "gt",         "longrightarrow",
      NULL};
  size_t length = 0;
  *which = JAC_RELATION_EQUAL;
  if (*at == '=')
    return at[1] == '=' ? 2 : 1;
  if (*at == ':' && at[1] == '=')
    return 2;
  if (any_command(at, equal, &length))
    return length;
  if (at_command(at, "overset") || at_command(at, "stackrel") ||
      at_command(at, "underset")) {
    const char *close = strstr(at, "}{=}");
    if (close != NULL && close - at < 60)
      return (size_t)(close - at) + 4;
  }
  *which = JAC_RELATION_MEMBER;
  if (at_command(at, "in"))
    return 3;
  *which = JAC_RELATION_OTHER;
  if (any_command(at, other, &length))
    return length;
  return *at == '<' || *at == '>';
}

static bool parts_statements(const char *at, size_t *length) {
  static const char *const signs[] = {
      "quad",           "qquad",     "implies", "Rightarrow", "iff", "Leftrightarrow",
      "Longrightarrow", "therefore", "land",    "hspace",     NULL};
  return any_command(at, signs, length);
}

/* Whether a relation follows the blanks (and &): the row continues. */
static bool relation_follows(const char *at) {
  enum jac_relation which;
  while (blank(*at) || (*at == '\\' && at[1] != '\0' && strchr(",;:! ", at[1])) ||
         at_command(at, "quad") || at_command(at, "qquad"))
    at += *at != '\\' ? 1 : at_command(at, "quad") ? 5 : at_command(at, "qquad") ? 6 : 2;
  return relation(at, &which) > 0;
}

/* An operator that a row begins with, or ends with, continues its sum. */
static bool sum_continues(const char *text, size_t end, const char *next) {
  while (end > 0 && blank(text[end - 1]))
    end--;
  while (blank(*next))
    next++;
  bool ends = end > 0 && strchr("+-", text[end - 1]) != NULL;
  return ends || *next == '+' || *next == '-' || at_command(next, "cdot") ||
         at_command(next, "times") || at_command(next, "odot");
}

/* Environments that only line things up are transparent; their end parts statements. */
static bool transparent(const char *at) {
  static const char *const names[] = {
      "aligned}",   "split}",    "gathered}",  "align}",    "align*}",   "gather}",
      "gather*}",   "alignat}",  "flalign}",   "flalign*}", "multline}", "eqnarray}",
      "alignedat}", "equation}", "equation*}", "eqnarray*}"};
  const char *name = strchr(at, '{');
  for (size_t k = 0; name != NULL && k < sizeof names / sizeof names[0]; k++)
    if (strncmp(name + 1, names[k], strlen(names[k])) == 0)
      return true;
  return false;
}

static size_t past_braces(const char *text, size_t at) {
  while (text[at] != '\0' && text[at] != '}')
    at++;
  return text[at] == '}' ? at + 1 : at;
}

enum jac_status jac_notes_split(const char *text, struct jac_statements *statements,
                                struct jac_error *err) {
  struct splitter s = {.text = text, .out = statements, .err = err};
  size_t depth = 0, length = 0;
  *statements = (struct jac_statements){0};
  size_t k = 0;
  while (text[k] != '\0' && s.status == JAC_OK) {
    const char *at = text + k;
    enum jac_relation which;
    if (at_command(at, "begin") || at_command(at, "end")) {
      size_t after = past_braces(text, k);
      if (transparent(at)) {
        if (depth == 0)
          end_side(&s, k);
        s.from = after;
      } else
        depth += at_command(at, "begin") ? 1 : 0,
            depth -= at_command(at, "end") && depth > 0;
      k = after;
      continue;
    }
    if (at_command(at, "left") || at_command(at, "right")) {
      k += at_command(at, "left") ? 5 : 6;
      bool opens = at_command(at, "left");
      /* An empty bracket stands for none, yet \left pairs with \right. */
      if (text[k] == '.' || text[k] == '|' || text[k] == '<' || text[k] == '>' ||
          text[k] == '/') {
        depth += opens ? 1 : 0;
        depth -= !opens && depth > 0;
        k++;
      }
      continue;
    }
    if (*at == '\\' && (at[1] == '{' || at[1] == '}')) {
      depth += at[1] == '{';
      depth -= at[1] == '}' && depth > 0;
      k += 2;
      continue;
    }
    if (*at == '{' || *at == '(' || *at == '[') {
      depth++;
      k++;
      continue;
    }
    if (*at == '}' || *at == ')' || *at == ']') {
      depth -= depth > 0;
      k++;
      continue;
    }
    if (depth > 0) {
      k += *at == '\\' && at[1] != '\0' ? 2 : 1;
      continue;
    }
    if (*at == '\\' && at[1] == '\\') {
      size_t next = k + 2;
      if (text[next] == '[')
        next += strcspn(text + next, "]") + (strchr(text + next, ']') != NULL);
      if (relation_follows(text + next))
        end_side(&s, k);
      else if (sum_continues(text, k, text + next)) {
        k = next;
        continue;
      } else
        end_statement(&s, k);
      s.from = next;
      k = next;
      continue;
    }
    if (parts_statements(at, &length)) {
      if (relation_follows(at + length))
        k += length;
      else {
        end_statement(&s, k);
        s.from = k += length;
      }
      continue;
    }
    length = relation(at, &which);
    if (length > 0) {
      end_side(&s, k);
      s.before = which;
      s.from = k += length;
      continue;
    }
    if (*at == ';' || (*at == ',' && strchr(" \n\\&", at[1]) != NULL && at[1] != '\0' &&
                       strchr(at, '=') != NULL && s.open)) {
      end_statement(&s, k);
      s.from = ++k;
      continue;
    }
    k += *at == '\\' && at[1] != '\0' ? 2 : 1;
  }
  end_statement(&s, k);
  if (s.status != JAC_OK)
    jac_statements_free(statements);
  return s.status;
}

void jac_statements_free(struct jac_statements *statements) {
  for (size_t k = 0; k < statements->count; k++)
    free(statements->statement[k].side);
  free(statements->statement);
  *statements = (struct jac_statements){0};
}
