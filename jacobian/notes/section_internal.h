/* What the files of a section share. */
#ifndef JACOBIAN_NOTES_SECTION_INTERNAL_H
#define JACOBIAN_NOTES_SECTION_INTERNAL_H

#include "jacobian/notes/section.h"

typedef const struct jac_syntax node;

/* Where a statement stands; strong: a directive says it. */
struct statement_place {
  struct jac_section *section;
  const struct jac_document *document;
  const struct jac_item *item;
  bool display, strong;
  bool follows;  /* "so" stands before it */
  bool supposed; /* "if" stands before it */
  bool denied;   /* "a common mistake:" stands before it */
};

/* Copies the link into the section, with what is known so far. NULL: memory ran out. */
struct jac_link *jac_section_link(struct jac_section *s, struct jac_link link);
/* NULL: it cannot be read. */
node *jac_read_text(struct jac_section *s, const char *text, bool latex);

/* x, y in R^n; c(v) in R; f: R^n -> R^m. Whether it says anything. */
bool jac_section_member(struct jac_section *s, node *names, node *set, bool strong,
                        size_t line);

/* The last definition of a key; whether it has a derivative on its right. */
const struct jac_fact *jac_section_defined(const struct jac_section *s, const char *key,
                                           bool *derivative);
/* Whether a name stands on the left of a definition of the section. */
bool jac_section_names(const struct jac_section *s, node *name);
/* Whether a left side defines what it names; else the equality is a claim. */
bool jac_section_defines(struct jac_section *s, node *left, node *right, bool display);
/* Nothing but numbers: (0.54)(1 - 0.54); one number; a matrix of them somewhere. */
/* dx/dt for \dot x, \dot x(t), \ddot x where x(t) = ... is given by what the right side
 * is made of; else NULL. */
node *jac_slope_by_time(struct jac_section *s, node *left, node *right);
bool jac_worked_out(node *n);
/* Values of functions at numbers alone: f(1) / f'(1). */
bool jac_worked_values(const struct jac_syntax *n);
bool jac_number_alone(node *n);
bool jac_has_worked_matrix(node *n);
/* f'(z). */
bool jac_primed_call(node *n);
/* \nabla f(1, 1), df/dx (1, 1): the derivative there, of what nothing says. */
bool jac_at_point(const struct jac_section *s, node *n, bool worked);
/* d/dx of A = d/dx of B, where nothing says what A is: so is A. */
bool jac_operand_defined(struct jac_section *s, node *left, node *right, node **a,
                         node **b);

/* What the names of a claim may be the adjoints of, for jac_section_adjoints. */
void jac_guess_bases(struct jac_section *s, struct jac_link *link, node *left,
                     node *right);

/* "if i \ne j", "for x > 0". */
bool jac_condition_words(const struct jac_statement_written *st);
/* "where u = x^2": it says what u is from here on, too. */
bool jac_condition_defines(const struct jac_statement_written *st);
/* i \ne j, (x > 0) alone: a condition; NULL: it is none. Equal only in brackets, or where
 * words say so. */
node *jac_bare_condition(struct jac_section *s, const struct jac_statement_written *st,
                         bool equal);

/* Whether a statement is i = j, of indices of the links from there on: a condition, which
 * defines no i. */
bool jac_condition_indices(const struct jac_section *section, size_t from,
                           const struct jac_statement_written *statement);
/* Puts a condition on the links from one on that speak of what it is about; more: beside
 * the one they have. */
void jac_condition_of(struct jac_section *s, size_t from, node *condition, bool more);
/* "j" of "k \ne i, j", behind a condition: it is added to those of the links from one on;
 * false: it is none. */
bool jac_condition_goes_on(struct jac_section *s, size_t from,
                           const struct jac_statement_written *statement);
/* Whether "where" leads from the last display to an item, in one sentence. */
bool jac_explains(const struct jac_section *s, const struct jac_document *document,
                  const struct jac_item *item);
/* Whether "so", "hence", "gives" stands before an item: it follows, and defines nothing
 * that was spoken of before. */
bool jac_follows(const struct jac_document *document, const struct jac_item *item);
/* Whether "if", "suppose that" stands directly before an item: it claims nothing. */
bool jac_supposes(const struct jac_document *document, const struct jac_item *item);
/* Whether its sentence asks for it, rather than says it: "whether (fg)' = f'g'". */
bool jac_asks(const struct jac_document *document, const struct jac_item *item);
/* Whether the words directly before an item say that it is wrong. */
bool jac_denies(const struct jac_document *document, const struct jac_item *item);
/* Whether the lead-in still stands directly before the item: no sentence between. */
bool jac_condition_leads(const struct jac_section *s, const struct jac_document *document,
                         const struct jac_item *item);
/* A condition in a sentence waits for the display that follows it, in a heading for all
 * below it. True: it is of two names alone, i = j, which defines none. */
bool jac_see_condition(struct jac_section *s, const struct jac_document *document,
                       const struct jac_item *item);

/* Whether a letter stands below a name in n. */
bool jac_stands_below(node *n, node *letter);
/* What a > b says of a and b, where one is a name that is no index: its sign, or that
 * something is said of it which is not made use of. */
void jac_bounds_said(struct jac_section *s, node *a, enum jac_construct_id id, node *b,
                     size_t line);
/* What a statement in a sentence says of a name by its relation: a > 0. */
void jac_signs_said(struct statement_place *p, const struct jac_statement_written *st);

/* Looks through a document for names that are two: r = |\mathbf r|. */
void jac_section_part(struct jac_section *s, const struct jac_document *document);
/* The bold one of two such names, as a name of its own; else n. */
node *jac_parted(const struct jac_section *s, node *n);

/* A and A^T. */
bool jac_own_transpose(node *name, node *other);
/* A = A^T, P^2 = P = P^T: says so of it; false: the statement is something else.
 * supposed: "if" stands before it, and it is said of nothing. */
bool jac_itself_said(struct jac_section *s, const struct jac_statement_written *st,
                     size_t line, bool supposed);
/* The u of ||u|| = 1, u^T u = 1, U^T U = I; or NULL. */
node *jac_of_length_one(node *left, node *right);

/* What the words around an item say of how its signs and functions act. */
void jac_wording(struct jac_section *s, const struct jac_document *document,
                 size_t which);

/* "$S$ is the sum $\sum_i e^{a_i}$": says what S is; false: the item is no such sum. */
bool jac_sum_said(struct jac_section *s, const struct jac_document *document,
                  size_t which, node *sum);

/* y = \pm 1, y \in \{\pm 1\}: says so of y; false: it is something else. */
bool jac_either_sign(struct jac_section *s, const struct jac_document *document,
                     const struct jac_item *item);

/* What the words around an item say of names, of these properties. */
void jac_sentence(struct jac_section *s, const struct jac_document *document,
                  size_t which, node *names, unsigned of);

void jac_statement_definition(struct statement_place *p, node *left, node *right,
                              const char *problem, size_t offset);
/* \gamma(t) = (x(t), y(t)) = (\cos t, \sin t): what x and y are, where nothing said. */
void jac_components_said(struct statement_place *p, node *names,
                         const struct jac_written *side);
/* Why an equality, side k of a chain, is no claim, or NULL; worked: numbers stand in the
 * chain already. */
const char *jac_no_claim(struct jac_section *s, node *left, node *right, size_t k,
                         bool *worked);
/* Takes a text apart. above: the left side of the display before, for one that begins
 * with "=". */
void jac_statements(struct statement_place *p, const char *text, bool latex,
                    node **above);

void jac_section_directive(struct jac_section *s, const struct jac_item *item,
                           const struct jac_notes_modules *modules);

/* f_a(x) = a x \to df/dx = a: the derivative is of f_a. */
node *jac_of_defined(struct jac_section *s, node *derivative, node *defined);
/* f \to its derivative, by what the directive says: \nabla_x (f). */
node *jac_nabla_of(struct jac_section *s, node *f);

/* sets.c: A = m \times n in a sentence: whether its shape is said so. */
bool jac_shape_said(struct statement_place *p, const struct jac_statement_written *st);

/* listed.c: whether an item of a list begins on one of the lines, counted from 1. */
bool jac_item_among(const struct jac_document *document, size_t from, size_t to);

#endif
