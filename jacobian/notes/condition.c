/* Conditions: what claims hold only there, said in a row, a sentence or a heading. */
#include "jacobian/notes/section_internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

bool jac_condition_words(const struct jac_statement_written *st) {
  return st->role == '?' && st->count >= 1;
}

bool jac_condition_defines(const struct jac_statement_written *st) {
  static const char *const words[] = {"where", "o\xc3\xb9", "wo", "donde", "onde"};
  node *left = st->side[0].notation,
       *right = st->count == 2 ? st->side[1].notation : NULL;
  bool says = false;
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    says = says || strncasecmp(st->words + strspn(st->words, " "), words[k],
                               strlen(words[k])) == 0;
  return says && left && right && st->side[1].relation->id == JAC_C_EQUAL &&
         left->form == JAC_S_NAME && !jac_name_like(jac_inside(right)) &&
         right->form != JAC_S_LIST && !jac_number_alone(right);
}

/* "If x > 0, for j != y": both. */
static node *both_of(struct jac_section *s, node *one, node *other) {
  struct jac_syntax like = *other;
  like.form = JAC_S_LIST;
  like.text = ",";
  node *pair[2] = {one, other};
  return jac_notation_node(s->pool, &like, 2, pair);
}

/* k \ne i, j in brackets: of both; NULL: it is something else. */
static node *unequal_to_all(struct jac_section *s, node *list) {
  node *first = list->child[0], *all = first;
  if (first->form != JAC_S_CHAIN || first->count != 3 ||
      first->child[1]->row->id != JAC_C_UNEQUAL)
    return NULL;
  for (size_t k = 1; k < list->count && all; k++) {
    node *other = list->child[k], *child[3] = {first->child[0], first->child[1], other};
    if (other->form == JAC_S_NAME)
      other = jac_notation_node(s->pool, first, 3, child);
    else if (other->form != JAC_S_CHAIN)
      return NULL;
    all = other ? both_of(s, all, other) : NULL;
  }
  return all;
}

/* Long: each way to write one. i \ne j, (x > 0) alone: a condition; NULL: it is none.
 * Equal only in brackets, or where words say so. */
node *jac_bare_condition(struct jac_section *s, const struct jac_statement_written *st,
                         bool equal) {
  node *side = st->side[0].notation;
  if (!side || st->role == '&')
    return NULL;
  if (st->count == 1) {
    node *in = jac_inside(side);
    if (in->form == JAC_S_LIST)
      return unequal_to_all(s, in);
    if (in->form != JAC_S_CHAIN || in->count != 3)
      return NULL;
    enum jac_construct_id id = in->child[1]->row->id;
    return id == JAC_C_EQUAL || (id >= JAC_C_UNEQUAL && id <= JAC_C_ATLEAST) ? in : NULL;
  }
  node *other = st->side[1].notation;
  const struct jac_construct *row = st->side[1].relation;
  if (st->count == 3) { /* 1 < i < n */
    struct jac_statement_written half = *st;
    half.count = 2;
    node *one = jac_bare_condition(s, &half, false), *two = NULL;
    if (one && row->id != JAC_C_UNEQUAL) {
      struct jac_written ends[2] = {st->side[1], st->side[2]};
      half.side = ends;
      two = jac_bare_condition(s, &half, false);
    }
    return two ? both_of(s, one, two) : NULL;
  }
  if (st->count != 2 || !other || !row)
    return NULL;
  bool names =
      jac_name_like(side) && (jac_name_like(other) || other->form == JAC_S_NUMBER);
  if (!(row->id >= JAC_C_UNEQUAL && row->id <= JAC_C_ATLEAST) &&
      !(equal && names && row->id == JAC_C_EQUAL))
    return NULL;
  struct jac_syntax sign = {.form = JAC_S_SIGN, .text = "", .row = row};
  node *child[3] = {side, jac_notation_node(s->pool, &sign, 0, NULL), other};
  struct jac_syntax like = *side;
  like.form = JAC_S_CHAIN;
  like.text = "";
  like.row = NULL;
  like.number = 0;
  return child[1] ? jac_notation_node(s->pool, &like, 3, child) : NULL;
}

bool jac_stands_below(node *n, node *letter) {
  if (n && n->form == JAC_S_SCRIPT && n->child[1] &&
      jac_notation_has_name(n->child[1], letter->text))
    return true;
  for (size_t k = 0; n && k < n->count; k++)
    if (jac_stands_below(n->child[k], letter))
      return true;
  return false;
}

bool jac_condition_indices(const struct jac_section *s, size_t from,
                           const struct jac_statement_written *st) {
  node *a = st->side[0].notation, *b = st->count == 2 ? st->side[1].notation : NULL;
  if (!a || !b || a->form != JAC_S_NAME || b->form != JAC_S_NAME)
    return false;
  for (size_t j = from; j < s->links; j++) {
    const struct jac_link *l = &s->link[j];
    if ((jac_stands_below(l->left, a) || jac_stands_below(l->right, a)) &&
        (jac_stands_below(l->left, b) || jac_stands_below(l->right, b)))
      return true;
  }
  return false;
}

static bool speaks_of(const struct jac_link *link, node *n) {
  return (link->left && jac_notation_has_name(link->left, n->text)) ||
         (link->right && jac_notation_has_name(link->right, n->text));
}

/* Whether a sum in n binds the letter. */
static bool bound_in(node *n, node *letter) {
  if (n->form == JAC_S_BIG && n->child[0] &&
      jac_notation_has_name(n->child[0], letter->text))
    return true;
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k] && bound_in(n->child[k], letter))
      return true;
  return false;
}

/* Whether a definition has the letter below a name, free: y of L = -log p_y. */
static bool indexes(const struct jac_section *s, node *letter) {
  for (size_t k = 0; k < s->facts; k++) {
    const struct jac_fact *f = &s->fact[k];
    if (f->kind == JAC_FACT_DEFINITION && f->right &&
        jac_stands_below(f->right, letter) && !bound_in(f->right, letter) &&
        !jac_stands_below(f->left, letter))
      return true;
  }
  return false;
}

/* i = j, where only i stands in the link, and no definition is by j: some j is always
 * so. */
static bool of_another(const struct jac_section *s, const struct jac_link *link,
                       node *condition) {
  node *a = condition->child[0], *b = condition->child[2];
  enum jac_construct_id id = condition->child[1]->row->id;
  return condition->count == 3 && (id == JAC_C_EQUAL || id == JAC_C_UNEQUAL) &&
         a->form == JAC_S_NAME && b->form == JAC_S_NAME &&
         speaks_of(link, a) != speaks_of(link, b) &&
         !indexes(s, speaks_of(link, a) ? b : a);
}

/* Whether a link speaks of what a condition is about. */
static bool about(const struct jac_section *s, const struct jac_link *link,
                  node *condition) {
  for (size_t k = 0; condition->form == JAC_S_LIST && k < condition->count; k++)
    if (about(s, link, condition->child[k]))
      return true;
  if (condition->form == JAC_S_CHAIN && condition->child[1]->row->id == JAC_C_EQUAL &&
      condition->child[2]->form == JAC_S_NUMBER)
    return true; /* y = 1: of what it is made of, too */
  if (condition->form == JAC_S_CHAIN && of_another(s, link, condition))
    return false;
  for (size_t k = 0; k < condition->count; k += 2) {
    node *n = condition->child[k];
    n = n->form == JAC_S_SCRIPT ? n->child[0] : n;
    if (n->form == JAC_S_NAME && speaks_of(link, n))
      return true;
  }
  return false;
}

void jac_condition_of(struct jac_section *s, size_t from, node *condition, bool more) {
  for (size_t j = from; j < s->links; j++) {
    struct jac_link *l = &s->link[j];
    if (!l->reason && !l->problem && (!l->condition || more) && about(s, l, condition))
      l->condition = l->condition ? both_of(s, l->condition, condition) : condition;
  }
}

/* Words before a formula in a sentence that make it a condition of what follows. */
static bool says_when(const struct jac_document *document, const struct jac_item *item) {
  static const char *const words[] = {"for",
                                      "when",
                                      "if",
                                      "case",
                                      "si",
                                      "pour",
                                      "quand",
                                      "lorsque",
                                      "cuando",
                                      "para",
                                      "wenn",
                                      "falls",
                                      "f\xc3\xbcr",
                                      "caso",
                                      "quando",
                                      "se",
                                      "\xe5\xbd\x93",
                                      "\xe8\x8b\xa5",
                                      "\xe5\xa6\x82\xe6\x9e\x9c",
                                      "\xe5\xaf\xb9\xe4\xba\x8e",
                                      "khi",
                                      "n\xe1\xba\xbfu"};
  size_t from = item->start, bytes = 0;
  while (from > 0 && bytes < 60 && !strchr(".;\n$", document->source[from - 1]))
    from--, bytes++;
  /* What is left of a bracket that opens before it: ($i \ne j$). */
  if (item->start > 0 && document->source[item->start - 1] == '(')
    return true;
  for (size_t k = from; k < item->start; k++)
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
      size_t n = strlen(words[w]);
      bool alpha = (unsigned char)words[w][0] < 0x80;
      if (k + n > item->start || strncasecmp(document->source + k, words[w], n) != 0)
        continue;
      if (!alpha || ((k == from || !isalpha((unsigned char)document->source[k - 1])) &&
                     !isalpha((unsigned char)document->source[k + n])))
        return true;
    }
  return false;
}

/* Whether the lead-in still stands directly before the item: no sentence between. */
bool jac_condition_leads(const struct jac_section *s, const struct jac_document *document,
                         const struct jac_item *item) {
  size_t words = 0;
  for (size_t k = s->when_end; k < item->start && k < document->length; k++) {
    if (document->source[k] == '.' || document->source[k] == '#')
      return false;
    words += !isspace((unsigned char)document->source[k]);
  }
  return words < 120;
}

/* Whether one of the words stands at text[at], whole. */
static bool word_at(const struct jac_document *document, size_t at, size_t end,
                    const char *const *words, size_t count) {
  const char *text = document->source;
  for (size_t w = 0; w < count; w++) {
    size_t n = strlen(words[w]);
    bool alpha = (unsigned char)words[w][0] < 0x80;
    if (at + n <= end && strncasecmp(text + at, words[w], n) == 0 &&
        (!alpha || !isalpha((unsigned char)text[at + n])))
      return true;
  }
  return false;
}

bool jac_explains(const struct jac_section *s, const struct jac_document *document,
                  const struct jac_item *item) {
  static const char *const words[] = {"where",
                                      "with",
                                      "here",
                                      "in which",
                                      "o\xc3\xb9",
                                      "avec",
                                      "wobei",
                                      "mit",
                                      "donde",
                                      "con",
                                      "dove",
                                      "onde",
                                      "com",
                                      "em que",
                                      "waar",
                                      "gdzie",
                                      "kde",
                                      "\xd0\xb3\xd0\xb4\xd0\xb5",
                                      "\xe5\x85\xb6\xe4\xb8\xad",
                                      "\xe8\xbf\x99\xe9\x87\x8c",
                                      "\xe3\x81\x93\xe3\x81\x93\xe3\x81\xa7",
                                      "\xec\x97\xac\xea\xb8\xb0\xec\x84\x9c"};
  size_t from = s->display_end;
  if (!from || from >= item->start || item->start - from > 300)
    return false;
  const char *text = document->source;
  while (from < item->start &&
         (isspace((unsigned char)text[from]) || strchr(".,;:$\\]", text[from])))
    from++;
  if (!word_at(document, from, item->start, words, sizeof words / sizeof *words))
    return false;
  for (size_t k = from; k + 1 < item->start; k++)
    if (text[k] == '.' && isspace((unsigned char)text[k + 1]))
      return false;
  return true;
}

/* Whether the last word before an item is one of these. */
static bool last_word(const struct jac_document *document, const struct jac_item *item,
                      const char *const *words, size_t count) {
  const char *text = document->source;
  size_t end = item->start;
  while (end > 0 && (isspace((unsigned char)text[end - 1]) || text[end - 1] == '$'))
    end--;
  for (size_t w = 0; w < count; w++) {
    size_t n = strlen(words[w]);
    bool alpha = (unsigned char)words[w][0] < 0x80;
    if (n <= end && strncasecmp(text + end - n, words[w], n) == 0 &&
        (!alpha || n == end || !isalpha((unsigned char)text[end - n - 1])))
      return true;
  }
  return false;
}

bool jac_follows(const struct jac_document *document, const struct jac_item *item) {
  static const char *const words[] = {
      "so",      "thus",   "hence",       "therefore", "gives",   "yields", "get",
      "obtain",  "donc",   "d'o\xc3\xb9", "folglich",  "folgt",   "ergibt", "luego",
      "resulta", "quindi", "dunque",      "logo",      "portanto"};
  return last_word(document, item, words, sizeof words / sizeof *words);
}

bool jac_supposes(const struct jac_document *document, const struct jac_item *item) {
  static const char *const words[] = {"if",
                                      "suppose",
                                      "suppose that",
                                      "assume",
                                      "assume that",
                                      "when",
                                      "falls",
                                      "wenn",
                                      "\xe5\xa6\x82\xe6\x9e\x9c",
                                      "\xe8\x8b\xa5",
                                      "\xe5\x81\x87\xe8\xae\xbe"};
  return last_word(document, item, words, sizeof words / sizeof *words);
}

bool jac_asks(const struct jac_document *document, const struct jac_item *item) {
  static const char *const words[] = {
      "whether ",        "is it true that", "might think",         "might guess",
      "might expect",    "tempting",        "one could think",     "est-ce que",
      "pourrait croire", "stimmt es",       "k\xc3\xb6nnte meinen"};
  enum { NEAR = 300 };
  const char *text = document->source;
  size_t from = item->start;
  while (from > 0 && item->start - from < NEAR && !strchr(".?!#", text[from - 1]) &&
         !(text[from - 1] == '\n' && from > 1 && text[from - 2] == '\n'))
    from--;
  for (size_t w = 0; w < sizeof words / sizeof *words; w++)
    for (size_t k = from, n = strlen(words[w]); k + n <= item->start; k++)
      if (strncasecmp(text + k, words[w], n) == 0)
        return true;
  return false;
}

bool jac_denies(const struct jac_document *document, const struct jac_item *item) {
  static const char *const words[] = {"mistake",
                                      "is wrong",
                                      "wrong:",
                                      "incorrect:",
                                      "incorrectly",
                                      "not true",
                                      "misconc",
                                      "falsch:",
                                      "fehler",
                                      "faux",
                                      "erreur",
                                      "sbagliat",
                                      "errado",
                                      "err\xc3\xb3neo",
                                      "\xe9\x94\x99\xe8\xaf\xaf:",
                                      "\xe9\x94\x99\xe8\xaf\xaf\xef\xbc\x9a",
                                      "\xe2\x9d\x8c",
                                      "\xe2\x9c\x97",
                                      "\xe2\x9c\x98"};
  enum { NEAR = 160 };
  const char *text = document->source;
  size_t from = item->start;
  while (from > 0 && item->start - from < NEAR &&
         !(text[from - 1] == '$' && from < item->start) &&
         !(text[from - 1] == '\n' && from > 1 && text[from - 2] == '\n' &&
           from + 1 < item->start))
    from--;
  for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
    size_t n = strlen(words[w]);
    for (size_t k = from; k + n <= item->start; k++)
      if (strncasecmp(text + k, words[w], n) == 0)
        return true;
  }
  return false;
}

/* "is not zero for i = j only": a word behind it ties it to what stands before. */
static bool of_what_precedes(const struct jac_document *document,
                             const struct jac_item *item) {
  static const char *const words[] = {"only", "alone", "seulement", "nur", "solamente"};
  const char *behind = document->source + item->end;
  behind += strspn(behind, " \n");
  for (size_t w = 0; w < sizeof words / sizeof *words; w++)
    if (strncasecmp(behind, words[w], strlen(words[w])) == 0)
      return true;
  return false;
}

static bool in_heading(const struct jac_document *document, const struct jac_item *item) {
  size_t line = item->start;
  while (line > 0 && document->source[line - 1] != '\n')
    line--;
  return document->source[line] == '#';
}

/* A condition in a sentence waits for the display that follows it, in a heading for all
 * below it. */
bool jac_see_condition(struct jac_section *s, const struct jac_document *document,
                       const struct jac_item *item) {
  struct jac_display display;
  bool heading = in_heading(document, item);
  if (jac_display_read(s->pool, item->text, true, &display, NULL, NULL) ||
      display.count != 1)
    return false;
  bool when = heading || says_when(document, item);
  node *bare = when ? jac_bare_condition(s, &display.statement[0], true) : NULL;
  if (!bare)
    return false;
  if (!heading && of_what_precedes(document, item))
    return true;
  if (heading)
    s->under = bare;
  else
    s->when = s->when && jac_condition_leads(s, document, item)
                  ? both_of(s, s->when, bare)
                  : bare;
  s->when_end = item->end;
  s->when_used = false;
  return bare->form == JAC_S_CHAIN && bare->count == 3 &&
         bare->child[0]->form == JAC_S_NAME && bare->child[2]->form == JAC_S_NAME;
}

/* Of a list of conditions the last. */
static node *last_condition(node *condition) {
  return condition->form == JAC_S_LIST ? condition->child[condition->count - 1]
                                       : condition;
}

bool jac_condition_goes_on(struct jac_section *s, size_t from,
                           const struct jac_statement_written *st) {
  node *name = st->side[0].notation;
  bool any = false;
  for (size_t j = from;
       st->count == 1 && name && name->form == JAC_S_NAME && j < s->links; j++) {
    struct jac_link *l = &s->link[j];
    node *last = l->condition && !l->reason ? last_condition(l->condition) : NULL;
    if (!last || last->form != JAC_S_CHAIN || last->count != 3 ||
        last->child[1]->row->id != JAC_C_UNEQUAL)
      continue;
    node *child[3] = {last->child[0], last->child[1], name};
    node *other = jac_notation_node(s->pool, last, 3, child);
    if (other)
      l->condition = both_of(s, l->condition, other);
    any = any || other;
  }
  return any;
}
