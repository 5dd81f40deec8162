/* Functions compiled for wider vectors as well, and taken where the machine has them.
 * Their sums are rounded alike: nothing is reordered. */
#ifndef JACOBIAN_WIDE_INTERNAL_H
#define JACOBIAN_WIDE_INTERNAL_H

/* ThreadSanitizer starts later than the loader asks which one to take. */
#if defined(__x86_64__) && defined(__linux__) && !defined(__SANITIZE_THREAD__)
#define JAC_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define JAC_WIDE
#endif

#endif
