/* Choices: every ambiguity of a reading, by name, with its alternatives, their prices and
 * the words that say them. Prices are in half points: a claim that does not hold costs
 * JAC_PRICE_SLIP. */
#ifndef JACOBIAN_ELABORATE_CHOICE_H
#define JACOBIAN_ELABORATE_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  JAC_ALTERNATIVES = 8,
  JAC_CHOICES = 160,
  JAC_PRICE_SLIP = 24,   /* a claim that fails under a reading */
  JAC_PRICE_MARGIN = 12, /* readings so near the cheapest count */
  JAC_PRICE_NEVER = 1000
};

struct jac_choice {
  const char *site; /* interned: "kind:x", "layout" */
  size_t count;     /* alternatives */
  unsigned price[JAC_ALTERNATIVES];
  const char *words[JAC_ALTERNATIVES]; /* NULL: nothing to say */
  const char *about;                   /* a name the words speak of, or NULL */
  size_t pick;
  bool guess; /* it supplies what nobody said; it may make a claim hold, and refutes
                 only when every alternative does */
};

/* Picks that a reading makes against its cheapest. */
struct jac_forced {
  const char *site;
  size_t pick;
};

#endif
