/* What is wrong with a claim: the smallest change of its text that the judge accepts. */
#include "jacobian/judge/judge_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/elaborate/search.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const struct jac_syntax node;

/* Where a name stands, in the order of the text. */
struct stands {
  size_t start[32], end[32], count;
};

static void find_stands(node *n, node *name, struct stands *out) {
  if (!n)
    return;
  if (jac_notation_equal(n, name) && n->end > n->start && out->count < 32) {
    size_t at = out->count++;
    for (; at > 0 && out->start[at - 1] > n->start; at--) {
      out->start[at] = out->start[at - 1];
      out->end[at] = out->end[at - 1];
    }
    out->start[at] = n->start;
    out->end[at] = n->end;
    return;
  }
  for (size_t k = 0; k < n->count; k++)
    find_stands(n->child[k], name, out);
}

/* The right side with a name in another's place throughout. */
static void rename_text(const char *text, node *right, const struct stands *at,
                        const char *with, struct jac_buffer *out) {
  size_t from = right->start;
  for (size_t k = 0; k < at->count; k++) {
    jac_buffer_add_bytes(out, text + from, at->start[k] - from);
    jac_buffer_add(out, with);
    from = at->end[k];
  }
  jac_buffer_add_bytes(out, text + from, right->end - from);
}

/* A derivative of something by itself in it. */
static bool trivial(node *n) {
  struct jac_step step;
  if (n && jac_formal_step(n, &step) && jac_notation_equal(step.above, step.below))
    return true;
  for (size_t k = 0; n && k < n->count; k++)
    if (trivial(n->child[k]))
      return true;
  return false;
}

/* One reading of a claim, judged: quickly first. power: the choice of a power of a
 * matrix that it rests on, or NULL. */
static bool reads_true(const struct jac_claim_written *claim,
                       const struct jac_forced *forced, size_t nforced, size_t *work,
                       const char **power) {
  struct jac_pool pool = JAC_POOL_INIT;
  pool.most = (size_t)32 << 20;
  struct jac_elaboration *e = jac_memory_take(1, sizeof *e);
  *power = NULL;
  if (!e)
    return false;
  e->pool = &pool;
  e->forced = forced;
  e->nforced = nforced;
  struct run run;
  jac_run(e, claim, &run);
  size_t cost = 4000 + 100 * e->terms; /* to read it, as numbers computed */
  *work -= *work < cost ? *work : cost;
  bool holds = false;
  if (!run.unfit && !e->excuse && run.left && run.right && run.how == 0) {
    struct compared compared;
    jac_compare(e, &run, true, work, &compared);
    if (compared.outcome == OUT_HOLDS) {
      jac_compare(e, &run, false, work, &compared);
      holds = compared.outcome == OUT_HOLDS;
    }
  }
  for (size_t k = 0; k < e->nchoice; k++)
    if (strncmp(e->choice[k].site, "^:m", 3) == 0 && e->choice[k].pick == 0)
      *power = e->choice[k].site;
  jac_pool_free(&pool);
  free(e);
  return holds;
}

/* The whole right side with another text; true when it holds as it then stands, and says
 * more than that a thing is itself. A square that was put in is one of matrices, or of
 * entries. */
static bool tries(const struct jac_claim_written *claim, const struct jac_forced *forced,
                  size_t nforced, const char *text, size_t *work) {
  struct jac_claim_written other = *claim;
  struct jac_pool *pool = claim->scope->pool;
  node *right;
  if (jac_notation_read(pool, text, !claim->plain, &right, NULL, NULL))
    return false;
  if (trivial(right) || (jac_notation_has(right, claim->left) &&
                         !jac_notation_has(claim->right, claim->left)))
    return false;
  other.right = right;
  const char *power;
  if (reads_true(&other, forced, nforced, work, &power))
    return true;
  struct jac_forced more[JAC_FORCED + 1];
  if (!power || nforced > JAC_FORCED)
    return false;
  memcpy(more, forced, nforced * sizeof *more);
  more[nforced] = (struct jac_forced){.site = power, .pick = 1};
  return reads_true(&other, more, nforced + 1, work, &power);
}

static void settle(struct jac_judgement_of *judged, const char *words, const char *text) {
  snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", words);
  while (*text == ' ' || *text == '\n')
    text++;
  if (strlen(text) < sizeof judged->correction)
    snprintf(judged->correction, sizeof judged->correction, "%s", text);
}

/* Long: the edit in its places. dL/dy_i dy_i/dx_i, where all components of y hang on x_i:
 * the sum over them. */
static bool missing_sum(const struct jac_claim_written *claim,
                        const struct jac_forced *forced, size_t nforced, const char *own,
                        size_t *work, struct jac_judgement_of *judged) {
  static const char *const letters[] = {"j", "k", "l", "m"};
  node *right = claim->right, *names[JAC_CLAIM_NAMES];
  struct jac_step a, b;
  size_t count = 0, letter = 0;
  if (right->form != JAC_S_SIDE || claim->plain)
    return false;
  jac_claim_names(claim, names, &count);
  for (size_t k = 0; k < count && letter < 4; k++)
    if (jac_is_name(names[k], letters[letter])) {
      letter++;
      k = (size_t)-1;
    }
  for (size_t k = 0; k + 1 < right->count && letter < 4; k++) {
    if (!jac_formal_step(right->child[k], &a) ||
        !jac_formal_step(right->child[k + 1], &b) ||
        !jac_notation_equal(a.below, b.above) || a.below->form != JAC_S_SCRIPT ||
        !a.below->child[1] || a.below->child[1]->form != JAC_S_NAME)
      continue;
    node *first = a.below->child[1], *second = b.above->child[1];
    if (first->start < right->start || second->start < first->end)
      continue;
    struct jac_buffer edited = JAC_BUFFER_INIT;
    jac_buffer_printf(&edited, "\\sum_%s ", letters[letter]);
    jac_buffer_add_bytes(&edited, own, first->start - right->start);
    jac_buffer_add(&edited, letters[letter]);
    jac_buffer_add_bytes(&edited, own + (first->end - right->start),
                         second->start - first->end);
    jac_buffer_add(&edited, letters[letter]);
    jac_buffer_add(&edited, own + (second->end - right->start));
    char words[200], what[60];
    jac_spelled(claim->text, a.below->child[0], what, sizeof what);
    snprintf(words, sizeof words, _("the sum over the components of %s is missing"),
             what);
    bool good = !edited.failed && tries(claim, forced, nforced, edited.text, work);
    if (good)
      settle(judged, words, edited.text);
    jac_buffer_free(&edited);
    if (good)
      return true;
  }
  return false;
}

/* da = c dx: which differential is meant is hardly told by another that would do. */
static bool bare_d(const struct jac_claim_written *claim) {
  node *l = claim->left;
  return l->form == JAC_S_SIDE && l->count == 2 && jac_is_name(l->child[0], "d");
}

static void by_values(const struct compared *v, struct jac_judgement_of *judged) {
  char place[60] = "";
  int digits = jac_digits_apart(v->right, v->left);
  if (v->rows * v->cols > 1)
    snprintf(place, sizeof place, "(%zu,%zu)", v->row + 1, v->col + 1);
  const char *whole = v->zero ? _("it is zero, and the left side is not")
                      : v->diagonal
                          ? _("it is the diagonal only: the other entries are not zero")
                          : NULL;
  if (whole)
    snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", whole);
  else if (*place)
    snprintf(judged->diagnosis, sizeof judged->diagnosis,
             _("at a sample the entry %s is %.*g and should be %.*g"), place, digits,
             v->right, digits, v->left);
  else
    snprintf(judged->diagnosis, sizeof judged->diagnosis,
             _("at a sample it is %.*g and should be %.*g"), digits, v->right, digits,
             v->left);
}

/* d/dr stands in the claim: with another name for r it says something else. */
static bool moves(const struct jac_claim_written *claim, node *name) {
  const struct jac_usage *u =
      claim->own ? jac_usage_of(claim->own, jac_notation_key(claim->scope->pool, name))
                 : NULL;
  return u && u->denominator;
}

/* Long: which pairs are tried. One name in another's place throughout. */
static void rename_throughout(const struct jac_claim_written *claim,
                              const struct jac_forced *forced, size_t nforced,
                              node *const names[JAC_CLAIM_NAMES], size_t count,
                              size_t *work, struct jac_judgement_of *judged) {
  bool done = false;
  for (size_t k = 0; k < count * count && *work && !done; k++) {
    node *from = names[k / count], *to = names[k % count];
    struct stands at = {.count = 0};
    if (from == to || from->form != JAC_S_NAME || to->form != JAC_S_NAME ||
        strchr(to->text, '_') || (to->text[1] && !claim->plain))
      continue;
    find_stands(claim->right, from, &at);
    if (at.count < 2 || at.count == 32)
      continue;
    struct jac_buffer edited = JAC_BUFFER_INIT;
    rename_text(claim->text, claim->right, &at, to->text, &edited);
    done = !edited.failed && tries(claim, forced, nforced, edited.text, work);
    if (done) {
      char words[200];
      snprintf(words, sizeof words, _("%s stands where %s was meant"), from->text,
               to->text);
      settle(judged, words, edited.text);
      judged->weak = bare_d(claim) || jac_no_quantity(claim->evidence, from->text) ||
                     jac_no_quantity(claim->evidence, to->text) || moves(claim, from);
    }
    jac_buffer_free(&edited);
  }
}

/* Long: the edit in its places. Two names each in the other's place: f'(g(x)) g'(x) for
 * g'(f(x)) f'(x). */
static void exchange(const struct jac_claim_written *claim,
                     const struct jac_forced *forced, size_t nforced,
                     node *const names[JAC_CLAIM_NAMES], size_t count, size_t *work,
                     struct jac_judgement_of *judged) {
  node *right = claim->right;
  for (size_t k = 0; k < count * count && *work; k++) {
    node *a = names[k / count], *b = names[k % count];
    struct stands of[2] = {{.count = 0}, {.count = 0}};
    char spelled[2][40], words[200];
    if (k / count >= k % count || a->form != JAC_S_NAME || b->form != JAC_S_NAME)
      continue;
    find_stands(right, a, &of[0]);
    find_stands(right, b, &of[1]);
    if (!of[0].count || !of[1].count || of[0].count == 32 || of[1].count == 32)
      continue;
    for (int side = 0; side < 2; side++)
      snprintf(spelled[side], sizeof spelled[side], "%.*s",
               (int)(of[side].end[0] - of[side].start[0]),
               claim->text + of[side].start[0]);
    struct jac_buffer edited = JAC_BUFFER_INIT;
    size_t from = right->start, at[2] = {0, 0};
    while (at[0] < of[0].count || at[1] < of[1].count) {
      int side = at[0] == of[0].count ||
                 (at[1] < of[1].count && of[1].start[at[1]] < of[0].start[at[0]]);
      size_t place = at[side]++;
      jac_buffer_add_bytes(&edited, claim->text + from, of[side].start[place] - from);
      jac_buffer_add(&edited, spelled[!side]);
      from = of[side].end[place];
    }
    jac_buffer_add_bytes(&edited, claim->text + from, right->end - from);
    bool done = !edited.failed && tries(claim, forced, nforced, edited.text, work);
    snprintf(words, sizeof words, _("%s and %s stand in each other's place"), spelled[0],
             spelled[1]);
    if (done)
      settle(judged, words, edited.text);
    jac_buffer_free(&edited);
    if (done)
      return;
  }
}

/* What the ratio says; nothing where any two numbers have one. */
static void ratio_words(const struct compared *v, char *words, size_t size) {
  double r = v->ratio;
  words[0] = '\0';
  if (v->opposite)
    snprintf(words, size, "%s", _("it has the opposite sign"));
  else if (v->size_name[0] && v->size_ratio > 0)
    snprintf(words, size, _("there is a factor %s too many"), v->size_name);
  else if (v->size_name[0])
    snprintf(words, size, _("a factor %s is missing"), v->size_name);
  else if (fabs(r) >= 1 && fabs(r - round(r)) < 1e-9)
    snprintf(words, size, _("there is a factor %g too many"), r);
  else if (fabs(1 / r - round(1 / r)) < 1e-9)
    snprintf(words, size, _("a factor %g is missing"), 1 / r);
  else if (v->rows * v->cols > 1 && fabs(r - 1) > 1e-5)
    snprintf(words, size, _("it is %.6g times the left side"), r);
}

/* Behind the number that a product begins with, which times *number; what stands there
 * otherwise. */
static const char *behind_number(const char *at, bool plain, double *number) {
  static const char digits[] = "0123456789.", fraction[] = "\\frac{";
  const char *const between[] = {" ", "*", "\\cdot ", "\\times ", "\\,", "~"};
  size_t length = strspn(at, digits);
  if (length > 0) {
    *number *= strtod(at, NULL);
    at += length;
  } else if (!plain && strncmp(at, fraction, sizeof fraction - 1) == 0) {
    const char *above = at + sizeof fraction - 1;
    const char *below = above + strspn(above, digits);
    const char *end =
        strncmp(below, "}{", 2) == 0 ? below + 2 + strspn(below + 2, digits) : below;
    if (below == above || end <= below + 2 || *end != '}')
      return at;
    *number *= strtod(above, NULL) / strtod(below + 2, NULL);
    at = end + 1;
  }
  for (size_t k = 0; k < sizeof between / sizeof between[0];)
    if (strncmp(at, between[k], strlen(between[k])) == 0) {
      at += strlen(between[k]);
      k = 0;
    } else
      k++;
  return at;
}

/* A product that begins with a number, with the number that it should have: of 2 W that
 * is twice too much W, not 1/2 2 W. False: it begins with none, or that is no number that
 * one writes. */
static bool renumber(const char *own, bool plain, double ratio, char *text, size_t size) {
  double number = *own == '-' ? -1.0 : 1.0;
  const char *first = own + (*own == '-');
  const char *rest = behind_number(first + strspn(first, " "), plain, &number);
  double wanted = number / ratio, whole = fabs(wanted), part = 1.0 / whole;
  const char *sign = wanted < 0.0 ? "-" : "";
  if (rest == first || *rest == '\0' || strchr("^_!/+-0123456789.", *rest) != NULL)
    return false;
  if (fabs(whole - 1.0) < 1e-9)
    snprintf(text, size, "%s%s", sign, rest);
  else if (fabs(whole - round(whole)) < 1e-9 && whole < 100.0)
    snprintf(text, size, plain ? "%s%g*%s" : "%s%g %s", sign, whole, rest);
  else if (fabs(part - round(part)) < 1e-9 && part < 100.0)
    snprintf(text, size, plain ? "%s1/%g*%s" : "%s\\frac{1}{%g} %s", sign, part, rest);
  else
    return false;
  return true;
}

/* The brace that closes what begins here, or the end. */
static const char *closing_brace(const char *at) {
  for (int depth = 1; *at != '\0'; at++) {
    depth += (*at == '{') - (*at == '}');
    if (depth == 0)
      break;
  }
  return at;
}

/* A fraction over a number, with the number that it should have: W/3, not 2 W/6. False:
 * it is none, or that is no number. */
static bool redivide(const char *own, double ratio, char *text, size_t size) {
  static const char fraction[] = "\\frac{";
  const char *above = own + (*own == '-') + sizeof fraction - 1;
  if (strncmp(own + (*own == '-'), fraction, sizeof fraction - 1) != 0)
    return false;
  const char *end = closing_brace(above);
  if (strncmp(end, "}{", 2) != 0)
    return false;
  char *close;
  double wanted = strtod(end + 2, &close) * ratio, times = 1.0 / wanted;
  int before = *own == '-', length = (int)(end - above);
  bool signs = strcspn(above, "+-") < (size_t)length, one = fabs(wanted - 1.0) < 1e-9;
  if (close == end + 2 || strcmp(close, "}") != 0 || wanted <= 0.0 || wanted > 999.0)
    return false;
  if (one || (times < 100.0 && fabs(times - round(times)) < 1e-9)) {
    char factor[16] = "";
    if (!one)
      snprintf(factor, sizeof factor, "%g ", times);
    snprintf(text, size, signs && (before || !one) ? "%.*s%s(%.*s)" : "%.*s%s%.*s",
             before, own, factor, length, above);
    return true;
  }
  if (fabs(wanted - round(wanted)) > 1e-9)
    return false;
  snprintf(text, size, "%.*s\\frac{%.*s}{%g}", before, own, length, above, wanted);
  return true;
}

void jac_explain(const struct jac_claim_written *claim, const struct jac_forced *forced,
                 size_t nforced, const struct compared *v, size_t *work,
                 struct jac_judgement_of *judged) {
  bool shape = judged->shapes;
  if (!shape)
    by_values(v, judged);
  node *right = claim->right;
  size_t length = right->end > right->start ? right->end - right->start : 0;
  if (!claim->correct || !claim->text || length == 0 || length > 300)
    return;
  char *own = jac_memory_take(length + 1, 1);
  struct jac_changes *c = jac_memory_take(1, sizeof *c);
  if (!own || !c) {
    free(own);
    free(c);
    return;
  }
  memcpy(own, claim->text + right->start, length);
  own[length] = '\0';
  char text[480], words[200];
  bool sum = right->form == JAC_S_TERMS && right->count > 1;
  if (!shape && v->ratio != 0) {
    ratio_words(v, words, sizeof words);
    double r = v->ratio;
    text[0] = '\0';
    if (v->opposite)
      snprintf(text, sizeof text,
               sum             ? "-(%s)"
               : own[0] == '-' ? "%s"
                               : "-%s",
               own[0] == '-' && !sum ? own + 1 : own);
    else if (!sum && (redivide(own, r, text, sizeof text) ||
                      renumber(own, claim->plain, r, text, sizeof text)))
      ;
    else if (fabs(1 / r - round(1 / r)) < 1e-9 && fabs(1 / r) < 100)
      snprintf(text, sizeof text, sum ? "%g (%s)" : "%g %s", 1 / r, own);
    else if (fabs(r - round(r)) < 1e-9 && fabs(r) < 100)
      snprintf(text, sizeof text,
               claim->plain ? (sum ? "1/%g*(%s)" : "1/%g*%s")
                            : (sum ? "\\frac{1}{%g} (%s)" : "\\frac{1}{%g} %s"),
               r, own);
    bool mended = *text && tries(claim, forced, nforced, text, work);
    if (mended && words[0] == '\0')
      snprintf(words, sizeof words, _("there is a factor %g too many"), r);
    if (mended)
      settle(judged, words, text);
    else if (*words)
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", words);
    if (mended || v->rows * v->cols > 1) { /* any two numbers have a ratio */
      free(own);
      free(c);
      return;
    }
  }
  c->text = claim->text;
  c->plain = claim->plain;
  c->evidence = claim->evidence;
  if (!shape && v->transposed && v->rows > 1 && v->cols > 1) {
    node *last = right->form == JAC_S_SCRIPT && !right->child[1] ? right->child[2] : NULL;
    if (jac_is_name(last, "T") || jac_is_name(last, "top")) /* W^T for W */
      jac_spelled(claim->text, right->child[0], text, sizeof text);
    else
      snprintf(text, sizeof text,
               claim->plain                ? "(%s)'"
               : right->form == JAC_S_NAME ? "%s^\\top"
                                           : "\\left(%s\\right)^\\top",
               own);
    if (tries(claim, forced, nforced, text, work)) {
      settle(judged, _("it is the transpose"), text);
      free(own);
      free(c);
      return;
    }
  }
  if (!shape && missing_sum(claim, forced, nforced, own, work, judged)) {
    free(own);
    free(c);
    return;
  }
  node *names[JAC_CLAIM_NAMES];
  size_t count = 0;
  jac_claim_names(claim, names, &count);
  jac_changes_find(c, right, names, count);
  for (size_t k = 0; k < c->count && *work; k++) {
    const struct jac_change *change = &c->list[k];
    if (change->start < right->start || change->end > right->end)
      continue;
    size_t before = change->start - right->start, after = change->end - right->start;
    struct jac_buffer edited = JAC_BUFFER_INIT;
    jac_buffer_add_bytes(&edited, own, before);
    jac_buffer_add(&edited, change->with);
    jac_buffer_add(&edited, own + after);
    bool good = !edited.failed && tries(claim, forced, nforced, edited.text, work);
    if (good)
      settle(judged, change->words, edited.text);
    judged->weak = good && (change->weak || (change->renames && bare_d(claim)) ||
                            (change->reorders && jac_form_of_numbers(claim)));
    jac_buffer_free(&edited);
    if (good)
      break;
  }
  if (!*judged->correction && *work)
    exchange(claim, forced, nforced, names, count, work, judged);
  if (!*judged->correction && *work)
    rename_throughout(claim, forced, nforced, names, count, work, judged);
  free(own);
  free(c);
}
