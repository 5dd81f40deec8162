/* What is wrong with a claim: the smallest change of its text that the judge accepts. */
#include "jacobian/judge/judge_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JAC_EXPLAIN_WORK = 4000000 };

typedef const struct jac_syntax node;

/* A change: the text with bytes [start, end) replaced. */
struct change {
  size_t start, end;
  char with[120];
  char words[200];
};

struct changes {
  struct change list[160];
  size_t count;
  const char *text;
  bool plain;
  const struct jac_claim_written *claim;
};

static void add(struct changes *c, size_t start, size_t end, const char *with,
                const char *words) {
  if (c->count == sizeof c->list / sizeof *c->list || strlen(with) >= 120)
    return;
  struct change *one = &c->list[c->count++];
  one->start = start;
  one->end = end;
  snprintf(one->with, sizeof one->with, "%s", with);
  snprintf(one->words, sizeof one->words, "%s", words);
}

static void spelled(const struct changes *c, node *n, char *out, size_t size) {
  size_t length = n->end - n->start;
  if (length >= size)
    length = size - 1;
  memcpy(out, c->text + n->start, length);
  out[length] = '\0';
}

static bool name_like(node *n) {
  return n->form == JAC_S_NAME ||
         (n->form == JAC_S_SCRIPT && n->child[0]->form == JAC_S_NAME);
}

static bool top(node *n) {
  return n && (jac_is_name(n, "T") || jac_is_name(n, "top"));
}

static void transposes(struct changes *c, node *n) {
  char what[60], words[200], with[120];
  if (n->form == JAC_S_SCRIPT && top(n->child[2]) && n->end > n->child[0]->end) {
    node *base = n->child[0];
    if (n->child[1])
      return;
    spelled(c, base, what, sizeof what);
    snprintf(words, sizeof words, _("%s is transposed, and should not be"), what);
    add(c, base->end, n->end, "", words);
    return;
  }
  bool group = n->form == JAC_S_GROUP && n->text[0] == '(';
  bool fraction = n->form == JAC_S_FRACTION;
  if ((n->form == JAC_S_SCRIPT && n->child[2]) || n->number > 0)
    return;
  if (!name_like(n) && !group && !fraction)
    return;
  if (jac_is_name(n, "partial") || jac_is_name(n, "d") || n->row)
    return;
  spelled(c, n, what, sizeof what);
  if (strlen(what) + 20 >= sizeof with)
    return;
  if (fraction)
    snprintf(with, sizeof with, c->plain ? "(%s)'" : "\\left(%s\\right)^\\top", what);
  else
    snprintf(with, sizeof with, c->plain ? "%s'" : "%s^\\top", what);
  snprintf(words, sizeof words, _("%s should be transposed"), what);
  add(c, n->start, n->end, with, words);
}

static void swaps(struct changes *c, node *n) {
  if (n->form != JAC_S_SIDE && n->form != JAC_S_INFIX)
    return;
  if (n->form == JAC_S_INFIX && n->row->role == JAC_ROLE_CONDITION)
    return;
  for (size_t k = 0; k + 1 < n->count; k++) {
    node *a = n->child[k], *b = n->child[k + 1];
    char first[60], second[60], between[40], with[160], words[200];
    if (b->start < a->end || b->end - b->start >= 55 || a->end - a->start >= 55 ||
        b->start - a->end >= 30)
      continue;
    spelled(c, a, first, sizeof first);
    spelled(c, b, second, sizeof second);
    memcpy(between, c->text + a->end, b->start - a->end);
    between[b->start - a->end] = '\0';
    snprintf(with, sizeof with, "%s%s%s", second, *between ? between : " ", first);
    snprintf(words, sizeof words, _("%s and %s stand in the wrong order"), first, second);
    if (strlen(with) < 118)
      add(c, a->start, b->end, with, words);
  }
}

static void signs(struct changes *c, node *n) {
  if (n->form != JAC_S_TERMS)
    return;
  for (size_t k = 0; k < n->count; k++) {
    size_t from = k ? n->child[k - 1]->end : n->start, to = n->child[k]->start;
    char words[200], what[60], with[40];
    spelled(c, n->child[k], what, sizeof what);
    snprintf(words, sizeof words, _("the sign before %s is wrong"), what);
    if (!k && n->text[0] == ' ')
      continue;
    if (to < from || to - from >= 30)
      continue;
    char between[40];
    memcpy(between, c->text + from, to - from);
    between[to - from] = '\0';
    char *sign = strchr(between, n->text[k]);
    if (!sign)
      continue;
    *sign = n->text[k] == '-' ? '+' : '-';
    snprintf(with, sizeof with, "%s", between);
    add(c, from, to, with, words);
  }
}

/* Names of the claim and of its left side, to stand for one another. */
static void gather(node *n, node *names[24], size_t *count) {
  if (!n)
    return;
  if (n->form == JAC_S_NAME || (n->form == JAC_S_SCRIPT && name_like(n))) {
    if (jac_is_name(n, "partial") || jac_is_name(n, "d") || top(n) || n->row)
      return;
    for (size_t k = 0; k < *count; k++)
      if (jac_notation_equal(names[k], n))
        return;
    if (*count < 24)
      names[(*count)++] = n;
    if (n->form == JAC_S_SCRIPT) {
      gather(n->child[0], names, count);
      gather(n->child[1], names, count);
    }
    return;
  }
  for (size_t k = 0; k < n->count; k++)
    gather(n->child[k], names, count);
}

static void renames(struct changes *c, node *n, node *const names[24], size_t count) {
  if (n->form != JAC_S_NAME || jac_is_name(n, "partial") || jac_is_name(n, "d") ||
      top(n) || n->row)
    return;
  char mine[40];
  spelled(c, n, mine, sizeof mine);
  for (size_t k = 0; k < count; k++) {
    if (names[k]->form != JAC_S_NAME || jac_notation_equal(names[k], n))
      continue;
    char words[200], with[40];
    /* As it is written in the claim, else by its name. */
    const char *text = names[k]->text;
    if (strchr(text, '_') || (text[1] && c->plain == false))
      snprintf(with, sizeof with, "\\%s ", text);
    else
      snprintf(with, sizeof with, "%s", text);
    if (strchr(text, '_'))
      continue;
    snprintf(words, sizeof words, _("%s stands where %s was meant"), mine, text);
    add(c, n->start, n->end, with, words);
  }
}

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

static void drops(struct changes *c, node *n) {
  if (n->form != JAC_S_TERMS || n->count < 2)
    return;
  for (size_t k = 1; k < n->count; k++) {
    char words[200], what[60];
    spelled(c, n->child[k], what, sizeof what);
    snprintf(words, sizeof words, _("the term %s is too many"), what);
    add(c, n->child[k - 1]->end, n->child[k]->end, "", words);
  }
}

static void powers(struct changes *c, node *n) {
  if (n->form == JAC_S_NUMBER && n->end - n->start == 1 && n->number > 0) {
    char words[120];
    if (n->number == 1)
      return;
    snprintf(words, sizeof words, _("%s should be 1"), n->text);
    add(c, n->start, n->end, "1", words);
  }
}

static void squares(struct changes *c, node *n) {
  if (!name_like(n) || n->row || jac_is_name(n, "partial") || jac_is_name(n, "d") ||
      (n->form == JAC_S_SCRIPT && n->child[2]))
    return;
  char what[60], with[80], words[160];
  spelled(c, n, what, sizeof what);
  snprintf(with, sizeof with, c->plain ? "%s.^2" : "%s^2", what);
  snprintf(words, sizeof words, _("%s should be squared"), what);
  add(c, n->start, n->end, with, words);
}

typedef void generator(struct changes *c, node *n);

static void everywhere(struct changes *c, node *n, generator *fn, bool into_names) {
  if (!n)
    return;
  fn(c, n);
  if (n->form == JAC_S_SCRIPT && !into_names) {
    if (!name_like(n))
      everywhere(c, n->child[0], fn, into_names);
    return;
  }
  if (n->form == JAC_S_FRACTION && fn == transposes) {
    node *a = n->child[0];
    if (a->form == JAC_S_SIDE && jac_is_differential(a->child[0]))
      return;
  }
  for (size_t k = 0; k < n->count; k++)
    everywhere(c, n->child[k], fn, into_names);
}

/* The whole right side with another text; true when it holds as it then stands. */
static bool tries(const struct jac_claim_written *claim, const struct jac_forced *forced,
                  size_t nforced, const char *text, size_t *work) {
  struct jac_claim_written other = *claim;
  node *right;
  struct jac_pool *pool = claim->scope->pool;
  if (jac_notation_read(pool, text, !claim->plain, &right, NULL, NULL))
    return false;
  other.right = right;
  struct jac_pool run_pool = JAC_POOL_INIT;
  run_pool.most = (size_t)32 << 20;
  struct jac_elaboration *e = calloc(1, sizeof *e);
  if (!e)
    return false;
  e->pool = &run_pool;
  e->forced = forced;
  e->nforced = nforced;
  struct run run;
  jac_run(e, &other, &run);
  bool holds = false;
  if (!run.unfit && run.left && run.right && run.how == 0) {
    struct compared compared;
    jac_compare(e, &run, true, work, &compared);
    if (compared.outcome == OUT_HOLDS) {
      jac_compare(e, &run, false, work, &compared);
      holds = compared.outcome == OUT_HOLDS;
    }
  }
  jac_pool_free(&run_pool);
  free(e);
  return holds;
}

static void settle(struct jac_judgement_of *judged, const char *words, const char *text) {
  snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", words);
  while (*text == ' ' || *text == '\n')
    text++;
  if (strlen(text) < sizeof judged->correction)
    snprintf(judged->correction, sizeof judged->correction, "%s", text);
}

/* The right side with one name in the place of another, wherever it stands (twice at
 * least). */
static bool everywhere_renamed(const struct jac_claim_written *claim, node *right,
                               node *from, node *to, const char *own, char *out,
                               size_t size) {
  if (from->form != JAC_S_NAME || to->form != JAC_S_NAME || strchr(to->text, '_') ||
      from->end <= from->start)
    return false;
  size_t place[16], count = 0, at = 0, done = 0;
  node *stack[64];
  size_t depth = 0;
  stack[depth++] = right;
  while (depth) {
    node *n = stack[--depth];
    if (n && jac_notation_equal(n, from) && count < 16)
      place[count++] = n->start;
    for (size_t k = n ? n->count : 0; k-- > 0 && depth < 64;)
      if (n->child[k])
        stack[depth++] = n->child[k];
  }
  if (count < 2)
    return false;
  size_t length = from->end - from->start;
  for (size_t pass = 0; pass < count; pass++) { /* in the order of the text */
    size_t next = (size_t)-1;
    for (size_t k = 0; k < count; k++)
      if (place[k] >= done && place[k] < next)
        next = place[k];
    if (next == (size_t)-1 || next < right->start)
      return false;
    size_t until = next - right->start;
    int n = snprintf(out + at, size - at, "%.*s%s%s%s",
                     (int)(until + right->start - (done ? done : right->start)),
                     own + ((done ? done : right->start) - right->start),
                     to->text[1] && !claim->plain ? "\\" : "", to->text,
                     to->text[1] && !claim->plain ? " " : "");
    if (n < 0 || at + (size_t)n >= size)
      return false;
    at += (size_t)n;
    done = next + length;
  }
  int n = snprintf(out + at, size - at, "%s", own + (done - right->start));
  return n >= 0 && at + (size_t)n < size;
}

static void by_values(const struct compared *v, struct jac_judgement_of *judged) {
  char place[60] = "";
  if (v->rows * v->cols > 1)
    snprintf(place, sizeof place, "(%zu,%zu)", v->row + 1, v->col + 1);
  if (v->diagonal)
    snprintf(judged->diagnosis, sizeof judged->diagnosis,
             _("it is the diagonal only: the other entries are not zero"));
  else if (v->zero)
    snprintf(judged->diagnosis, sizeof judged->diagnosis,
             _("it is zero, and the left side is not"));
  else if (*place)
    snprintf(judged->diagnosis, sizeof judged->diagnosis,
             _("at a sample the entry %s is %.4g and should be %.4g"), place, v->right,
             v->left);
  else
    snprintf(judged->diagnosis, sizeof judged->diagnosis,
             _("at a sample it is %.4g and should be %.4g"), v->right, v->left);
}

/* One name in another's place throughout. */
static void rename_throughout(const struct jac_claim_written *claim,
                              const struct jac_forced *forced, size_t nforced,
                              node *const names[24], size_t count, size_t *work,
                              struct jac_judgement_of *judged) {
  bool done = false;
  for (size_t k = 0; k < count * count && *work && !done; k++) {
    node *from = names[k / count], *to = names[k % count];
    struct stands at = {.count = 0};
    if (from == to || from->form != JAC_S_NAME || to->form != JAC_S_NAME ||
        strchr(to->text, '_') || (to->text[1] && !claim->plain))
      continue;
    const struct jac_usage *u = jac_usage_of(claim->evidence, from->text),
                           *v = jac_usage_of(claim->evidence, to->text);
    if (!u || !v || u->index || v->index || u->numerator || v->numerator)
      continue; /* an index, a loss: no quantities that stand for each other */
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
    }
    jac_buffer_free(&edited);
  }
}

static void ratio_words(const struct compared *v, char *words, size_t size) {
  double r = v->ratio;
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
  else
    snprintf(words, size, _("it is %.6g times the left side"), r);
}

void jac_explain(const struct jac_claim_written *claim, const struct jac_forced *forced,
                 size_t nforced, const struct compared *v,
                 struct jac_judgement_of *judged) {
  bool shape = judged->shapes;
  size_t work = JAC_EXPLAIN_WORK;
  if (!shape)
    by_values(v, judged);
  if (!claim->correct || !claim->text || claim->right->end <= claim->right->start)
    return;
  node *right = claim->right;
  size_t length = right->end - right->start;
  if (length > 300)
    return;
  char *own = malloc(length + 1);
  struct changes *c = calloc(1, sizeof *c);
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
    else if (fabs(1 / r - round(1 / r)) < 1e-9 && fabs(1 / r) < 100)
      snprintf(text, sizeof text, sum ? "%g (%s)" : "%g %s", 1 / r, own);
    else if (fabs(r - round(r)) < 1e-9 && fabs(r) < 100)
      snprintf(text, sizeof text,
               claim->plain ? (sum ? "1/%g*(%s)" : "1/%g*%s")
                            : (sum ? "\\frac{1}{%g} (%s)" : "\\frac{1}{%g} %s"),
               r, own);
    if (*text && tries(claim, forced, nforced, text, &work))
      settle(judged, words, text);
    else
      snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", words);
    free(own);
    free(c);
    return;
  }
  c->text = claim->text;
  c->plain = claim->plain;
  c->claim = claim;
  if (!shape && v->transposed && v->rows > 1 && v->cols > 1) {
    snprintf(text, sizeof text,
             claim->plain                ? "(%s)'"
             : right->form == JAC_S_NAME ? "%s^\\top"
                                         : "\\left(%s\\right)^\\top",
             own);
    if (tries(claim, forced, nforced, text, &work)) {
      settle(judged, _("it is the transpose"), text);
      free(own);
      free(c);
      return;
    }
  }
  everywhere(c, right, transposes, false);
  everywhere(c, right, swaps, false);
  everywhere(c, right, signs, false);
  everywhere(c, right, drops, false);
  everywhere(c, right, powers, true);
  everywhere(c, right, squares, false);
  node *names[24];
  size_t count = 0;
  gather(right, names, &count);
  gather(claim->left, names, &count);
  /* Renamings last, all pairs. */
  struct changes *all = c;
  node *stack[64];
  size_t depth = 0;
  stack[depth++] = right;
  while (depth) {
    node *n = stack[--depth];
    if (!n)
      continue;
    renames(all, n, names, count);
    for (size_t k = 0; k < n->count && depth < 64; k++)
      stack[depth++] = n->child[k];
  }
  for (size_t i = 0; i < count && work; i++)
    for (size_t k = 0; k < count && work; k++)
      if (i != k &&
          everywhere_renamed(claim, right, names[i], names[k], own, text, sizeof text) &&
          tries(claim, forced, nforced, text, &work)) {
        snprintf(words, sizeof words, _("%s stands where %s was meant"), names[i]->text,
                 names[k]->text);
        settle(judged, words, text);
        free(own);
        free(c);
        return;
      }
  for (size_t k = 0; k < c->count && work; k++) {
    const struct change *change = &c->list[k];
    if (change->start < right->start || change->end > right->end)
      continue;
    size_t before = change->start - right->start, after = change->end - right->start;
    struct jac_buffer edited = JAC_BUFFER_INIT;
    jac_buffer_add_bytes(&edited, own, before);
    jac_buffer_add(&edited, change->with);
    jac_buffer_add(&edited, own + after);
    bool good = !edited.failed && tries(claim, forced, nforced, edited.text, &work);
    if (good)
      settle(judged, change->words, edited.text);
    jac_buffer_free(&edited);
    if (good)
      break;
  }
  if (!*judged->correction && work)
    rename_throughout(claim, forced, nforced, names, count, &work, judged);
  free(own);
  free(c);
}
