/* Second thoughts about a refutation: what the text around the claim says. */
#include "jacobian/notes/judge_doubt.h"

#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/section_internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const struct jac_fact *jac_doubt_definition(const struct judging *j, node *name) {
  bool derivative;
  if (name->form == JAC_S_SIDE && name->count == 2 && name->child[1]->form == JAC_S_GROUP)
    name = name->child[0];
  return jac_name_like(name)
             ? jac_section_defined(&j->section, jac_notation_key(j->section.pool, name),
                                   &derivative)
             : NULL;
}

/* Long: the ways to write it. The name that a derivative is of: f of f'(x), df/dx, d/dx
 * f(x), \nabla f; or NULL. */
node *jac_doubt_differentiated(node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_SIDE) {
    node *first = n->child[0];
    bool sign =
        (first->form == JAC_S_FRACTION &&
         jac_is_differential(jac_inside(first->child[0]))) ||
        jac_is_name(first->form == JAC_S_SCRIPT ? first->child[0] : first, "nabla");
    bool alone = n->count == 2 || (n->count == 3 && n->child[2]->form == JAC_S_GROUP);
    node *of = jac_doubt_differentiated(first);
    return of ? of : sign && alone && jac_name_like(n->child[1]) ? n->child[1] : NULL;
  }
  if (n->form == JAC_S_SCRIPT && n->number > 0)
    return n->child[0];
  if (n->form != JAC_S_FRACTION)
    return NULL;
  node *above = jac_inside(n->child[0]);
  return above->form == JAC_S_SIDE && jac_is_differential(above->child[0]) &&
                 jac_name_like(above->child[1])
             ? above->child[1]
             : NULL;
}

/* Whether something is claimed between two facts: then the later is what follows is of.
 */
static bool claimed_between(const struct jac_section *s, size_t one, size_t other) {
  for (size_t k = 0; k < s->links; k++)
    if (s->link[k].visible > one && s->link[k].visible <= other && !s->link[k].reason)
      return true;
  return false;
}

/* f(x) = 4 x^2, f(x) = \sin x, f(x) = 5 e^x in sentences: of which, the claim does not
 * say. */
bool jac_doubt_several(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r) {
  (void)r;
  node *f = jac_doubt_differentiated(link->left);
  const struct jac_fact *first = NULL;
  if (!f)
    return false;
  const char *key = jac_notation_key(j->section.pool, f);
  for (size_t k = 0; k < link->visible && k < j->section.facts; k++) {
    const struct jac_fact *fact = &j->section.fact[k];
    struct jac_definition d;
    if (fact->kind != JAC_FACT_DEFINITION || !fact->passing || !fact->right ||
        !jac_definition_read(j->section.pool, fact->left, &d) || d.key != key ||
        !d.params)
      continue;
    if (first && !jac_notation_equal(first->right, fact->right) &&
        !claimed_between(&j->section, (size_t)(first - j->section.fact), k))
      return true;
    first = fact;
  }
  return false;
}

/* \psi = c in a sentence, and a derivative of \psi: where it is c, not what it is. */
bool jac_doubt_level(const struct judging *j, const struct jac_link *link,
                     const struct jac_judgement_of *r) {
  (void)r;
  const struct jac_fact *d = jac_doubt_definition(j, link->left);
  for (size_t k = 0; k < j->section.facts; k++) {
    const struct jac_fact *f = &j->section.fact[k];
    if (f->kind == JAC_FACT_DEFINITION && f->passing && f->right &&
        f->right->form == JAC_S_NAME && jac_name_like(f->left) &&
        !jac_doubt_definition(j, f->right) &&
        (jac_notation_has(link->left, f->left) ||
         (d && d->right && jac_notation_has(d->right, f->left))) &&
        !jac_notation_has(link->right, f->right))
      return true;
  }
  return false;
}

/* f'(x) = 2 \implies 2x + 4 = 2: where it is so. */
bool jac_doubt_implies(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r) {
  static const char *const signs[] = {"\\Longrightarrow", "\\Rightarrow", "\\implies",
                                      "\\iff", "\\Leftrightarrow"};
  (void)j;
  (void)r;
  if (!jac_number_alone(link->right) || link->end > link->item->length)
    return false;
  const char *text = link->item->text + link->end;
  size_t k = strspn(text, " ~&}");
  while (strncmp(text + k, "\\quad", 5) == 0 || strncmp(text + k, "\\,", 2) == 0) {
    k += text[k + 1] == 'q' ? 5 : 2;
    k += strspn(text + k, " ~&");
  }
  for (size_t w = 0; w < sizeof signs / sizeof *signs; w++)
    if (strncmp(text + k, signs[w], strlen(signs[w])) == 0)
      return true;
  return false;
}

/* \cancel{...}: struck out, and what then? */
bool jac_doubt_struck_out(const struct judging *j, const struct jac_link *link,
                          const struct jac_judgement_of *r) {
  (void)j;
  (void)r;
  const char *text = link->item->text, *at = text ? strstr(text, "cancel") : NULL;
  return at && at > text && (at[-1] == '\\' || at[-1] == 'b' || at[-1] == 'x');
}

static bool says(const struct judging *j, enum jac_saying saying) {
  for (size_t k = 0; k < j->section.facts; k++)
    if (j->section.fact[k].kind == JAC_FACT_MEANING &&
        j->section.fact[k].saying == saying)
      return true;
  return false;
}

/* f'(2) f'(-1), 7: functions at numbers, and numbers. */
static bool values_alone(node *n) {
  if (jac_name_like(n))
    return n->row != NULL;
  for (size_t k = 0; k < n->count; k++) {
    bool called = n->form == JAC_S_SIDE && k + 1 < n->count &&
                  jac_name_like(n->child[k]) && n->child[k + 1]->form == JAC_S_GROUP;
    if (n->child[k] && !called && !values_alone(n->child[k]))
      return false;
  }
  return true;
}

bool jac_doubt_read_off(const struct judging *j, const struct jac_link *link,
                        const struct jac_judgement_of *r) {
  (void)r;
  return says(j, JAC_SAYS_READ_OFF) && values_alone(link->left) &&
         values_alone(link->right);
}

bool jac_doubt_modular(const struct judging *j, const struct jac_link *link,
                       const struct jac_judgement_of *r) {
  (void)link;
  (void)r;
  return says(j, JAC_SAYS_MODULAR);
}

/* f'(x) = 1/8 = (1 - x^2)/(1 + x^2)^2: where it is so. */
bool jac_doubt_asked(const struct judging *j, const struct jac_link *link,
                     const struct jac_judgement_of *r) {
  const struct jac_link *next = link + 1;
  (void)r;
  return jac_number_alone(link->right) && next < j->section.link + j->section.links &&
         next->item == link->item && next->left == link->left && next->right &&
         !jac_number_alone(next->right);
}

/* with g(x) = \sin x, behind the claim: of another than before. */
bool jac_doubt_behind(const struct judging *j, const struct jac_link *link,
                      const struct jac_judgement_of *r) {
  (void)r;
  for (size_t k = link->visible; k < j->section.facts; k++) {
    const struct jac_fact *f = &j->section.fact[k];
    struct jac_definition d;
    if (f->kind == JAC_FACT_DEFINITION && f->explains && f->right &&
        jac_definition_read(j->section.pool, f->left, &d) && d.params &&
        (jac_notation_has(link->left, d.name) || jac_notation_has(link->right, d.name)) &&
        jac_doubt_definition(j, d.name))
      return true;
  }
  return false;
}

/* Whether one of the words begins in the bytes before an item; no command, \to. */
static bool words_before(const struct judging *j, const struct jac_item *item,
                         size_t bytes, const char *const *words, size_t count) {
  size_t to = item->start, from = to > bytes ? to - bytes : 0;
  for (size_t w = 0; w < count; w++)
    for (size_t k = from, n = strlen(words[w]); k + n <= to; k++) {
      const char *at = j->document->source + k;
      if (strncasecmp(at, words[w], n) == 0 &&
          !(k && (at[-1] == '\\' || isalpha((unsigned char)at[-1]))))
        return true;
    }
  return false;
}

/* "two differentiable functions $f(x)$ and $g(x)$" between a definition and the claim:
 * whether a name is said there to be a function, without a word of which. */
static bool given_anew(const struct judging *j, const struct jac_item *item,
                       const struct jac_fact *d, node *name) {
  static const char *const words[] = {"functions", "fonctions", "funktionen",
                                      "funciones", "funzioni",  "fun\xc3\xa7\xc3\xb5"};
  size_t length = strlen(name->text);
  for (const struct jac_item *one = j->document->item; one < item; one++) {
    bool so = one->kind == JAC_ITEM_INLINE && !memchr(one->text, '=', one->length) &&
              one->length >= length && strncmp(one->text, name->text, length) == 0 &&
              !isalpha((unsigned char)one->text[length]) &&
              jac_document_place(j->document, one->start).line > d->line;
    if (so && words_before(j, one, 60, words, sizeof words / sizeof *words))
      return true;
  }
  return false;
}

static bool is_given_anew(node *n, const void *of) {
  const struct jac_doubted *at = of;
  const struct jac_fact *d =
      n->form == JAC_S_NAME && !n->row ? jac_doubt_definition(at->j, n) : NULL;
  return d && d->line && given_anew(at->j, at->link->item, d, n);
}

bool jac_doubt_given_anew(const struct judging *j, const struct jac_link *link,
                          const struct jac_judgement_of *r) {
  (void)r;
  return jac_notation_any(link->left, is_given_anew, &(struct jac_doubted){j, link});
}

/* there exists t such that g(b) - g(a) = g'(t) (b - a): of one, not of any. */
bool jac_doubt_exists(const struct judging *j, const struct jac_link *link,
                      const struct jac_judgement_of *r) {
  static const char *const words[] = {
      "there exist",    "there is a",     "mean value theorem",
      "il existe",      "accroissements", "es gibt ein",
      "mittelwertsatz", "existe un",      "esiste un"};
  (void)r;
  return words_before(j, link->item, 250, words, sizeof words / sizeof *words);
}

/* Setting this to zero, u'(x) v(y) = u(x) v'(y): where it is so. */
bool jac_doubt_set_to_zero(const struct judging *j, const struct jac_link *link,
                           const struct jac_judgement_of *r) {
  static const char *const words[] = {"to zero",
                                      "to 0",
                                      "to $0$",
                                      "equal zero",
                                      "first-order condition",
                                      "first order condition",
                                      "at the optimum",
                                      "en annulant",
                                      "\xc3\xa0 z\xc3\xa9ro",
                                      "nullsetzen",
                                      "gleich null",
                                      "a cero",
                                      "a zero"};
  (void)r;
  return !jac_doubt_differentiated(link->left) &&
         words_before(j, link->item, 60, words, sizeof words / sizeof *words);
}

/* x = 0, (0, 2), P(1, -1): signs and digits, with a comma in brackets or behind '='. */
static bool says_point(const char *text, size_t length) {
  size_t comma = 0, equal = 0, digits = 0, letters = 0;
  for (size_t k = 0; k < length; k++) {
    char c = text[k];
    comma += c == ',';
    equal += c == '=';
    digits += isdigit((unsigned char)c) != 0;
    letters += isalpha((unsigned char)c) != 0;
    if (isalpha((unsigned char)c) && equal) /* z = 3t */
      return false;
    if (!isalnum((unsigned char)c) && !strchr("(),=-. ;\\{}_", c))
      return false;
  }
  return digits > 0 && letters <= 2 && (equal == 1 || (equal == 0 && comma > 0));
}

bool jac_doubt_point_said(const struct judging *j, const struct jac_item *item) {
  enum { BEFORE = 600 };
  const struct jac_document *d = j->document;
  for (const struct jac_item *one = d->item; one < item; one++)
    if (one->kind == JAC_ITEM_INLINE && one->end + BEFORE > item->start &&
        says_point(one->text, one->length))
      return true;
  return false;
}

/* Whether a line is of an item: of LaTeX, whose list may have begun far above. */
static bool within_item(const struct jac_document *d, size_t line) {
  enum { ABOVE = 12, FAR = 400 };
  if (jac_item_among(d, line > ABOVE ? line - ABOVE : 1, line))
    return true;
  for (size_t k = line; k > 0 && k + FAR > line; k--) {
    const char *at = d->source + d->line[k - 1];
    at += strspn(at, " \t");
    if (strncmp(at, "\\begin{enum", 11) == 0 || strncmp(at, "\\begin{item", 11) == 0 ||
        strncmp(at, "\\end{enum", 9) == 0 || strncmp(at, "\\end{item", 9) == 0)
      return false;
    if (*at == '\\' && strncmp(at, "\\begin", 6) != 0 && jac_item_among(d, k, k))
      return true;
  }
  return false;
}

/* Of what is defined several times the last one up to a line. */
static const struct jac_fact *last_before(const struct judging *j,
                                          const struct jac_fact *d, size_t line) {
  const struct jac_fact *last = d;
  for (size_t k = 0; d && k < j->section.facts; k++) {
    const struct jac_fact *f = &j->section.fact[k];
    if (f->kind == JAC_FACT_DEFINITION && f->line && f->line <= line &&
        jac_notation_equal(f->left, d->left))
      last = f;
  }
  return last;
}

/* Whether f is defined in an item of a list, and the line is of another one. */
static bool of_other_item(const struct judging *j, const struct jac_fact *d, bool curly,
                          size_t line) {
  struct jac_definition read;
  d = last_before(j, d, line);
  return d && d->line && jac_definition_read(j->section.pool, d->left, &read) &&
         (read.params || !curly) && within_item(j->document, d->line) &&
         jac_item_among(j->document, d->line + 1, line);
}

/* The same of a name: y of d/dx [x y], of 1 + dy/dx. */
static bool is_of_other_item(node *n, const void *of) {
  const struct jac_doubted *at = of;
  size_t line = jac_document_place(at->j->document, at->link->item->start).line;
  return jac_name_like(n) &&
         of_other_item(at->j, jac_doubt_definition(at->j, n), false, line);
}

/* f of an item of a list, in another one. */
bool jac_doubt_other_item(const struct judging *j, const struct jac_link *link,
                          const struct jac_judgement_of *r) {
  node *f = jac_doubt_differentiated(link->left);
  const struct jac_fact *own = jac_doubt_definition(j, link->left), /* y' = ... */
      *d = own ? own
           : f ? jac_doubt_definition(j, f)
               : NULL;
  (void)r;
  bool curly = jac_notation_has_name(link->left, "partial") ||
               jac_notation_has_name(link->left, "nabla");
  size_t line = jac_document_place(j->document, link->item->start).line;
  return of_other_item(j, d, curly, line) ||
         (jac_notation_has_name(link->left, "d") &&
          jac_notation_any(link->left, is_of_other_item, &(struct jac_doubted){j, link}));
}

/* d(X^T X) in a text on It\^o's formula. */
bool jac_doubt_of_processes(const struct judging *j, const struct jac_link *link,
                            const struct jac_judgement_of *r) {
  (void)r;
  node *left = link->left;
  bool differential = left->form == JAC_S_SIDE && jac_is_name(left->child[0], "d");
  return differential && says(j, JAC_SAYS_STOCHASTIC);
}
