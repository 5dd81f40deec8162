/* What the parser makes: nodes, lists while they grow, and the sentence that says what is
 * not read, and where. */
#include "jacobian/notation/parse_internal.h"

#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

node *jac_parse_fail(struct parser *p, const char *what) {
  if (!p->status) {
    p->position = place(p);
    p->status = jac_fail(p->err, JAC_EINPUT, "%s", what);
  }
  return NULL;
}

static void describe(const struct jac_token *t, char *out, size_t size) {
  size_t n;
  const char *name;
  switch (t->kind) {
  case JAC_TOKEN_END:
    snprintf(out, size, "%s", _("the end"));
    break;
  case JAC_TOKEN_SIGN:
    name = jac_construct_name(*t->row->plain ? t->row->plain : t->row->latex, &n);
    snprintf(out, size, "'%.*s'", (int)n, name);
    break;
  case JAC_TOKEN_CLOSE:
  case JAC_TOKEN_OPEN:
    snprintf(out, size, "'%s'", t->text);
    break;
  case JAC_TOKEN_COMMA:
    snprintf(out, size, "','");
    break;
  case JAC_TOKEN_CELL:
    snprintf(out, size, "'&'");
    break;
  case JAC_TOKEN_SUB:
    snprintf(out, size, "'_'");
    break;
  case JAC_TOKEN_SUP:
    snprintf(out, size, "'^'");
    break;
  case JAC_TOKEN_PRIME:
    snprintf(out, size, "a prime");
    break;
  default:
    snprintf(out, size, *t->text ? "'%s'" : "a sign", t->text);
  }
}

node *jac_parse_unexpected(struct parser *p, const char *expected) {
  char found[80], message[200];
  const struct jac_token *t = peek(p);
  if (t->kind == JAC_TOKEN_UNREAD)
    snprintf(message, sizeof message, _("%s is not read here"), t->text);
  else {
    describe(t, found, sizeof found);
    snprintf(message, sizeof message, _("%s where %s is expected"), found, expected);
  }
  return jac_parse_fail(p, message);
}

bool jac_parse_deeper(struct parser *p) {
  if (++p->depth <= JAC_NOTATION_DEPTH)
    return true;
  if (!p->status) {
    p->position = place(p);
    p->status = jac_fail(p->err, JAC_ELIMIT, "%s",
                         _("it is nested too deeply: give a part a name, as in s = ...; "
                           "y = tanh(s)"));
  }
  return false;
}

struct jac_syntax *jac_parse_node(struct parser *p, enum jac_syntax_form form,
                                  size_t start, size_t count, node *const *child) {
  if (p->status)
    return NULL;
  struct jac_syntax *n = jac_pool_take(p->pool, sizeof *n + count * sizeof(node *));
  if (!n) {
    p->status = jac_pool_status(p->pool, p->err);
    return NULL;
  }
  n->form = form;
  n->home = p->pool;
  n->text = "";
  n->start = start;
  n->end = start;
  n->count = count;
  for (size_t k = 0; k < count; k++)
    n->child[k] = child[k];
  return n;
}

node *jac_parse_done(struct parser *p, struct jac_syntax *n) {
  if (n)
    n->end = p->token[-1].end;
  return n;
}

bool jac_parse_push(struct parser *p, struct nodes *list, node *n) {
  if (!n)
    return false;
  if (list->count == JAC_NOTATION_CHILDREN) {
    jac_parse_fail(p, "it is longer than can be read");
    p->status = JAC_ELIMIT;
    return false;
  }
  if (list->count == list->room) {
    size_t room = list->room ? 2 * list->room : 4;
    node **wider = jac_pool_take(p->pool, room * sizeof *wider);
    if (!wider)
      return false;
    if (list->count)
      memcpy(wider, list->at, list->count * sizeof *wider);
    list->at = wider;
    list->room = room;
  }
  list->at[list->count++] = n;
  return true;
}

node *jac_parse_joined(struct parser *p, enum jac_syntax_form form, size_t start,
                       const struct nodes *list) {
  if (list->count == 1)
    return list->at[0];
  return jac_parse_done(p, jac_parse_node(p, form, start, list->count, list->at));
}

const struct jac_syntax *jac_notation_node(struct jac_pool *pool,
                                           const struct jac_syntax *like, size_t count,
                                           node *const *child) {
  struct jac_syntax *n = jac_pool_take(pool, sizeof *n + count * sizeof(node *));
  if (!n)
    return NULL;
  *n = *like;
  n->home = pool;
  n->key = n->bare[0] = n->bare[1] = NULL;
  n->count = count;
  for (size_t k = 0; k < count; k++)
    n->child[k] = child[k];
  return n;
}
