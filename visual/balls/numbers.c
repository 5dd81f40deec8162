/* jacobian/formula/number_ball.c, loaded. */
#include "jacobian/formula/number.h"
#include "visual/balls/load.h"

struct jac_number_type jac_ball_of(long bits, struct jac_certainty *certainty) {
  struct jac_number_type (*of)(long, struct jac_certainty *);
  jac_balls_find("jac_ball_of", &of);
  return of ? of(bits, certainty) : jac_double;
}

const char *jac_ball_library(void) {
  const char *(*library)(void);
  jac_balls_find("jac_ball_library", &library);
  return library ? library() : NULL;
}

void jac_ball_cleanup(void) {
  void (*cleanup)(void);
  jac_balls_find("jac_ball_cleanup", &cleanup);
  if (cleanup)
    cleanup();
}
