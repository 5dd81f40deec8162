/* The parser's state, shared by expressions and displays. */
#ifndef JACOBIAN_NOTATION_PARSE_INTERNAL_H
#define JACOBIAN_NOTATION_PARSE_INTERNAL_H

#include "jacobian/notation/notation.h"

struct parser {
  struct jac_pool *pool;
  const struct jac_token *token; /* the next */
  const struct jac_token *end;   /* behind the last */
  bool latex, bold;
  const char *font;
  int depth, bars, cells;
  enum jac_status status;
  struct jac_error *err;
  size_t position;
};

/* An expression with commas, relations and conditions, from the parser's place to where
 * no further token fits; NULL when it cannot be read. */
const struct jac_syntax *parse_list(struct parser *p);
const struct jac_syntax *parse_terms(struct parser *p);

/* The expression in [token, end), which must be read whole. */
const struct jac_syntax *parse_range(struct jac_pool *pool, const struct jac_token *token,
                                     const struct jac_token *end, bool latex,
                                     size_t *position, struct jac_error *err);

#endif
