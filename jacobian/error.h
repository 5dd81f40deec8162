/* Errors are values: a status for programs, one line for people.
 *
 * One rule for the whole library: arguments come as object, inputs, outputs, error. A
 * function that can fail returns enum jac_status and, where it has something to say,
 * takes a struct jac_error last; that pointer may be NULL. Nothing prints, exits or uses
 * errno.
 */
#ifndef JACOBIAN_ERROR_H
#define JACOBIAN_ERROR_H

#include <stddef.h>

#if defined(__GNUC__)
#define JAC_PRINTF(string, first) __attribute__((format(printf, string, first)))
#else
#define JAC_PRINTF(string, first)
#endif

enum jac_status {
  JAC_OK = 0,
  JAC_EINPUT,   /* what was given is at fault: a spec, a shape, a value, a formula */
  JAC_ELIMIT,   /* a bound on size, depth or memory would be passed */
  JAC_ENOMEM,   /* the machine has no memory left */
  JAC_EIO,      /* a file could not be read or written */
  JAC_EREFUSED, /* the question has no answer, such as batch form of a coupled map */
  JAC_EUNKNOWN  /* a name in a formula that nothing gives a meaning */
};

/* The message is one line without a final period or newline: what, where, what to do. */
struct jac_error {
  enum jac_status status;
  char message[1024];
};

/* Fills err (unless NULL) with the status and the formatted message, cut to its size at a
 * character's boundary; returns the status, so that a caller can `return jac_fail(...)`.
 */
enum jac_status jac_fail(struct jac_error *err, enum jac_status status,
                         const char *format, ...) JAC_PRINTF(3, 4);

/* Memory ran out: the same line everywhere. */
enum jac_status jac_fail_memory(struct jac_error *err);

/* How often memory ran out in this thread so far. What is made of many small parts
 * (labels, symbols) goes on without the part that did not fit; who shows the whole
 * compares before and after. jac_memory_short counts one more; jac_memory_forget counts
 * from 0 again, for a caller that has dealt with a shortage and goes on. */
size_t jac_memory_shortages(void);
void jac_memory_short(void);
void jac_memory_forget(void);

/* count * size bytes, all 0, that free() gives back; NULL is counted as a shortage, so
 * that what goes on without them is not taken for a whole result. */
void *jac_memory_take(size_t count, size_t size);

#endif
