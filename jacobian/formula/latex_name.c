#include "jacobian/formula/latex_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/formula/function.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef const struct jac_node *node_t;

/* What stands behind a name before its meaning is known. */
struct scripts {
  node_t index[JAC_FORMULA_CHILDREN];
  size_t count; /* indices */
  bool sub;     /* there is a subscript; its text: */
  char below[JAC_FORMULA_NAME];
  char above[JAC_FORMULA_NAME]; /* a layer, a time: part of the name */
  node_t power;
  bool transposed, primed, inverse;
  bool label;       /* the subscript begins with a word: y_{\text{pred},i} */
  bool late;        /* the subscript stands behind the superscript: X^\top_{i,j} */
  bool elementwise; /* the power is one of entries */
};

bool jac_latex_transposition(const struct jac_latex *r, const struct jac_token *t) {
  bool number = r->vocabulary != NULL && (r->vocabulary->manners & JAC_T_NUMBER) != 0;
  return jac_latex_is(t, JAC_TOKEN_COMMAND, "top") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "intercal") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "transpose") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "transp") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "mathstrut") ||
         (!number &&
          (jac_latex_is(t, JAC_TOKEN_NAME, "T") || jac_latex_is(t, JAC_TOKEN_TEXT, "T") ||
           (jac_latex_is(t, JAC_TOKEN_NAME, "t") &&
            jac_vocabulary_find(r->vocabulary, "t") == NULL)));
}

const char *jac_latex_function(const struct jac_latex *r, const char *name) {
  const struct jac_word *word = jac_vocabulary_find(r->vocabulary, name);
  if (word != NULL)
    return !word->function ? NULL : word->means != NULL ? word->means : word->name;
  if (strcmp(name, "sigma") == 0)
    return "sigmoid";
  if (strcmp(name, "ln") == 0)
    return "log";
  if (strcmp(name, "trace") == 0)
    return "tr";
  /* phi and Phi are mostly names; sum and dot are not functions of LaTeX. */
  if (strcmp(name, "phi") == 0 || strcmp(name, "Phi") == 0 || strcmp(name, "sum") == 0 ||
      strcmp(name, "dot") == 0)
    return NULL;
  return jac_function_known(name) ? name : NULL;
}

/* Appends tokens as the name's text, up to a bound. */
static void append(char *text, const char *more) {
  size_t used = strlen(text);
  snprintf(text + used, JAC_FORMULA_NAME - used, "%s", more);
}

/* The text of the tokens from one to another, braces and commands' backslashes gone. */
static void spell(const struct jac_token *from, const struct jac_token *to, char *text) {
  for (; from < to; from++) {
    if (from->kind == JAC_TOKEN_OPEN || from->kind == JAC_TOKEN_CLOSE)
      continue;
    if (jac_latex_is(from, JAC_TOKEN_COMMAND, "langle"))
      append(text, "<");
    else if (jac_latex_is(from, JAC_TOKEN_COMMAND, "rangle"))
      append(text, ">");
    else
      append(text, from->text);
  }
}

static bool index_letter(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_NAME && t->text[1] == '\0' &&
         strchr("abijklmnopqrstuvdcKN", t->text[0]) != NULL;
}

static bool point(const struct jac_token *t) {
  return jac_latex_is(t, JAC_TOKEN_COMMAND, "bullet") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "cdot") ||
         jac_latex_is(t, JAC_TOKEN_SIGN, ":") || jac_latex_is(t, JAC_TOKEN_SIGN, "*") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "ast") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "star") ||
         jac_latex_is(t, JAC_TOKEN_COMMAND, "colon");
}

static node_t index_name(struct jac_latex *r, const char *name) {
  return jac_node_named(r->arena, JAC_NAME, name, 0, NULL);
}

/* Letters side by side are indices of their own: ij, k\,l; hh is a word. */
static bool letters(const struct jac_token *from, const struct jac_token *to) {
  bool several = to - from >= 2, different = false;
  for (const struct jac_token *t = from; t < to; t++) {
    if (!index_letter(t) && t->kind != JAC_TOKEN_NUMBER)
      return false;
    different = different || strcmp(t->text, from->text) != 0;
  }
  static const char *const index[] = {"ii", "jj", "kk", "nn", "mm"};
  char text[JAC_FORMULA_NAME] = "";
  spell(from, to, text);
  for (size_t k = 0; k < sizeof index / sizeof index[0]; k++)
    different = different || strcmp(text, index[k]) == 0;
  return several && different;
}

static bool is_word(const struct jac_token *t) {
  return t->kind == JAC_TOKEN_TEXT || (t->kind == JAC_TOKEN_NAME && strlen(t->text) > 1);
}

static void subscript(struct jac_latex *r, const char *name, struct scripts *s) {
  const struct jac_token *from = r->at, *to = jac_latex_after(from);
  s->sub = true;
  spell(from, to, s->below);
  char flat[2 * JAC_FORMULA_NAME];
  snprintf(flat, sizeof flat, "%s_%s", name, s->below);
  bool group = from->kind == JAC_TOKEN_OPEN;
  const struct jac_token *first = group ? from + 1 : from, *last = group ? to - 1 : to;
  const struct jac_word *index = jac_vocabulary_find(r->vocabulary, first->text);
  bool word = last - first == 1 && is_word(first) && (index == NULL || index->function);
  /* A name of its own, or a word that is no size. */
  if (jac_vocabulary_find(r->vocabulary, flat) != NULL || word) {
    r->at = to;
    return;
  }
  bool labelled = last - first > 2 && first->kind == JAC_TOKEN_TEXT &&
                  jac_latex_is(first + 1, JAC_TOKEN_SIGN, ",");
  if (labelled) {
    snprintf(s->below, sizeof s->below, "%s", first->text);
    s->label = true;
    r->at += 3;
  } else if (group)
    r->at++;
  bool run =
      last - first >= 2; /* hh, xh: letters that are no indices are a name's part */
  for (const struct jac_token *t = first; t < last; t++)
    run = run && t->kind == JAC_TOKEN_NAME;
  if (run && !letters(first, last)) {
    r->at = to;
    return;
  }
  /* w_{12} is in row 1 and column 2. */
  if (group && last - first == 1 && first->kind == JAC_TOKEN_NUMBER &&
      first->number >= 11.0 && first->number <= 99.0 &&
      first->number == floor(first->number) && fmod(first->number, 10.0) > 0.0) {
    s->index[s->count++] = jac_number(r->arena, floor(first->number / 10.0));
    s->index[s->count++] = jac_number(r->arena, fmod(first->number, 10.0));
    r->at = to;
    return;
  }
  if (letters(first, last)) {
    for (const struct jac_token *t = first; t < last && s->count < 4; t++)
      s->index[s->count++] = t->kind == JAC_TOKEN_NUMBER ? jac_number(r->arena, t->number)
                                                         : index_name(r, t->text);
    r->at = to;
    return;
  }
  if (!group) {
    s->index[s->count++] = point(from) ? index_name(r, ".") : jac_latex_argument(r);
    r->at = to;
    return;
  }
  do {
    if (s->count == JAC_FORMULA_CHILDREN) {
      jac_latex_fail(r, _("fewer indices"));
      return;
    }
    if (point(r->at)) {
      r->at++;
      s->index[s->count++] = index_name(r, ".");
    } else
      s->index[s->count++] = jac_latex_expression(r);
  } while (jac_latex_accept(r, JAC_TOKEN_SIGN, ",") ||
           jac_latex_accept(r, JAC_TOKEN_SIGN, ";"));
  jac_latex_expect(r, JAC_TOKEN_CLOSE, "}");
}

/* Past "(l+1)", "[l]", "<t>" or NULL. */
static const struct jac_token *bracketed(const struct jac_token *t) {
  static const struct {
    enum jac_token_kind kind;
    const char *open, *close;
  } pairs[] = {{JAC_TOKEN_SIGN, "(", ")"},
               {JAC_TOKEN_SIGN, "[", "]"},
               {JAC_TOKEN_SIGN, "<", ">"},
               {JAC_TOKEN_COMMAND, "langle", "rangle"}};
  for (size_t k = 0; k < 4; k++)
    if (jac_latex_is(t, pairs[k].kind, pairs[k].open)) {
      for (; t->kind != JAC_TOKEN_END && t->kind != JAC_TOKEN_CLOSE; t++)
        if (jac_latex_is(t, pairs[k].kind, pairs[k].close))
          return t + 1;
      return NULL;
    }
  return NULL;
}

/* One piece of a superscript whose tokens are from .. to. */
static void superscript_rest(struct jac_latex *r, const struct jac_token *to,
                             struct scripts *s) {
  bool negative = jac_latex_is(r->at, JAC_TOKEN_SIGN, "-");
  if (negative && jac_latex_transposition(r, r->at + 1) && r->at + 2 == to) {
    s->inverse = s->transposed = true;
    r->at = to;
    return;
  }
  if (jac_latex_transposition(r, r->at) && r->at + 1 == to) {
    s->transposed = true;
    r->at = to;
    return;
  }
  if (jac_latex_is(r->at, JAC_TOKEN_SIGN, "*") ||
      jac_latex_is(r->at, JAC_TOKEN_COMMAND, "star") ||
      jac_latex_is(r->at, JAC_TOKEN_COMMAND, "ast")) {
    append(s->above, "*");
    r->at++;
    return;
  }
  if (jac_latex_is(r->at, JAC_TOKEN_COMMAND, "odot") ||
      jac_latex_is(r->at, JAC_TOKEN_COMMAND, "circ")) {
    s->elementwise = true;
    r->at++;
  }
  s->power = jac_latex_expression(r);
}

static void superscript(struct jac_latex *r, const char *name, struct scripts *s) {
  const struct jac_token *from = r->at, *to = jac_latex_after(from);
  bool group = from->kind == JAC_TOKEN_OPEN;
  if (!group) {
    if (jac_latex_transposition(r, from))
      s->transposed = true;
    else if (jac_latex_is(from, JAC_TOKEN_COMMAND, "prime"))
      s->primed = true;
    else if (jac_latex_is(from, JAC_TOKEN_SIGN, "*") ||
             jac_latex_is(from, JAC_TOKEN_COMMAND, "ast") ||
             jac_latex_is(from, JAC_TOKEN_COMMAND, "star"))
      append(s->above, "*");
    else {
      char flat[2 * JAC_FORMULA_NAME];
      snprintf(flat, sizeof flat, "%s^{%s}", name, from->text);
      if (jac_vocabulary_find(r->vocabulary, flat) != NULL)
        append(s->above, from->text);
      else {
        s->power = jac_latex_argument(r);
        return;
      }
    }
    r->at = to;
    return;
  }
  const struct jac_token *last = to - 1, *after;
  r->at++;
  bool exponential = strcmp(name, "e") == 0 || name[0] == '\0'; /* e^{(a + b) c} */
  while (!exponential && r->at < last && (after = bracketed(r->at)) != NULL &&
         after <= last) {
    spell(r->at, after, s->above);
    r->at = after;
    jac_latex_accept(r, JAC_TOKEN_SIGN, ",");
  }
  if (r->at < last && jac_latex_is(r->at, JAC_TOKEN_COMMAND, "prime")) {
    s->primed = true;
    r->at++;
  }
  /* k-1, l, k-1 T: a layer where the name is known so. */
  const struct jac_token *end = last;
  if (end - r->at >= 2 && jac_latex_transposition(r, end - 1))
    end--;
  if (end > r->at && jac_latex_is(end - 1, JAC_TOKEN_SIGN, ","))
    end--;
  char flat[3 * JAC_FORMULA_NAME], text[JAC_FORMULA_NAME] = "";
  spell(r->at, end, text);
  snprintf(flat, sizeof flat, "%s^{%s}", name, text);
  char indexed[3 * JAC_FORMULA_NAME];
  snprintf(indexed, sizeof indexed, "%s_%s^{%s}", name, s->below, text);
  if (text[0] != '\0' && (jac_vocabulary_find(r->vocabulary, flat) != NULL ||
                          jac_vocabulary_find(r->vocabulary, indexed) != NULL)) {
    append(s->above, text);
    r->at = end;
    jac_latex_accept(r, JAC_TOKEN_SIGN, ",");
  }
  if (r->at < last)
    superscript_rest(r, last, s);
  jac_latex_expect(r, JAC_TOKEN_CLOSE, "}");
}

/* {a, b}: a list in braces can only be of indices. */
static bool listed(const struct jac_token *t) {
  if (t->kind != JAC_TOKEN_OPEN)
    return false;
  size_t depth = 0;
  for (; t->kind != JAC_TOKEN_END; t++) {
    depth += t->kind == JAC_TOKEN_OPEN;
    if (t->kind == JAC_TOKEN_CLOSE && --depth == 0)
      return false;
    if (depth == 1 && jac_latex_is(t, JAC_TOKEN_SIGN, ","))
      return true;
    if (jac_latex_is(t, JAC_TOKEN_SIGN, "("))
      return false;
  }
  return false;
}

static void read_scripts(struct jac_latex *r, const char *name, struct scripts *s) {
  for (;;) {
    if (r->status != JAC_OK)
      return;
    if (jac_latex_accept(r, JAC_TOKEN_PRIME, NULL))
      s->primed = true;
    else if (jac_latex_accept(r, JAC_TOKEN_COMMAND, "transposed"))
      s->transposed = true;
    else if (jac_latex_accept(r, JAC_TOKEN_COMMAND, "squared"))
      s->power = jac_number(r->arena, 2.0);
    else if (!s->sub && name[0] != '\0' && listed(r->at)) {
      subscript(r, name, s); /* w{1,2}: Markdown ate the underscore */
    } else if (!s->sub && jac_latex_accept(r, JAC_TOKEN_SUB, NULL)) {
      s->late = s->transposed || s->primed || s->power != NULL;
      subscript(r, name, s);
    } else if (jac_latex_is(r->at, JAC_TOKEN_SUP, NULL) &&
               (s->transposed || (s->power == NULL && !s->primed))) {
      r->at++;
      superscript(r, name, s);
    } else
      return;
  }
}

/* The powers and transpositions behind a base. */
static node_t raise(struct jac_latex *r, node_t node, const struct scripts *s) {
  if (s->inverse)
    node = jac_binary(r->arena, JAC_POWER, node,
                      jac_unary(r->arena, JAC_NEGATE, jac_number(r->arena, 1.0)));
  if (s->power != NULL) {
    node_t child[] = {node, s->power};
    node = jac_node_named(r->arena, JAC_POWER, s->elementwise ? "." : "", 2, child);
  }
  if (s->transposed)
    node = jac_unary(r->arena, JAC_TRANSPOSE, node);
  return node;
}

static node_t at_indices(struct jac_latex *r, node_t node, const struct scripts *s) {
  node_t child[JAC_FORMULA_CHILDREN + 1];
  if (s->count == 0 || node == NULL)
    return node;
  if (node->kind == JAC_NAME && !s->late) /* {h_0}_i */
    return jac_node_named(r->arena, JAC_ENTRY, node->name, s->count, s->index);
  if (s->count + 1 > JAC_FORMULA_CHILDREN)
    return jac_latex_fail(r, _("fewer indices"));
  child[0] = node;
  for (size_t k = 0; k < s->count; k++)
    child[k + 1] = s->index[k];
  return jac_node(r->arena, JAC_AT, s->count + 1, child);
}

node_t jac_latex_scripts(struct jac_latex *r, node_t base) {
  if (base == NULL || (r->at->kind != JAC_TOKEN_SUB && r->at->kind != JAC_TOKEN_SUP &&
                       r->at->kind != JAC_TOKEN_PRIME &&
                       !jac_latex_is(r->at, JAC_TOKEN_COMMAND, "transposed") &&
                       !jac_latex_is(r->at, JAC_TOKEN_COMMAND, "squared")))
    return base;
  struct scripts s = {0};
  /* {z^{k-1}}^T, {S'}^T: the braces were for the scripts. */
  read_scripts(r, "", &s);
  if (r->status != JAC_OK)
    return NULL;
  if (s.primed)
    s.transposed = true;
  if (s.above[0] != '\0')
    return jac_latex_fail(r, _("a power or a transpose"));
  if (s.sub && s.count == 0)
    return jac_latex_fail(r, _("indices"));
  /* Sub- and superscripts of brackets: entries first, then powers. */
  if (s.late && s.count > 0) {
    struct scripts only = s;
    only.count = 0;
    return at_indices(r, raise(r, base, &only), &s);
  }
  return raise(r, at_indices(r, base, &s), &s);
}

static bool opens(const struct jac_token *t, const char **close) {
  static const char *const pairs[][2] = {{"(", ")"}, {"[", "]"}, {"\\{", "\\}"}};
  for (size_t k = 0; k < 3; k++)
    if (jac_latex_is(t, JAC_TOKEN_SIGN, pairs[k][0])) {
      *close = pairs[k][1];
      return true;
    }
  return false;
}

/* A function's argument where no bracket stands: one factor, or 2x. */
static node_t loose_argument(struct jac_latex *r) {
  if (r->at->kind == JAC_TOKEN_OPEN)
    return jac_latex_scripts(r, jac_latex_argument(r));
  if (r->at->kind == JAC_TOKEN_NUMBER) {
    node_t number = jac_latex_argument(r);
    if (r->at->kind != JAC_TOKEN_NAME)
      return number;
    return jac_binary(r->arena, JAC_MULTIPLY, number, jac_latex_name(r));
  }
  if (r->at->kind == JAC_TOKEN_NAME)
    return jac_latex_name(r);
  if (jac_latex_is(r->at, JAC_TOKEN_COMMAND, "frac") ||
      jac_latex_is(r->at, JAC_TOKEN_COMMAND, "dfrac"))
    return jac_latex_fraction(r);
  if (r->at->kind == JAC_TOKEN_COMMAND || jac_latex_is(r->at, JAC_TOKEN_SIGN, "|") ||
      r->at->kind == JAC_TOKEN_BEGIN)
    return jac_latex_term(r);
  return jac_latex_fail(r, _("the function's argument"));
}

static node_t function_call(struct jac_latex *r, const char *function,
                            struct scripts *s) {
  char name[JAC_FORMULA_NAME + 1];
  const char *close;
  node_t child[JAC_FORMULA_CHILDREN];
  size_t count = 0;
  snprintf(name, sizeof name, "%s%s", function, s->primed ? "'" : "");
  if (opens(r->at, &close)) {
    size_t bars = r->bars;
    r->at++;
    r->bars = 0;
    do {
      if (count == JAC_FORMULA_CHILDREN)
        return jac_latex_fail(r, _("fewer arguments"));
      child[count++] = jac_latex_expression(r);
    } while (jac_latex_accept(r, JAC_TOKEN_SIGN, ",") ||
             jac_latex_accept(r, JAC_TOKEN_SIGN, ";"));
    r->bars = bars;
    if (!jac_latex_expect(r, JAC_TOKEN_SIGN, close))
      return NULL;
  } else
    child[count++] = loose_argument(r);
  node_t call = jac_node_named(r->arena, JAC_CALL, name, count, child);
  struct scripts after = {0};
  if (r->at->kind == JAC_TOKEN_SUB || r->at->kind == JAC_TOKEN_SUP) {
    read_scripts(r, "", &after);
    if (r->status != JAC_OK)
      return NULL;
    after.transposed = after.transposed || after.primed;
  }
  call = at_indices(r, at_indices(r, call, s), &after);
  return raise(r, raise(r, call, s), &after);
}

static bool accent_of(const struct jac_token *t, char *prefix) {
  static const char *const accents[][2] = {
      {"hat", "hat"},     {"widehat", "hat"},  {"tilde", "tilde"}, {"widetilde", "tilde"},
      {"bar", "bar"},     {"overline", "bar"}, {"dot", "dot"},     {"check", "check"},
      {"breve", "breve"}, {"ddot", "ddot"}};
  for (size_t k = 0; k < sizeof accents / sizeof accents[0]; k++)
    if (jac_latex_is(t, JAC_TOKEN_COMMAND, accents[k][0])) {
      snprintf(prefix, JAC_FORMULA_NAME, "%s_", accents[k][1]);
      return true;
    }
  return false;
}

/* Past the brackets of y(x). */
static void skip_point(struct jac_latex *r) {
  while (!jac_latex_is(r->at, JAC_TOKEN_SIGN, ")"))
    r->at++;
  r->at++;
}

/* A bracket of names alone, (x) or (W, b): a point, where a product would have more. How
 * many names; 0: it is none. */
static size_t point_names(const struct jac_latex *r) {
  const struct jac_token *t = r->at;
  char prefix[JAC_FORMULA_NAME];
  size_t count = 0;
  if (!jac_latex_is(t, JAC_TOKEN_SIGN, "("))
    return 0;
  do {
    t++;
    count++;
    if (accent_of(t, prefix))
      t = jac_latex_after(t + 1);
    else if (t->kind == JAC_TOKEN_NAME)
      t++;
    else
      return 0;
    while (t->kind == JAC_TOKEN_SUB || t->kind == JAC_TOKEN_SUP)
      t = jac_latex_after(t + 1);
  } while (jac_latex_is(t, JAC_TOKEN_SIGN, ",") || jac_latex_is(t, JAC_TOKEN_SIGN, ";"));
  return jac_latex_is(t, JAC_TOKEN_SIGN, ")") ? count : 0;
}

static bool point_follows(const struct jac_latex *r) {
  return point_names(r) > 0;
}

/* phi(z)_i, an entry of what depends on z. */
static bool indexed_point_follows(const struct jac_latex *r) {
  const struct jac_token *t = r->at;
  if (!point_follows(r))
    return false;
  while (!jac_latex_is(t, JAC_TOKEN_SIGN, ")"))
    t++;
  return (t + 1)->kind == JAC_TOKEN_SUB;
}

void jac_latex_skip_point(struct jac_latex *r) {
  const struct jac_token *before = r->at;
  if (!point_follows(r))
    return;
  skip_point(r);
  /* (a)^T is a factor. */
  if (r->at->kind == JAC_TOKEN_SUP || r->at->kind == JAC_TOKEN_SUB)
    r->at = before;
}

static node_t delta(struct jac_latex *r, const struct scripts *s) {
  node_t child[] = {s->index[0], s->count > 1 ? s->index[1] : s->power};
  return jac_node(r->arena, JAC_DELTA, 2, child);
}

/* The name with its parts, under which the vocabulary may know it. */
static void whole_name(const char *base, const struct scripts *s, bool below, char *out) {
  char text[4 * JAC_FORMULA_NAME];
  snprintf(text, sizeof text, "%s%s%s", base, below && s->sub ? "_" : "",
           below ? s->below : "");
  if (s->above[0] != '\0') {
    size_t used = strlen(text);
    snprintf(text + used, sizeof text - used, "^{%s}", s->above);
  }
  snprintf(out, JAC_FORMULA_NAME, "%.*s", JAC_FORMULA_NAME - 1, text);
}

/* The base: accents, then a letter or a word; scripts inside the accent's braces too. */
static bool base_name(struct jac_latex *r, char *base, struct scripts *s) {
  char prefix[JAC_FORMULA_NAME] = "", inner[JAC_FORMULA_NAME];
  if (!accent_of(r->at, prefix)) {
    snprintf(base, JAC_FORMULA_NAME, "%s", r->at->text);
    r->at++;
    return true;
  }
  r->at++;
  bool group = jac_latex_accept(r, JAC_TOKEN_OPEN, NULL);
  while (group && jac_latex_accept(r, JAC_TOKEN_OPEN, NULL))
    ;
  if (r->at->kind != JAC_TOKEN_NAME && !accent_of(r->at, inner)) {
    jac_latex_fail(r, _("a name"));
    return false;
  }
  if (!base_name(r, inner, s))
    return false;
  snprintf(base, JAC_FORMULA_NAME, "%.*s%.*s", 8, prefix, JAC_FORMULA_NAME - 10, inner);
  while (jac_latex_is(r->at, JAC_TOKEN_CLOSE, NULL) && group &&
         jac_latex_is(r->at + 1, JAC_TOKEN_CLOSE, NULL) &&
         (r->at - 1)->kind == JAC_TOKEN_CLOSE)
    r->at++;
  if (group && r->at->kind != JAC_TOKEN_CLOSE)
    read_scripts(r, base, s);
  return !group || jac_latex_expect(r, JAC_TOKEN_CLOSE, "}");
}

node_t jac_latex_name(struct jac_latex *r) {
  struct scripts s = {0};
  char base[JAC_FORMULA_NAME], name[JAC_FORMULA_NAME], above[JAC_FORMULA_NAME];
  size_t position = r->at->position;
  if (!base_name(r, base, &s))
    return NULL;
  read_scripts(r, base, &s);
  if (r->status != JAC_OK)
    return NULL;
  /* The longest name that the vocabulary knows. */
  whole_name(base, &s, true, name);
  whole_name(base, &s, false, above);
  const struct jac_word *word = jac_vocabulary_find(r->vocabulary, name);
  bool whole = word != NULL;
  if (!whole)
    word = jac_vocabulary_find(r->vocabulary, above);
  const char *function = jac_latex_function(r, base);
  const char *close;
  bool builtin = function != NULL && jac_vocabulary_find(r->vocabulary, base) == NULL;
  bool called =
      opens(r->at, &close) || (builtin && base[1] != '\0' && strcmp(base, "sigma") != 0);
  if (word != NULL && word->function && whole)
    function = word->means != NULL ? word->means : word->name;
  /* sigma_i(1 - sigma_i) is a product, sigma_i(x) a call; 1/sigma (...) divides by it. */
  if (function != NULL && s.sub && s.count > 0 && called &&
      (builtin || !point_follows(r)) && strcmp(function, "softmax") != 0)
    function = NULL;
  if (function != NULL && s.sub && s.count > 0 && called && !point_follows(r))
    function = NULL;
  if (builtin && r->divisor && strcmp(base, "sigma") == 0)
    function = NULL;
  if (function != NULL && called && s.above[0] == '\0' &&
      (word == NULL || word->function ||
       jac_vocabulary_find(r->vocabulary, base) == word))
    return jac_placed(function_call(r, function, &s), position);
  if (function != NULL && s.primed && called)
    return jac_placed(function_call(r, function, &s), position);
  if (s.primed) { /* a name of its own, or a transpose */
    char primed[JAC_FORMULA_NAME + 1];
    snprintf(primed, sizeof primed, "%s'", base);
    if (jac_vocabulary_find(r->vocabulary, primed) != NULL) {
      snprintf(above, sizeof above, "%.*s", JAC_FORMULA_NAME - 1, primed);
      word = jac_vocabulary_find(r->vocabulary, primed);
    } else
      s.transposed = true;
  }
  if (strcmp(base, "delta") == 0 && !whole && s.above[0] == '\0' &&
      (s.count == 2 || (s.count == 1 && s.power != NULL && !s.transposed)))
    return jac_placed(s.count == 2 ? raise(r, delta(r, &s), &s) : delta(r, &s), position);
  if (strcmp(base, "e") == 0 && word == NULL && s.power != NULL && !s.sub)
    return jac_placed(jac_latex_call(r, "exp", s.power), position);
  if (strcmp(base, "I") == 0 && word == NULL && s.sub && s.count == 0) /* I_{output} */
    s.index[s.count++] = jac_node_named(r->arena, JAC_NAME, s.below, 0, NULL);
  if (strcmp(base, "I") == 0 && word == NULL && s.count == 1 && !s.transposed)
    return jac_placed(jac_latex_call(r, "eye", s.index[0]), position);
  /* Indices, unless the subscript was a part of the name. */
  bool part = (whole && !s.label) || (s.sub && s.count == 0);
  const char *written = part || s.label ? name : above;
  if (word != NULL && word->means != NULL && !word->function)
    written = word->means;
  node_t node = part || s.count == 0
                    ? jac_node_named(r->arena, JAC_NAME, written, 0, NULL)
                    : jac_node_named(r->arena, JAC_ENTRY, written, s.count, s.index);
  node = jac_placed(node, position);
  if (s.count == 0 && s.power == NULL && !s.transposed && indexed_point_follows(r)) {
    skip_point(r);
    struct scripts after = {0};
    read_scripts(r, "", &after);
    if (r->status != JAC_OK)
      return NULL;
    return jac_placed(raise(r, at_indices(r, node, &after), &after), position);
  }
  if ((word != NULL && word->depends) || point_names(r) > 1)
    jac_latex_skip_point(r);
  if (s.late && node != NULL && node->kind == JAC_ENTRY && s.transposed) {
    /* W^T_{ij} is an entry of the transpose, W_{ij}^T a number's. */
    node_t whole_matrix = jac_node_named(r->arena, JAC_NAME, written, 0, NULL);
    struct scripts indices = s;
    node = at_indices(r, raise(r, jac_placed(whole_matrix, position), &s), &indices);
    return jac_placed(node, position);
  }
  /* x_i^T is the transpose of what x_i is. */
  return jac_placed(raise(r, node, &s), position);
}
