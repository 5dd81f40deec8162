/* The run of a reading: its start, its choices, its refusals. */
#include "jacobian/elaborate/elaborate_internal.h"

#include <stdio.h>

bool jac_elaborate_start(struct jac_elaboration *e) {
  e->nchoice = e->nindex = e->nsymbol = e->nleaned = e->ndefining = 0;
  e->price = 0;
  e->unfit = JAC_FITS;
  e->message[0] = '\0';
  e->conflict = 0;
  e->missing = NULL;
  e->bound = NULL;
  e->pending = NULL;
  e->four = e->no_entry = e->braced = false;
  e->excuse = NULL;
  e->circle = NULL;
  e->ndots = 0;
  e->stepwise = e->through = 0;
  e->bys = 0;
  e->terms = e->depth = 0;
  e->names = jac_pool_take(e->pool, sizeof *e->names);
  return e->names && jac_dims_start(&e->dims, e->pool);
}

size_t jac_choose(struct jac_elaboration *e, const struct jac_choice *choice) {
  for (size_t k = 0; k < e->nchoice; k++)
    if (e->choice[k].site == choice->site && e->choice[k].count == choice->count)
      return e->choice[k].pick;
  size_t pick = 0;
  for (size_t k = 1; k < choice->count; k++)
    if (choice->price[k] < choice->price[pick])
      pick = k;
  for (size_t k = 0; k < e->nforced; k++)
    if (e->forced[k].site == choice->site && e->forced[k].pick < choice->count)
      pick = e->forced[k].pick;
  if (e->nchoice < JAC_CHOICES) {
    e->choice[e->nchoice] = *choice;
    e->choice[e->nchoice++].pick = pick;
  }
  e->price += choice->price[pick];
  return pick;
}

uint64_t jac_choice_bit(const elaboration *e, const char *site) {
  for (size_t k = 0; k < e->nchoice; k++)
    if (e->choice[k].site == site)
      return k < 63 ? (uint64_t)1 << k : (uint64_t)1 << 63;
  return 0;
}

JAC_PRINTF(4, 0)
static void refuse(elaboration *e, enum jac_unfit unfit, node *where, const char *format,
                   va_list list) {
  if (e->unfit)
    return;
  e->unfit = unfit;
  vsnprintf(e->message, sizeof e->message, format, list);
  if (where) {
    e->start = where->start;
    e->end = where->end;
  }
}

term *jac_clash(elaboration *e, node *where, uint64_t because, const char *format, ...) {
  va_list list;
  va_start(list, format);
  refuse(e, JAC_CLASH, where, format, list);
  va_end(list);
  e->conflict = because;
  return NULL;
}

term *jac_unknown(elaboration *e, node *where, const char *format, ...) {
  va_list list;
  va_start(list, format);
  refuse(e, JAC_UNKNOWN, where, format, list);
  va_end(list);
  e->conflict = ~(uint64_t)0;
  return NULL;
}
