/* jacobian/value/field_ball.c, loaded. */
#include "jacobian/value/field.h"
#include "visual/balls/load.h"

bool jac_field_balls(void) {
  bool (*balls)(void);
  jac_balls_find("jac_field_balls", &balls);
  return balls && balls();
}

struct jac_field jac_field_ball(long bits, struct jac_undecided *undecided) {
  struct jac_field (*ball)(long, struct jac_undecided *);
  jac_balls_find("jac_field_ball", &ball);
  return ball ? ball(bits, undecided) : jac_field_double;
}
