#include "visual/lsp/notes.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t mix(uint64_t key, const void *bytes, size_t count) {
  const unsigned char *at = bytes;
  for (size_t k = 0; k < count; k++)
    key = (key ^ at[k]) * 0x100000001b3u; /* Fowler, Noll, Vo */
  return key;
}

static void section_free(struct jac_lsp_section *s) {
  jac_findings_free(&s->said);
  free(s->finding);
  s->finding = NULL;
  s->count = 0;
}

void jac_lsp_sections_free(struct jac_lsp_sections *s) {
  for (size_t k = 0; k < s->count; k++)
    section_free(&s->section[k]);
  free(s->section);
  *s = (struct jac_lsp_sections){0};
}

/* The items of a section, of the document that is being judged. */
struct part {
  size_t first, count;
};

/* Cuts a document at its headings. */
static bool cut(const struct jac_document *d, struct jac_lsp_sections *s,
                struct part **parts) {
  uint64_t before = 0;
  *parts = malloc((d->count + 1) * sizeof **parts);
  s->section = calloc(d->count + 1, sizeof *s->section);
  if (*parts == NULL || s->section == NULL)
    return false;
  for (size_t k = 0; k < d->count;) {
    struct jac_lsp_section *section = &s->section[s->count];
    struct part *part = &(*parts)[s->count++];
    uint64_t own = 0xcbf29ce484222325u;
    *part = (struct part){k, 0};
    section->start = d->item[k].start;
    do {
      const struct jac_item *item = &d->item[k++];
      uint32_t head[2] = {(uint32_t)item->kind, (uint32_t)item->level};
      own = mix(own, head, sizeof head);
      own = mix(own, item->text, item->length);
      part->count++;
    } while (k < d->count && d->item[k].kind != JAC_ITEM_HEADING);
    size_t end = k < d->count ? d->item[k].start : d->length;
    own = mix(own, d->source + section->start, end - section->start);
    section->key = mix(own, &before, sizeof before);
    before = own;
  }
  return true;
}

/* The offset of a place that counts characters from 1. */
static size_t offset_of(const struct jac_document *d, size_t line, size_t column) {
  if (line == 0 || line > d->nlines)
    return d->length;
  size_t at = d->line[line - 1];
  for (; column > 1 && at < d->length; column--)
    do
      at++;
    while (at < d->length && ((unsigned char)d->source[at] & 0xC0) == 0x80);
  return at;
}

/* Finds the item of a finding, and the claim in it. */
static void place(const struct jac_document *d, const struct jac_item *item, size_t items,
                  struct jac_lsp_finding *f) {
  size_t at = offset_of(d, f->said->line, f->said->column);
  f->start = f->from = at;
  f->end = f->to = at;
  for (size_t k = 0; k < items; k++) {
    bool formula = item[k].kind == JAC_ITEM_DISPLAY;
    if ((!formula && item[k].kind != JAC_ITEM_DIRECTIVE) || at < item[k].start ||
        at > item[k].end)
      continue;
    f->directive = !formula;
    f->from = item[k].start;
    f->to = f->end = item[k].end;
    const char *claim = f->said->claim != NULL ? f->said->claim : "";
    size_t length = strlen(claim);
    for (size_t i = 0; i + length <= item[k].length && length > 0; i++)
      if (item[k].at[i] == at && memcmp(item[k].text + i, claim, length) == 0) {
        size_t last = item[k].at[i + length - 1] + 1; /* not what follows a blank */
        f->end = last > at && last <= item[k].end ? last : item[k].end;
        break;
      }
    return;
  }
}

/* Takes over the findings that stand in a section: from its start to the next one's. */
static bool take(const struct jac_document *d, struct part part, size_t next,
                 struct jac_findings *findings, struct jac_lsp_section *s) {
  s->finding = calloc(findings->count + 1, sizeof *s->finding);
  s->said.finding = calloc(findings->count + 1, sizeof *s->said.finding);
  if (s->finding == NULL || s->said.finding == NULL)
    return false;
  for (size_t k = 0; k < findings->count; k++) {
    size_t at = offset_of(d, findings->finding[k].line, findings->finding[k].column);
    if (findings->finding[k].line == 0 || at < s->start || at >= next)
      continue; /* taken, or another section's */
    struct jac_finding *said = &s->said.finding[s->said.count++];
    *said = findings->finding[k];
    findings->finding[k] = (struct jac_finding){0};
    struct jac_lsp_finding f = {.said = said};
    place(d, d->item + part.first, part.count, &f);
    f.start -= s->start;
    f.end -= s->start;
    f.from -= s->start;
    f.to -= s->start;
    s->finding[s->count++] = f;
  }
  s->judged = true;
  return true;
}

static size_t next_start(const struct jac_lsp_sections *s, size_t k,
                         const struct jac_document *d) {
  return k + 1 < s->count ? s->section[k + 1].start : d->length + 1;
}

/* The document, cut; false with the fault said. */
static bool read_text(const char *before, const char *text, size_t length,
                      enum jac_notes_format format, struct jac_document *d,
                      struct jac_lsp_sections *s, struct part **parts) {
  *s = (struct jac_lsp_sections){.fault = {JAC_OK, ""}};
  *parts = NULL;
  if (length == 0)
    return false;
  if (jac_notes_read_after(before, text, length, format, d, &s->fault) != JAC_OK)
    return false;
  if (cut(d, s, parts))
    return true;
  jac_document_free(d);
  jac_fail_memory(&s->fault);
  return false;
}

static unsigned long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (unsigned long)now.tv_sec * 1000 + (unsigned long)now.tv_nsec / 1000000;
}

void jac_lsp_judge(const char *before, const char *text, size_t length,
                   enum jac_notes_format format, const struct jac_notes_modules *modules,
                   struct jac_lsp_sections *s) {
  struct jac_document d;
  struct jac_findings findings;
  struct part *parts;
  unsigned long began = milliseconds();
  if (read_text(before, text, length, format, &d, s, &parts)) {
    if (jac_notes_judge(&d, modules, &findings, &s->fault) == JAC_OK) {
      for (size_t k = 0; k < s->count; k++)
        if (!take(&d, parts[k], next_start(s, k, &d), &findings, &s->section[k]))
          jac_fail_memory(&s->fault);
      jac_findings_free(&findings);
      s->cost = (double)(milliseconds() - began) / (double)(d.count + 1);
    }
    jac_document_free(&d);
  }
  s->whole = true;
  free(parts);
}

/* Judges one section with the one before it. */
static void judge_section(const struct jac_document *d, const struct part *parts,
                          size_t k, const struct jac_notes_modules *modules,
                          struct jac_lsp_sections *s) {
  struct jac_document some = *d;
  struct jac_findings findings;
  size_t first = parts[k > 0 ? k - 1 : 0].first;
  some.item = d->item + first;
  some.count = parts[k].first + parts[k].count - first;
  if (jac_notes_judge(&some, modules, &findings, &s->fault) != JAC_OK)
    return;
  if (!take(d, parts[k], next_start(s, k, d), &findings, &s->section[k]))
    jac_fail_memory(&s->fault);
  jac_findings_free(&findings);
}

/* Whether a section, with the one before it, is likely to take so long that who types
 * would wait for it. */
static bool too_much(const struct part *parts, size_t k, double cost, unsigned budget) {
  const double unknown = 0.3;
  size_t items = parts[k].count + (k > 0 ? parts[k - 1].count : 0);
  return (double)items * (cost > 0.0 ? cost : unknown) > budget;
}

/* The old section that says the same, looked for where it was before anywhere else;
 * old->count: there is none. */
static size_t find_key(const struct jac_lsp_sections *old, uint64_t key, size_t next) {
  size_t o = 0;
  if (next < old->count && old->section[next].judged && old->section[next].key == key)
    return next;
  while (o < old->count && (old->section[o].key != key || !old->section[o].judged))
    o++;
  return o;
}

void jac_lsp_judge_again(const char *before, const char *text, size_t length,
                         enum jac_notes_format format,
                         const struct jac_notes_modules *modules, unsigned budget,
                         struct jac_lsp_sections *old, struct jac_lsp_sections *s) {
  struct jac_document d;
  struct part *parts;
  unsigned long began = milliseconds();
  if (read_text(before, text, length, format, &d, s, &parts)) {
    size_t next = 0;
    for (size_t k = 0; k < s->count; k++) {
      struct jac_lsp_section *own = &s->section[k];
      size_t o = find_key(old, own->key, next);
      if (o < old->count) {
        size_t start = own->start;
        *own = old->section[o];
        own->start = start;
        old->section[o] = (struct jac_lsp_section){0};
        next = o + 1;
      } else {
        next++;
        if (milliseconds() - began < budget && !too_much(parts, k, old->cost, budget))
          judge_section(&d, parts, k, modules, s);
      }
    }
    jac_document_free(&d);
  }
  free(parts);
  s->cost = old->cost;
  jac_lsp_sections_free(old);
}

const struct jac_lsp_finding *jac_lsp_find(const struct jac_lsp_sections *s,
                                           size_t offset, size_t *section, size_t *k) {
  for (; *section < s->count; ++*section, *k = 0) {
    const struct jac_lsp_section *own = &s->section[*section];
    for (; *k < own->count; ++*k) {
      const struct jac_lsp_finding *f = &own->finding[*k];
      if (offset >= own->start + f->from && offset <= own->start + f->to) {
        ++*k;
        return f;
      }
    }
  }
  return NULL;
}
