/* Functions compiled for wider vectors as well, and taken where the machine has them.
 * Their sums are rounded alike: nothing is reordered. */
#ifndef JACOBIAN_WIDE_INTERNAL_H
#define JACOBIAN_WIDE_INTERNAL_H

#include <limits.h> /* and with it __GLIBC__: musl's loader asks none which one to take */

/* ThreadSanitizer starts later than the loader asks. */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__SANITIZE_THREAD__)
#define JAC_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define JAC_WIDE
#endif

#endif
