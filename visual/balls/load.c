#include "visual/balls/load.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

/* Where `make install` puts it. */
#include "place.h"

/* Where it stands as it was built. */
#ifdef __APPLE__
#define BESIDE "@loader_path/"
#else
#define BESIDE "$ORIGIN/"
#endif

static void *object;

/* Never unloaded: numbers of its types may be left. */
static void load(void) {
  object = dlopen(BESIDE JAC_BALLS, RTLD_LAZY | RTLD_LOCAL);
  if (object == NULL)
    object = dlopen(JAC_LIB "/jacobian/" JAC_BALLS, RTLD_LAZY | RTLD_LOCAL);
}

void jac_balls_find(const char *name, void *function) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  (void)pthread_once(&once, load);
  void *found = object ? dlsym(object, name) : NULL;
  memcpy(function, &found, sizeof found);
}
