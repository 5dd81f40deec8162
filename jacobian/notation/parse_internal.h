/* What the files of the parser share: parse.c binds factors, parse_factor.c reads one,
 * parse_function.c what is applied, parse_script.c what stands below and above,
 * parse_group.c brackets, parse_rows.c environments, series.c what dots abbreviate,
 * parse_node.c makes the nodes.
 *
 * Each function reads from the parser's place on and returns what it made, in the pool,
 * or NULL with the parser's status and place of the error. */
#ifndef JACOBIAN_NOTATION_PARSE_INTERNAL_H
#define JACOBIAN_NOTATION_PARSE_INTERNAL_H

#include "jacobian/notation/notation.h"

typedef const struct jac_syntax node;

struct parser {
  struct jac_pool *pool;
  const struct jac_token *token; /* the next */
  const struct jac_token *end;   /* behind the last */
  bool latex, bold;
  bool apart; /* within brackets whose cells stand apart by spaces: [1 2; 3 4] */
  const char *font;
  int depth, bars, cells;
  enum jac_status status;
  struct jac_error *err;
  size_t position;
};

/* A list of nodes while it grows. */
struct nodes {
  node **at; /* in the pool: what recurs keeps little on the stack */
  size_t count, room;
};

/* The token k behind the next; at the end one that says so. */
static inline const struct jac_token *peek_after(const struct parser *p, size_t k) {
  static const struct jac_token end_token = {.kind = JAC_TOKEN_END, .text = ""};
  return p->token + k < p->end ? p->token + k : &end_token;
}

static inline const struct jac_token *peek(const struct parser *p) {
  return peek_after(p, 0);
}

/* The byte where the next token begins. */
static inline size_t place(const struct parser *p) {
  return p->token < p->end ? p->token->start : p->end ? p->end[0].start : 0;
}

static inline bool sign_is(const struct jac_token *t, enum jac_role_of role) {
  return t->kind == JAC_TOKEN_SIGN && t->row->role == role;
}

/* Whether a space parts the next token from the cell before it: a sign does where it
 * belongs to what follows, [1 -2]. */
static inline bool stands_apart(const struct parser *p) {
  const struct jac_token *t = peek(p);
  return p->apart && t->spaced &&
         (t->kind != JAC_TOKEN_SIGN || !peek_after(p, 1)->spaced);
}

/* Whether a bar here closes a value at a point: f|_{x = a}. */
static inline bool point_bar(const struct parser *p) {
  return peek(p)->kind == JAC_TOKEN_BAR && peek(p)->number == 1 &&
         peek_after(p, 1)->kind == JAC_TOKEN_SUB && p->bars != 1;
}

/* parse_node.c */

/* Refuses with a sentence, unless something was refused before; NULL. */
node *jac_parse_fail(struct parser *p, const char *what);

/* Refuses the next token, where something else is expected; NULL. */
node *jac_parse_unexpected(struct parser *p, const char *expected);

/* A function at its argument. */
node *jac_parse_applied(struct parser *p, const struct jac_construct *row, node *name,
                        node *argument);

/* One level further down: false, refused, when that is too deep. */
bool jac_parse_deeper(struct parser *p);

/* A node that begins at byte start, with its children. */
struct jac_syntax *jac_parse_node(struct parser *p, enum jac_syntax_form form,
                                  size_t start, size_t count, node *const *child);

/* Ends what began at start: its last byte is the last token's. */
node *jac_parse_done(struct parser *p, struct jac_syntax *n);

/* Adds a node to a list: false without one, or when the list is too long. */
bool jac_parse_push(struct parser *p, struct nodes *list, node *n);

/* The nodes of a list as one, which ends here; what stands alone is itself. */
node *jac_parse_joined(struct parser *p, enum jac_syntax_form form, size_t start,
                       const struct nodes *list);

/* parse_group.c */

/* Past the closing bracket; not NULL when it is there. */
node *jac_parse_close(struct parser *p, const char *close);

/* ( ... ), [ ... ], { ... }. */
node *jac_parse_group(struct parser *p);

/* | ... |, || ... ||. */
node *jac_parse_bars(struct parser *p);

/* parse_rows.c */

/* Rows of cells, up to what closes them (which stays). brackets: plain notation, cells
 * between commas and rows between semicolons. */
node *jac_parse_rows(struct parser *p, size_t start, const char *text, bool brackets);

/* \begin{...} ... \end{...}. */
node *jac_parse_environment(struct parser *p);

/* parse_script.c */

/* What stands below or above: an index, a layer, T, signs alone. Where it cannot be read
 * as an expression it is a word. */
node *jac_parse_script(struct parser *p);

/* Whether nothing but primes stands here, alone or in braces: in how many tokens, and how
 * many primes. */
bool jac_parse_only_primes(const struct parser *p, size_t *tokens, double *primes);

/* A base with what stands below and above it, each NULL where there is none. */
struct jac_syntax *jac_parse_scripted(struct parser *p, node *base, node *below,
                                      node *above, double primes);

/* Indices, layers, primes behind a base; in plain notation the index in brackets. */
node *jac_parse_scripts(struct parser *p, node *base);

/* parse_function.c */

/* What a sum, a product, a largest is over, behind its sign t and its bounds. */
node *jac_parse_big(struct parser *p, const struct jac_token *t, node *below,
                    node *above);

/* parse_integral.c: what is integrated, behind the sign t and its bounds. */
node *jac_parse_integral(struct parser *p, const struct jac_token *t, node *below,
                         node *above);

/* A function with its scripts and its argument, if it has one. */
node *jac_parse_function(struct parser *p);

/* parse_factor.c */

/* The argument of \frac, \sqrt, an accent, a script: one token, or a group. */
node *jac_parse_argument(struct parser *p);

/* The name that a token is, in the font that holds here. */
struct jac_syntax *jac_parse_name(struct parser *p, const struct jac_token *t);

/* A factor with what stands below and above it. */
node *jac_parse_factor(struct parser *p);

/* Whether the next token begins a factor. */
bool jac_parse_starts(const struct parser *p);

/* series.c */

/* Terms or factors with dots among them as the sum or product they abbreviate; as they
 * are where that is not clear. */
node *jac_parse_series(struct jac_pool *pool, node *terms);

/* parse.c, from what binds closest on */

/* -x, from the sign's byte on; NULL of NULL. */
node *jac_parse_negated(struct parser *p, size_t start, node *inside);

/* Products by a sign: x \odot y, A @ B. */
node *jac_parse_infix(struct parser *p);

/* Terms with their signs. */
node *jac_parse_terms(struct parser *p);

/* a and b, a or b; a relation alone. */
node *jac_parse_condition(struct parser *p);

/* An expression with commas, relations and conditions, from the parser's place to where
 * no further token fits. */
node *jac_parse_list(struct parser *p);

/* The expression in [token, end), which must be read whole. */
node *jac_parse_range(struct jac_pool *pool, const struct jac_token *token,
                      const struct jac_token *end, bool latex, size_t *position,
                      struct jac_error *err);

#endif
