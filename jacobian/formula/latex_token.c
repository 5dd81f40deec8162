#include "jacobian/formula/latex_token_internal.h"

#include "jacobian/formula/function.h"
#include "jacobian/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lexer {
  const char *text, *at;
  struct jac_token *token;
  size_t count, room;
  bool apart;
  size_t matrices;        /* that are open */
  size_t rows, row_depth; /* matrices without a real row's end that are open */
  size_t depth, below;    /* of braces; below: the depth of the subscript around, or 0 */
  struct jac_error *err;
  enum jac_status status;
};

static bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static bool digit(char c) {
  return c >= '0' && c <= '9';
}

static struct jac_token *push(struct lexer *l, enum jac_token_kind kind, const char *text,
                              size_t length) {
  if (l->count == l->room) {
    size_t room = l->room * 2 + 64;
    struct jac_token *token = realloc(l->token, room * sizeof *token);
    if (token == NULL) {
      l->status = jac_fail_memory(l->err);
      return NULL;
    }
    l->token = token;
    l->room = room;
  }
  struct jac_token *token = &l->token[l->count++];
  *token = (struct jac_token){
      .kind = kind, .apart = l->apart, .position = (size_t)(l->at - l->text)};
  length = length < sizeof token->text ? length : sizeof token->text - 1;
  memcpy(token->text, text, length);
  token->text[length] = '\0';
  l->apart = false;
  return token;
}

static bool in(const char *word, size_t length, const char *const *list) {
  for (; *list != NULL; list++)
    if (strlen(*list) == length && memcmp(word, *list, length) == 0)
      return true;
  return false;
}

/* Commands without a meaning of their own here. */
static const char *const skipped[] = {
    "left",         "right",     "big",       "Big",          "bigg",   "Bigg",
    "bigl",         "bigr",      "Bigl",      "Bigr",         "biggl",  "biggr",
    "Biggl",        "Biggr",     "quad",      "qquad",        "limits", "nolimits",
    "displaystyle", "textstyle", "nonumber",  "notag",        "bf",     "rm",
    "it",           "cal",       "sf",        "mathstrut",    "middle", "scriptstyle",
    "boldmath",     "hfill",     "bigm",      "Bigm",         "small",  "large",
    "allowbreak",   "medspace",  "thinspace", "negthinspace", "null",   "sl",
    "tt",           NULL};
/* ... and those whose argument goes too. */
static const char *const dropped[] = {
    "label",    "tag",      "phantom", "vspace",   "hspace",    "color", "ref", "eqref",
    "vphantom", "hphantom", "cite",    "footnote", "textcolor", "tag*",  NULL};
/* Commands whose argument stands for itself. */
static const char *const fonts[] = {
    "mathbf",     "boldsymbol", "bm",           "mathcal",
    "mathsf",     "mathbb",     "mathrm",       "mathit",
    "mathfrak",   "mathscr",    "mathtt",       "vec",
    "mathbbm",    "mathds",     "pmb",          "boxed",
    "underline",  "mathop",     "operatorname", "operatorname*",
    "textbf",     "bold",       "vb",           "mathnormal",
    "symbf",      "bf",         "fbox",         "cancel",
    "ensuremath", "mathbfit",   "mathbin",      "mathord",
    "mathrel",    NULL};
static const char *const prose[] = {"text",   "textrm", "mbox", "textnormal", "textit",
                                    "textsf", "texttt", "hbox", NULL};
static const char *const greek[] = {
    "alpha", "beta",   "gamma",    "delta",    "epsilon", "varepsilon", "zeta",
    "eta",   "theta",  "vartheta", "iota",     "kappa",   "lambda",     "mu",
    "nu",    "xi",     "pi",       "rho",      "sigma",   "tau",        "upsilon",
    "phi",   "varphi", "chi",      "psi",      "omega",   "Gamma",      "Delta",
    "Theta", "Lambda", "Xi",       "Pi",       "Sigma",   "Upsilon",    "Phi",
    "Psi",   "Omega",  "ell",      "varsigma", "varrho",  NULL};

/* Past the group that starts at the next sign, or past that sign. */
static const char *past_group(const char *at) {
  while (*at == ' ' || *at == '\n')
    at++;
  if (*at != '{')
    return *at != '\0' ? at + 1 : at;
  size_t depth = 0;
  for (; *at != '\0'; at++) {
    if (*at == '\\' && at[1] != '\0')
      at++;
    else if (*at == '{')
      depth++;
    else if (*at == '}' && --depth == 0)
      return at + 1;
  }
  return at;
}

/* The letters between braces that follow, or a length of 0. */
static const char *braced_word(const char *at, size_t *length, const char **end) {
  while (*at == ' ')
    at++;
  *length = 0;
  if (*at != '{')
    return at;
  const char *from = at + 1;
  while (*from == ' ')
    from++;
  const char *to = from;
  while (letter(*to) || *to == '-')
    to++;
  const char *last = to;
  while (*to == ' ')
    to++;
  if (*to == '}' && last > from && letter(last[-1])) {
    *length = (size_t)(last - from);
    *end = to + 1;
  }
  return from;
}

/* log-softmax and LogSoftmax are one word. */
static void push_word(struct lexer *l, const char *word, size_t length) {
  char plain[JAC_FORMULA_NAME] = "";
  size_t n = 0;
  for (size_t k = 0; k < length && n + 1 < sizeof plain; k++)
    if (word[k] != '-')
      plain[n++] = word[k];
  plain[n] = '\0';
  static const char *const same[][2] = {{"Softmax", "softmax"},
                                        {"SoftMax", "softmax"},
                                        {"LogSoftmax", "logsoftmax"},
                                        {"Tr", "tr"},
                                        {"trace", "tr"},
                                        {"Trace", "tr"},
                                        {"Diag", "diag"},
                                        {"sigm", "sigmoid"},
                                        {"ReLU", "relu"},
                                        {"Vec", "vec"},
                                        {"sgn", "sign"},
                                        {"Sigmoid", "sigmoid"},
                                        {"relu", "relu"},
                                        {"RELU", "relu"},
                                        {"LSE", "logsumexp"},
                                        {"ln", "log"},
                                        {"Relu", "relu"},
                                        {"logistic", "sigmoid"},
                                        {"tg", "tan"},
                                        {"arctg", "arctan"},
                                        {"th", "tanh"},
                                        {"Det", "det"},
                                        {"GELU", "gelu"},
                                        {"SiLU", "silu"},
                                        {"swish", "silu"},
                                        {"Id", "I"},
                                        {"Swish", "silu"},
                                        {"sh", "sinh"},
                                        {"ch", "cosh"},
                                        {"tran", "T"}};
  for (size_t k = 0; k < sizeof same / sizeof same[0]; k++)
    if (strcmp(same[k][0], plain) == 0)
      snprintf(plain, sizeof plain, "%s", same[k][1]);
  push(l, JAC_TOKEN_NAME, plain, strlen(plain));
}

static void font(struct lexer *l, const char *after) {
  size_t length;
  const char *end = after, *word = braced_word(after, &length, &end);
  const char *next = after;
  while (*next == ' ' || *next == '{')
    next++;
  if (length > 1)
    push_word(l, word, length);
  else if (length == 1)
    push(l, JAC_TOKEN_NAME, word, 1);
  else if (*next == '1' && !digit(next[1])) {
    bool braced = memchr(after, '{', (size_t)(next - after)) != NULL;
    push(l, JAC_TOKEN_ONES, "1", 1);
    end = braced ? past_group(after) : next + 1;
  }
  l->at = end;
}

static void text_group(struct lexer *l, const char *after) {
  size_t length;
  const char *end = after, *word = braced_word(after, &length, &end);
  char known[JAC_FORMULA_NAME] = "";
  if (length > 0 && length < sizeof known)
    memcpy(known, word, length);
  const char *from = after;
  while (*from == ' ' || *from == '{')
    from++;
  if (length > 0 && (jac_function_known(known) || strcmp(known, "Tr") == 0 ||
                     strcmp(known, "trace") == 0 || strcmp(known, "ReLU") == 0 ||
                     strcmp(known, "Diag") == 0 || strcmp(known, "Softmax") == 0 ||
                     strcmp(known, "T") == 0 || strcmp(known, "d") == 0))
    push_word(l, word, length);
  else {
    end = past_group(after);
    size_t size = (size_t)(end - from);
    while (size > 0 && (from[size - 1] == '}' || from[size - 1] == ' '))
      size--;
    push(l, JAC_TOKEN_TEXT, from, size);
  }
  l->at = end;
}

static void environment(struct lexer *l, enum jac_token_kind kind, const char *after) {
  const char *from = after;
  while (*from == ' ' || *from == '{')
    from++;
  size_t length = strcspn(from, "}*");
  push(l, kind, from, length);
  l->at = past_group(after);
  /* A matrix without a single \\ in it may have lost them. */
  const char *end = strstr(l->at, "\\end"), *line = strstr(l->at, "\\\\");
  bool matrix = length >= 6 && memcmp(from + length - 6, "matrix", 6) == 0;
  l->matrices += kind == JAC_TOKEN_BEGIN && matrix;
  l->matrices -= kind == JAC_TOKEN_FINISH && matrix && l->matrices > 0;
  if (kind == JAC_TOKEN_BEGIN && matrix && end != NULL && (line == NULL || line > end)) {
    l->rows++;
    l->row_depth = l->depth;
  } else if (kind == JAC_TOKEN_FINISH && l->rows > 0)
    l->rows--;
  bool columns = length == 5 && memcmp(from, "array", 5) == 0;
  if (kind == JAC_TOKEN_BEGIN && columns)
    l->at = past_group(l->at);
  else if (kind == JAC_TOKEN_BEGIN && *l->at == '[')
    l->at += strcspn(l->at, "]") + (strchr(l->at, ']') != NULL);
}

static void command(struct lexer *l) {
  const char *from = l->at + 1, *end = from;
  while (letter(*end))
    end++;
  if (*end == '*' && end > from)
    end += end - from == 12 && memcmp(from, "operatorname", 12) == 0;
  size_t length = (size_t)(end - from);
  if (length == 0) { /* a sign */
    length = *from != '\0';
    if (*from == '\\') {
      push(l, JAC_TOKEN_LINE, "\\", 1);
      l->at += 2;
      if (*l->at == '[' && strchr(l->at, ']') != NULL &&
          strchr(l->at, ']') < l->at + 12 &&
          (digit(l->at[1]) || l->at[1] == '.' || l->at[1] == '-'))
        l->at = strchr(l->at, ']') + 1;
      return;
    }
    if (*from == '_')
      push(l, JAC_TOKEN_SUB, "_", 1);
    else if (*from == '|')
      push(l, JAC_TOKEN_COMMAND, "|", 1);
    else if (*from == '{' && l->matrices > 0 && strncmp(from, "{\\dfrac", 7) == 0) {
      push(l, JAC_TOKEN_LINE, " ", 1); /* \\{ lost a backslash */
      l->at = from;
      return;
    } else if (*from == '{' || *from == '}')
      push(l, JAC_TOKEN_SIGN, *from == '{' ? "\\{" : "\\}", 2);
    else if ((*from == ' ' || *from == '\n') && l->rows > 0 && l->depth == l->row_depth)
      push(l, JAC_TOKEN_LINE, " ", 1); /* a row's end that lost a backslash on its way */
    else if (*from != '\0' && strchr(",;:!> \n&%", *from) != NULL)
      l->apart = true;
    else
      push(l, JAC_TOKEN_COMMAND, from, length);
    l->at = from + length;
    return;
  }
  if (in(from, length, skipped)) {
    bool bracket =
        length >= 3 && (memcmp(from, "lef", 3) == 0 || memcmp(from, "rig", 3) == 0);
    l->apart = true;
    l->at = end;
    while (bracket && *l->at == ' ')
      l->at++;
    if (bracket && *l->at == '.') /* an empty bracket */
      l->at++;
  } else if (in(from, length, dropped)) {
    l->apart = true;
    l->at = past_group(end);
  } else if (in(from, length, fonts))
    font(l, end);
  else if (in(from, length, prose))
    text_group(l, end);
  else if (in(from, length, greek)) {
    bool variant = length > 3 && memcmp(from, "var", 3) == 0;
    if (length == 3 && memcmp(from, "ell", 3) == 0)
      push(l, JAC_TOKEN_NAME, "l", 1);
    else
      push(l, JAC_TOKEN_NAME, from + (variant ? 3 : 0), length - (variant ? 3 : 0));
    l->at = end;
  } else if (length == 5 && memcmp(from, "begin", 5) == 0)
    environment(l, JAC_TOKEN_BEGIN, end);
  else if (length == 3 && memcmp(from, "end", 3) == 0)
    environment(l, JAC_TOKEN_FINISH, end);
  else if (length == 7 && memcmp(from, "newline", 7) == 0) {
    push(l, JAC_TOKEN_LINE, "\\", 1);
    l->at = end;
  } else {
    push(l, JAC_TOKEN_COMMAND, from, length);
    l->at = end;
  }
}

static void number(struct lexer *l) {
  const char *end = l->at + strspn(l->at, "0123456789");
  if (*end == '.' && digit(end[1]))
    end += 1 + strspn(end + 1, "0123456789");
  /* \frac12 takes a digit at a time. */
  const struct jac_token *before = l->count > 0 ? &l->token[l->count - 1] : NULL;
  bool above = before != NULL && before->kind == JAC_TOKEN_COMMAND &&
               strcmp(before->text + (before->text[0] != 'f'), "frac") == 0;
  if (above)
    end = l->at + 1;
  char text[64];
  size_t length = (size_t)(end - l->at);
  if (length >= sizeof text) {
    l->status = jac_fail(l->err, JAC_EINPUT, _("a number of more than %zu digits"),
                         sizeof text - 1);
    return;
  }
  memcpy(text, l->at, length);
  text[length] = '\0';
  struct jac_token *token = push(l, JAC_TOKEN_NUMBER, text, length);
  if (token != NULL)
    token->number = strtod(text, NULL);
  l->at = end;
}

/* Signs that people type as they are. */
static const struct {
  const char *sign;
  enum jac_token_kind kind;
  const char *text;
} unicode[] = {
    {"∂", JAC_TOKEN_COMMAND, "partial"}, {"−", JAC_TOKEN_SIGN, "-"},
    {"⊙", JAC_TOKEN_COMMAND, "odot"},    {"∘", JAC_TOKEN_COMMAND, "circ"},
    {"⊗", JAC_TOKEN_COMMAND, "otimes"},  {"·", JAC_TOKEN_COMMAND, "cdot"},
    {"×", JAC_TOKEN_COMMAND, "times"},   {"∇", JAC_TOKEN_COMMAND, "nabla"},
    {"Σ", JAC_TOKEN_NAME, "Sigma"},      {"∑", JAC_TOKEN_COMMAND, "sum"},
    {"⊤", JAC_TOKEN_COMMAND, "top"},     {"ᵀ", JAC_TOKEN_COMMAND, "transposed"},
    {"α", JAC_TOKEN_NAME, "alpha"},      {"β", JAC_TOKEN_NAME, "beta"},
    {"γ", JAC_TOKEN_NAME, "gamma"},      {"δ", JAC_TOKEN_NAME, "delta"},
    {"ε", JAC_TOKEN_NAME, "epsilon"},    {"η", JAC_TOKEN_NAME, "eta"},
    {"θ", JAC_TOKEN_NAME, "theta"},      {"λ", JAC_TOKEN_NAME, "lambda"},
    {"μ", JAC_TOKEN_NAME, "mu"},         {"π", JAC_TOKEN_NAME, "pi"},
    {"ρ", JAC_TOKEN_NAME, "rho"},        {"σ", JAC_TOKEN_NAME, "sigma"},
    {"τ", JAC_TOKEN_NAME, "tau"},        {"φ", JAC_TOKEN_NAME, "phi"},
    {"ω", JAC_TOKEN_NAME, "omega"},      {"Φ", JAC_TOKEN_NAME, "Phi"},
    {"²", JAC_TOKEN_COMMAND, "squared"}, {"′", JAC_TOKEN_PRIME, "'"},
    {"’", JAC_TOKEN_PRIME, "'"},         {"≠", JAC_TOKEN_COMMAND, "neq"},
    {"≤", JAC_TOKEN_COMMAND, "leq"},     {"≥", JAC_TOKEN_COMMAND, "geq"},
    {"ℒ", JAC_TOKEN_NAME, "L"},          {"ŷ", JAC_TOKEN_NAME, "hat_y"},
    {"√", JAC_TOKEN_COMMAND, "sqrt"},    {"…", JAC_TOKEN_COMMAND, "ldots"},
    {"⋯", JAC_TOKEN_COMMAND, "cdots"},   {"∈", JAC_TOKEN_COMMAND, "in"},
};

static void other(struct lexer *l) {
  unsigned char c = (unsigned char)*l->at;
  size_t length = 1;
  for (size_t k = 0; c >= 0x80 && k < sizeof unicode / sizeof unicode[0]; k++) {
    size_t size = strlen(unicode[k].sign);
    if (strncmp(l->at, unicode[k].sign, size) == 0) {
      push(l, unicode[k].kind, unicode[k].text, strlen(unicode[k].text));
      l->at += size;
      return;
    }
  }
  while (c >= 0xC0 && ((unsigned char)l->at[length] & 0xC0) == 0x80)
    length++;
  enum jac_token_kind kind = JAC_TOKEN_SIGN;
  switch (*l->at) {
  case '{':
    kind = JAC_TOKEN_OPEN;
    l->depth++;
    if (l->below == 0 && l->count > 0 && l->token[l->count - 1].kind == JAC_TOKEN_SUB)
      l->below = l->depth;
    break;
  case '}':
    kind = JAC_TOKEN_CLOSE;
    l->below = l->below == l->depth ? 0 : l->below;
    l->depth -= l->depth > 0;
    break;
  case '_':
    kind = JAC_TOKEN_SUB;
    break;
  case '^':
    kind = JAC_TOKEN_SUP;
    break;
  case '\'':
    kind = JAC_TOKEN_PRIME;
    break;
  case '&':
    kind = JAC_TOKEN_CELL;
    break;
  default:
    break;
  }
  push(l, kind, l->at, length);
  l->at += length;
}

/* Letters that stand together and are a function's name: softmax(x), diag(s); in a
 * subscript a word: input, next, but not ijk. */
static bool run_of_letters(struct lexer *l) {
  const char *end = l->at;
  while (letter(*end))
    end++;
  size_t length = (size_t)(end - l->at);
  char word[JAC_FORMULA_NAME] = "";
  if (length < 2 || length >= sizeof word)
    return false;
  memcpy(word, l->at, length);
  static const char *const dots[] = {"vdots", "ddots", "cdots", "ldots", NULL};
  if (l->matrices > 0 && in(word, length, dots)) { /* \\vdots lost one of three */
    push(l, JAC_TOKEN_COMMAND, word, length);
    l->at += length;
    return true;
  }
  /* ... and in a list in braces. */
  const struct jac_token *before = l->count > 0 ? &l->token[l->count - 1] : NULL;
  const char *after = end + strspn(end, " ");
  bool listed = before != NULL && l->depth > 0 &&
                ((before->kind == JAC_TOKEN_SIGN && before->text[0] == ',' &&
                  (*after == '}' || *after == ',')) ||
                 (before->kind == JAC_TOKEN_OPEN && *after == ','));
  if ((l->below > 0 || listed) && length > 2 && strspn(word, "ijklmnpqrst") < length) {
    push(l, JAC_TOKEN_NAME, word, length);
    l->at += length;
    return true;
  }
  while (*end == ' ')
    end++;
  bool called = *end == '(' || *end == '\'' || *end == '^' || *end == '\\' ||
                *end == '_' || *end == '{' || *end == '[';
  static const char *const capital[] = {"ReLU", "Tr",   "Diag", "Softmax", "trace",
                                        "Vec",  "Relu", "RELU", NULL};
  if (!called || (!jac_function_known(word) && !in(word, length, capital)))
    return false;
  push_word(l, word, length);
  l->at += length;
  return true;
}

enum jac_status jac_latex_tokens(const char *text, struct jac_token **tokens,
                                 size_t *position, struct jac_error *err) {
  struct lexer l = {.text = text, .at = text, .err = err};
  while (*l.at != '\0' && l.status == JAC_OK) {
    if (*l.at == ' ' || *l.at == '\t' || *l.at == '\n' || *l.at == '\r' || *l.at == '~') {
      l.apart = true;
      l.at++;
    } else if (*l.at == '%') /* a comment */
      l.at += strcspn(l.at, "\n");
    else if (*l.at == '\\')
      command(&l);
    else if (digit(*l.at) || (*l.at == '.' && digit(l.at[1])))
      number(&l);
    else if (letter(*l.at)) {
      if (!run_of_letters(&l)) {
        push(&l, JAC_TOKEN_NAME, l.at, 1);
        l.at++;
      }
    } else
      other(&l);
  }
  if (l.status == JAC_OK)
    push(&l, JAC_TOKEN_END, "", 0);
  *tokens = l.token;
  if (l.status != JAC_OK) {
    *position = (size_t)(l.at - text);
    free(l.token);
    *tokens = NULL;
  }
  return l.status;
}
