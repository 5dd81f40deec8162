#include "jacobian/notation/construct.h"

#include <ctype.h>
#include <string.h>

#define CONSTRUCT(id, role, binding, plain, latex, unicode)                              \
  {JAC_C_##id, JAC_ROLE_##role, binding, plain, latex, unicode},
#define READING(id, type, price, words, value)
#define ENTRYWISE(id, plain, latex, unicode, function)                                   \
  {JAC_C_##id, JAC_ROLE_ENTRYWISE, 0, plain, latex, unicode},
static const struct jac_construct table[] = {
#include "jacobian/notation/constructs.def"
};
#undef CONSTRUCT
#undef READING
#undef ENTRYWISE

const struct jac_construct *jac_construct(enum jac_construct_id id) {
  return &table[id];
}

const char *jac_construct_name(const char *names, size_t *length) {
  *length = strcspn(names, " ");
  return names;
}

static bool among(const char *names, const char *name, size_t length) {
  while (*names) {
    size_t here = strcspn(names, " ");
    if (here == length && memcmp(names, name, length) == 0)
      return true;
    names += here + strspn(names + here, " ");
  }
  return false;
}

static bool by_name(const struct jac_construct *row) {
  return row->role != JAC_ROLE_UNREAD;
}

const struct jac_construct *jac_construct_plain(const char *name, size_t length) {
  for (size_t k = 0; k < JAC_CONSTRUCTS; k++)
    if (by_name(&table[k]) && among(table[k].plain, name, length))
      return &table[k];
  return NULL;
}

const struct jac_construct *jac_construct_latex(const char *name, size_t length) {
  for (size_t k = 0; k < JAC_CONSTRUCTS; k++)
    if (among(table[k].latex, name, length))
      return &table[k];
  return NULL;
}

static bool between(const struct jac_construct *row) {
  return row->role == JAC_ROLE_TERM || row->role == JAC_ROLE_INFIX ||
         row->role == JAC_ROLE_DIVIDE || row->role == JAC_ROLE_POWER ||
         row->role == JAC_ROLE_RELATION || row->role == JAC_ROLE_CONDITION ||
         row->role == JAC_ROLE_BIG || row->role == JAC_ROLE_POSTFIX ||
         row->role == JAC_ROLE_UNREAD;
}

static void longest(const char *names, const char *text, size_t *most) {
  while (*names) {
    size_t here = strcspn(names, " ");
    if (!isalpha((unsigned char)names[0]) && here > *most &&
        strncmp(text, names, here) == 0)
      *most = here;
    names += here + strspn(names + here, " ");
  }
}

const struct jac_construct *jac_construct_sign(const char *text, size_t *length) {
  const struct jac_construct *found = NULL;
  *length = 0;
  for (size_t k = 0; k < JAC_CONSTRUCTS; k++) {
    if (!between(&table[k]))
      continue;
    size_t most = *length;
    longest(table[k].plain, text, &most);
    longest(table[k].unicode, text, &most);
    if (most > *length) {
      *length = most;
      found = &table[k];
    }
  }
  return found;
}
