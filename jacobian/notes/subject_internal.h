/* What a directive says, put into a setting. */
#ifndef JACOBIAN_NOTES_SUBJECT_INTERNAL_H
#define JACOBIAN_NOTES_SUBJECT_INTERNAL_H

#include "jacobian/notes/directive.h"
#include "jacobian/notes/setting.h"

/* Names, shapes, meanings of signs, the variable. */
void jac_subject_lets(struct jac_setting *s, const struct jac_directive *d);

/* A subject that is a formula, y = W x + b, not a module: its own definition. */
bool jac_subject_is_formula(const char *subject);
enum jac_status jac_subject_formula(struct jac_setting *s, const char *text,
                                    struct jac_error *err);

#endif
