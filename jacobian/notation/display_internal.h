/* What the files that take a display apart share: display.c cuts it into statements,
 * display_see.c takes away what only holds equations together. */
#ifndef JACOBIAN_NOTATION_DISPLAY_INTERNAL_H
#define JACOBIAN_NOTATION_DISPLAY_INTERNAL_H

#include "jacobian/notation/parse_internal.h"

struct cutter {
  struct jac_pool *pool;
  struct jac_token *token;
  size_t count;
  bool latex;
  struct jac_display *display;
  size_t capacity;
  struct jac_error *err;
  size_t start;                         /* of the side, in tokens */
  const struct jac_construct *relation; /* before it */
  const char *words, *text;
  char role;
  bool open, row; /* a statement is begun; it begins a row */
  size_t into;    /* the statement that sides go to */
  size_t first;   /* the first statement of this row */
  /* Several beside each other that the next row goes on with, column by column. */
  size_t above, columns, column;
  size_t cells; /* & so far in this row */
  size_t lead;  /* one more than the statement whose relation stands behind the first & */
};

static inline bool jac_cut_opens(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_OPEN || t->kind == JAC_TOKEN_BEGIN;
}

static inline bool jac_cut_closes(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_CLOSE || t->kind == JAC_TOKEN_FINISH;
}

static inline bool jac_cut_relation(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_SIGN && t->row->role == JAC_ROLE_RELATION;
}

/* The token that closes what opens at k. */
size_t jac_cut_partner(const struct cutter *c, size_t k);

/* Takes a token out. */
void jac_cut_drop(struct cutter *c, size_t k);

/* Takes away environments and braces around equations. */
void jac_see_through(struct cutter *c);

#endif
