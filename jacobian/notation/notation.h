/* Notation: a formula as it is written. It decides nothing: whether f(x) is a call or a
 * product, W^T a transpose or a power, h_t an entry or a name is for elaboration. */
#ifndef JACOBIAN_NOTATION_NOTATION_H
#define JACOBIAN_NOTATION_NOTATION_H

#include "jacobian/notation/token.h"

enum jac_syntax_form {
  JAC_S_NUMBER, /* number, text */
  JAC_S_NAME,   /* text; row where a construct is called so */
  JAC_S_GROUP,  /* text: its brackets, "()", "[]", "{}", "\\{\\}", "<>", "||",
                      "|||" (a norm); one child */
  JAC_S_SCRIPT, /* children base, below, above (NULL: none); number: primes; text
                      "[]": the index stands in brackets */
  JAC_S_SIDE,   /* two or more factors side by side */
  JAC_S_INFIX,  /* row; two children */
  JAC_S_TERMS,  /* text: a sign for each child, '+' or '-'; ' ' before the first: none */
  JAC_S_APPLY,  /* row; the function's name (NAME or SCRIPT), its argument */
  JAC_S_FRACTION, /* two children */
  JAC_S_ROOT,     /* one child; or two, the second which root */
  JAC_S_BIG,      /* row; below, above, body (NULL: none) */
  JAC_S_INTEGRAL, /* row; variable, from, to, what is integrated */
  JAC_S_MATRIX,   /* its children are rows; text: the environment or "[]" */
  JAC_S_ROW,      /* of cells */
  JAC_S_CASES,    /* value, condition (NULL: otherwise), value, condition ... */
  JAC_S_LIST,     /* a, b, c */
  JAC_S_CHAIN,    /* side, relation, side ...: relations are SIGNs */
  JAC_S_SIGN,     /* row: a sign alone */
  JAC_S_POINT,    /* value at a point: the expression, the equations below */
  JAC_S_STRING,   /* text */
  JAC_S_DOTS,     /* text: c, v or d */
  JAC_S_BLANK     /* an empty cell */
};

struct jac_syntax {
  enum jac_syntax_form form;
  const char *text; /* interned; "" where it has none */
  const struct jac_construct *row;
  double number;
  bool bold;
  bool word;             /* a name of upright letters: \text{cm} */
  bool macro;            /* a name by a command that nothing explains: \ee */
  bool spaced;           /* a space stands before it; of a ROW: between its cells */
  size_t start, end;     /* bytes of the text it was read from */
  struct jac_pool *home; /* that it is in */
  const char *key;       /* what jac_notation_key made of it there, or NULL */
  const char *bare[2];   /* the same without what stands below, and above */
  size_t count;
  const struct jac_syntax *child[];
};

enum { JAC_NOTATION_DEPTH = 200, JAC_NOTATION_CHILDREN = 400 };

/* The notation of one expression. Errors: JAC_EINPUT says what was found and what was
 * expected, *position (unless NULL) the byte where; JAC_ELIMIT; JAC_ENOMEM. */
enum jac_status jac_notation_read(struct jac_pool *pool, const char *text, bool latex,
                                  const struct jac_syntax **notation, size_t *position,
                                  struct jac_error *err);

/* One side of a statement. notation is NULL where it could not be read: problem says
 * why, at the byte position. */
struct jac_written {
  const struct jac_syntax *notation;
  const struct jac_construct *relation; /* before it; NULL for the first */
  size_t start, end;                    /* its bytes */
  const char *problem;
  size_t position;
};

/* What stands between two separators of a display: sides with relations between, or one
 * side alone; the words before it. */
struct jac_statement_written {
  struct jac_written *side;
  size_t count;
  const char *words; /* "if", "Thus": the words before it, or "" */
  char role;         /* of the words: '?' it is a condition of the one before, '&', ' ' */
  bool row;          /* it begins a row of the display, after \\ */
};

struct jac_display {
  struct jac_statement_written *statement;
  size_t count;
};

/* A display taken apart: rows, what &= continues, claims beside each other, conditions,
 * sides. A side that cannot be read does not stop the others. Everything is in the pool.
 * Errors: JAC_EINPUT where not even tokens can be had; JAC_ELIMIT; JAC_ENOMEM. */
enum jac_status jac_display_read(struct jac_pool *pool, const char *text, bool latex,
                                 struct jac_display *display, size_t *position,
                                 struct jac_error *err);

/* Whether two are written alike, spaces and fonts aside. */
bool jac_notation_equal(const struct jac_syntax *a, const struct jac_syntax *b);

/* Whether a part that is written like another, or a name, stands anywhere in n (NULL:
 * no).
 */
bool jac_notation_has(const struct jac_syntax *n, const struct jac_syntax *part);
bool jac_notation_has_name(const struct jac_syntax *n, const char *name);
/* Whether a quantity stands in n: c does in c^T and c^2, and not in c_0. */
bool jac_notation_stands(const struct jac_syntax *n, const struct jac_syntax *quantity);

/* Adds how it would be typed in the notation it came from, for messages and keys: a
 * canonical spelling, the same for the same name in either notation. */
struct jac_buffer;
void jac_notation_spell(const struct jac_syntax *notation, struct jac_buffer *out);
const char *jac_notation_key(struct jac_pool *pool, const struct jac_syntax *notation);

/* Without the brackets around it. */
static inline const struct jac_syntax *jac_inside(const struct jac_syntax *n) {
  while (n && n->form == JAC_S_GROUP && (n->text[0] == '(' || n->text[0] == '{'))
    n = n->child[0];
  return n;
}

/* A name, with or without scripts. */
static inline bool jac_name_like(const struct jac_syntax *n) {
  return n->form == JAC_S_NAME ||
         (n->form == JAC_S_SCRIPT && n->child[0]->form == JAC_S_NAME);
}

/* Whether n, or something in it, is so, of what is passed on. */
bool jac_notation_any(const struct jac_syntax *n,
                      bool (*is)(const struct jac_syntax *n, const void *of),
                      const void *of);

/* Builds a node. */
const struct jac_syntax *jac_notation_node(struct jac_pool *pool,
                                           const struct jac_syntax *like, size_t count,
                                           const struct jac_syntax *const *child);

#endif
