/* FLINT is loaded when something is to be proved: of the few milliseconds that a process
 * takes, its loading and that of what it stands on would be the half.
 *
 * What computes with balls (jacobian/formula/number_ball.c, jacobian/value/field_ball.c)
 * is an object of its own, balls-VERSION.so, with the same functions. The program is
 * linked with the files of this folder in their place; the library, and whatever else is
 * linked from it, has them linked as ever. Where the object is not found nothing is
 * proved, as in a build without FLINT. */
#ifndef VISUAL_BALLS_LOAD_H
#define VISUAL_BALLS_LOAD_H

/* Sets *function, a pointer to a function, to the object's of that name; NULL where there
 * is no object. The first call loads it. */
void jac_balls_find(const char *name, void *function);

#endif
