/* The language of the page, by its number among the catalogues. */
#include "jacobian/text.h"

#include <stddef.h>

/* `catalogues`, English first: made by .ci/engine from visual/po. */
#include "catalogues.h"

__attribute__((export_name("engine_language"), used)) void engine_language(size_t number);
void engine_language(size_t number) {
  jac_text_use(number < sizeof catalogues / sizeof catalogues[0] ? catalogues[number].texts : NULL);
}
