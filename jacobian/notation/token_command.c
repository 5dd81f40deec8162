/* Commands of LaTeX: what is no construct stands in a table here. */
#include "jacobian/notation/token_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Commands of LaTeX that are no constructs: what each is. */
enum command_kind {
  SKIP,     /* nothing */
  SKIP_ARG, /* nothing, with as many arguments as `text` says */
  SPACE,    /* a gap where its argument is wide */
  THROUGH,  /* its last argument; number of those before */
  WORDS,    /* \text{...} */
  LETTER,   /* \textbf{...}: words, but one letter is a name in a font */
  OPERATOR, /* \operatorname{...} */
  QUOTIENT, /* \pdv{f}{x}: a derivative, by the sign in `text` */
  OVER,     /* {a \over b} */
  LABELLED, /* \overset{(a)}{=}: a relation, whatever is set above or below it */
  TOKEN     /* a token of the kind in `token` */
};

struct command {
  const char *names;
  enum command_kind kind;
  enum jac_token_kind token;
  const char *text;
};

static const struct command commands[] = {
    {", : ; ! > left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr "
     "bigm Bigm middle displaystyle textstyle scriptstyle limits nolimits nonumber notag "
     "medspace thinspace negthinspace thickspace space nobreakspace allowbreak hfill "
     "bf it rm cal sf tt boldmath normalsize small large Large LARGE huge Huge tiny "
     "footnotesize scriptsize pause onslide noindent "
     "mathstrut "
     "strut smash break relax ensuremath protect mathop mathrel mathbin mathord mathopen "
     "mathclose mathinner",
     SKIP, JAC_TOKEN_END, NULL},
    {"label tag tag* phantom vphantom hphantom vspace vskip mspace color "
     "pagecolor ref eqref cite footnote definecolor intertext_ hskip kern mkern "
     "cline addcontentsline",
     SKIP_ARG, JAC_TOKEN_END, "1"},
    {"setcounter addtocounter setlength addtolength", SKIP_ARG, JAC_TOKEN_END, "2"},
    {"hspace hspace*", SPACE, JAC_TOKEN_GAP, ""},
    {"boxed fbox underbrace overbrace underline cancel bcancel xcancel mbox_ colorbox_ "
     "emph uwave substack hl bbox enclose_ class_ ",
     THROUGH, JAC_TOKEN_END, NULL},
    {"textcolor colorbox htmlClass htmlId cssId class enclose raisebox rotatebox style",
     THROUGH, JAC_TOKEN_END, "1"},
    {"text textrm textit texttt textsf textnormal textup mbox hbox intertext "
     "shortintertext mathtt",
     WORDS, JAC_TOKEN_END, NULL},
    {"textbf", LETTER, JAC_TOKEN_FONT, "bold"},
    {"operatorname operatorname* DeclareMathOperator_ mathrm mathit mathup", OPERATOR,
     JAC_TOKEN_END, NULL},
    {"mathbf boldsymbol bm pmb symbf mathbfit vb vec overrightarrow mathbfsf bold", TOKEN,
     JAC_TOKEN_FONT, "bold"},
    {"mathcal mathscr mathfrak EuScript", TOKEN, JAC_TOKEN_FONT, "cal"},
    {"mathbb mathds Bbb", TOKEN, JAC_TOKEN_FONT, "bb"},
    {"mathsf mathnormal", TOKEN, JAC_TOKEN_FONT, ""},
    {"hat widehat", TOKEN, JAC_TOKEN_ACCENT, "hat"},
    {"tilde widetilde", TOKEN, JAC_TOKEN_ACCENT, "tilde"},
    {"bar overline", TOKEN, JAC_TOKEN_ACCENT, "bar"},
    {"dot", TOKEN, JAC_TOKEN_ACCENT, "dot"},
    {"ddot", TOKEN, JAC_TOKEN_ACCENT, "ddot"},
    {"check", TOKEN, JAC_TOKEN_ACCENT, "check"},
    {"breve", TOKEN, JAC_TOKEN_ACCENT, "breve"},
    {"mathring", TOKEN, JAC_TOKEN_ACCENT, "ring"},
    {"frac dfrac tfrac cfrac", TOKEN, JAC_TOKEN_FRACTION, ""},
    {"sqrt", TOKEN, JAC_TOKEN_ROOT, ""},
    {"partial", TOKEN, JAC_TOKEN_PARTIAL, "partial"},
    {"dd", TOKEN, JAC_TOKEN_NAME, "d"},
    {"grad", TOKEN, JAC_TOKEN_NABLA, "nabla"},
    {"pdv pdiff pderiv pder partialderivative", QUOTIENT, JAC_TOKEN_PARTIAL, "partial"},
    {"dv diff deriv odv", QUOTIENT, JAC_TOKEN_NAME, "d"},
    {"over", OVER, JAC_TOKEN_END, NULL},
    {"overset stackrel underset", LABELLED, JAC_TOKEN_END, NULL},
    {"xlongequal", LABELLED, JAC_TOKEN_END, "="},
    {"nabla", TOKEN, JAC_TOKEN_NABLA, "nabla"},
    {"forall", TOKEN, JAC_TOKEN_FORALL, ""},
    {"quad qquad enspace enskip", TOKEN, JAC_TOKEN_GAP, ""},
    {"implies Rightarrow Longrightarrow iff Leftrightarrow Longleftrightarrow therefore "
     "because Leftarrow impliedby leadsto rightsquigarrow",
     TOKEN, JAC_TOKEN_STOP, ""},
    {"cdots ldots dots dotsc dotsb dotsm dotso hdots", TOKEN, JAC_TOKEN_DOTS, "c"},
    {"vdots", TOKEN, JAC_TOKEN_DOTS, "v"},
    {"ddots iddots", TOKEN, JAC_TOKEN_DOTS, "d"},
    {"{", TOKEN, JAC_TOKEN_OPEN, "\\{"},
    {"}", TOKEN, JAC_TOKEN_CLOSE, "\\}"},
    {"lbrace", TOKEN, JAC_TOKEN_OPEN, "\\{"},
    {"rbrace", TOKEN, JAC_TOKEN_CLOSE, "\\}"},
    {"lbrack", TOKEN, JAC_TOKEN_OPEN, "["},
    {"rbrack", TOKEN, JAC_TOKEN_CLOSE, "]"},
    {"lparen", TOKEN, JAC_TOKEN_OPEN, "("},
    {"rparen", TOKEN, JAC_TOKEN_CLOSE, ")"},
    {"langle", TOKEN, JAC_TOKEN_OPEN, "<"},
    {"rangle", TOKEN, JAC_TOKEN_CLOSE, ">"},
    {"lfloor lceil", TOKEN, JAC_TOKEN_UNREAD, "rounding"},
    {"| Vert lVert rVert parallel", TOKEN, JAC_TOKEN_BAR, "2"},
    {"vert lvert rvert mid given", TOKEN, JAC_TOKEN_BAR, "1"},
    {"prime", TOKEN, JAC_TOKEN_PRIME, ""},
    {"\\ newline cr tabularnewline", TOKEN, JAC_TOKEN_ROW, ""},
    {"begin", TOKEN, JAC_TOKEN_BEGIN, ""},
    {"end", TOKEN, JAC_TOKEN_FINISH, ""},
    {"colon", TOKEN, JAC_TOKEN_COLON, ""},
    {"ell", TOKEN, JAC_TOKEN_NAME, "ell"},
    {"_", TOKEN, JAC_TOKEN_NAME, "_"},
};

static bool among(const char *names, const char *name, size_t length) {
  while (*names) {
    size_t here = strcspn(names, " ");
    if (here == length && memcmp(names, name, length) == 0)
      return true;
    names += here + strspn(names + here, " ");
  }
  return false;
}

static const struct command *find_command(const char *name, size_t length) {
  for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
    if (among(commands[k].names, name, length))
      return &commands[k];
  return NULL;
}

bool jac_token_accent(const char *text, size_t length) {
  for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
    if (commands[k].kind == TOKEN && commands[k].token == JAC_TOKEN_ACCENT &&
        strlen(commands[k].text) == length && memcmp(commands[k].text, text, length) == 0)
      return true;
  return false;
}

/* The end of the group that opens at `at` (a brace), past its closing brace; length where
 * it does not close. */
static size_t group_end(const struct lexer *l, size_t at) {
  int depth = 0;
  for (; at < l->length; at++) {
    if (l->text[at] == '\\' && at + 1 < l->length)
      at++;
    else if (l->text[at] == '{')
      depth++;
    else if (l->text[at] == '}' && --depth == 0)
      return at + 1;
  }
  return l->length;
}

/* The raw argument of a command: from *start to *end, the lexer past it. */
bool jac_token_argument(struct lexer *l, size_t *start, size_t *end) {
  jac_token_spaces(l);
  if (l->at < l->length && l->text[l->at] == '[') {
    const char *close = strchr(l->text + l->at, ']');
    if (!close)
      return false;
    l->at = (size_t)(close - l->text) + 1;
    jac_token_spaces(l);
  }
  if (l->at >= l->length || l->text[l->at] != '{') {
    *start = l->at;
    if (l->at < l->length)
      l->at++;
    *end = l->at;
    return *end > *start;
  }
  size_t close = group_end(l, l->at);
  *start = l->at + 1;
  *end = close > *start ? close - 1 : *start;
  l->at = close;
  return true;
}

static enum jac_status environment(struct lexer *l, enum jac_token_kind kind,
                                   size_t start) {
  size_t from, to;
  if (!jac_token_argument(l, &from, &to))
    return jac_token_refuse(l, start, "\\begin without the name of an environment");
  while (to > from && l->text[to - 1] == '*')
    to--;
  struct jac_token *t = jac_token_add(l, kind, "", start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->text = jac_pool_word(l->pool, l->text + from, to - from);
  if (kind == JAC_TOKEN_BEGIN) {
    while (l->at < l->length && isspace((unsigned char)l->text[l->at]))
      l->at++;
    if (l->at < l->length && l->text[l->at] == '[' && strcmp(t->text, "pmatrix") != 0 &&
        strcmp(t->text, "bmatrix") != 0 && strcmp(t->text, "matrix") != 0 &&
        strcmp(t->text, "cases") != 0) {
      const char *close = strchr(l->text + l->at, ']');
      if (close)
        l->at = (size_t)(close - l->text) + 1;
    }
    if ((strcmp(t->text, "array") == 0 || strcmp(t->text, "NiceArray") == 0 ||
         strcmp(t->text, "alignedat") == 0 || strcmp(t->text, "alignat") == 0) &&
        l->at < l->length && l->text[l->at] == '{')
      l->at = group_end(l, l->at);
  }
  return JAC_OK;
}

static bool group_follows(struct lexer *l) {
  jac_token_spaces(l);
  return l->at < l->length && l->text[l->at] == '{';
}

/* Adds ^{ order }, where there is one. */
static enum jac_status raise_to(struct lexer *l, size_t place, const size_t order[2]) {
  if (order[1] <= order[0])
    return JAC_OK;
  if (!jac_token_add(l, JAC_TOKEN_SUP, "", place) ||
      !jac_token_add(l, JAC_TOKEN_OPEN, "{", place))
    return jac_pool_status(l->pool, l->err);
  l->at = order[0];
  enum jac_status status = jac_token_until(l, order[1]);
  if (!status && !jac_token_add(l, JAC_TOKEN_CLOSE, "}", place))
    status = jac_pool_status(l->pool, l->err);
  return status;
}

/* Adds { sign^order of^above }, where there is an order. */
static enum jac_status differential(struct lexer *l, const struct command *command,
                                    const size_t of[2], const size_t order[2],
                                    bool raised) {
  size_t after = l->at;
  bool good = jac_token_add(l, JAC_TOKEN_OPEN, "{", of[0]) &&
              jac_token_add(l, command->token, command->text, of[0]);
  enum jac_status status = good && !raised ? raise_to(l, of[0], order) : JAC_OK;
  l->at = of[0];
  if (good && !status)
    status = jac_token_until(l, of[1]);
  if (good && !status && raised)
    status = raise_to(l, of[0], order);
  l->at = after;
  good = good && jac_token_add(l, JAC_TOKEN_CLOSE, "}", of[1]);
  return status || good ? status : jac_pool_status(l->pool, l->err);
}

/* \pdv[2]{f}{x}, \dv{f}{x}; *taken: a group follows. */
static enum jac_status quotient(struct lexer *l, const struct command *command,
                                size_t start, bool *taken) {
  size_t place = l->at, order[2] = {0, 0}, above[2], below[2];
  jac_token_spaces(l);
  if (l->at < l->length && l->text[l->at] == '[') {
    const char *close = strchr(l->text + l->at, ']');
    if (close) {
      order[0] = l->at + 1;
      order[1] = (size_t)(close - l->text);
      l->at = order[1] + 1;
    }
  }
  *taken = group_follows(l) && jac_token_argument(l, &above[0], &above[1]);
  if (!*taken) {
    l->at = place;
    return JAC_OK;
  }
  bool two = group_follows(l) && jac_token_argument(l, &below[0], &below[1]);
  if (!two) { /* \\dv{x}: of what follows */
    memcpy(below, above, sizeof below);
    above[1] = above[0];
  }
  if (!jac_token_add(l, JAC_TOKEN_FRACTION, "", start))
    return jac_pool_status(l->pool, l->err);
  enum jac_status status = differential(l, command, above, order, false);
  return status ? status : differential(l, command, below, order, true);
}

/* A length of TeX's from `at` on, in widths of an m; false: there is none up to `end`. */
static bool tex_length(const struct lexer *l, size_t at, size_t end, double *width) {
  static const struct {
    const char *name;
    double width;
  } units[] = {{"em", 1},    {"ex", 0.43}, {"pt", 0.1}, {"bp", 0.1},  {"pc", 1.2},
               {"mm", 0.28}, {"cm", 2.8},  {"in", 7.2}, {"mu", 0.055}};
  char text[24];
  size_t length = end - at;
  if (length >= sizeof text)
    return false;
  memcpy(text, l->text + at, length);
  text[length] = '\0';
  char *rest;
  double number = strtod(text, &rest);
  if (rest == text)
    return false;
  rest += strspn(rest, " ");
  for (size_t k = 0; k < sizeof units / sizeof *units; k++)
    if (strncmp(rest, units[k].name, 2) == 0 && rest[2 + strspn(rest + 2, " ")] == '\0') {
      *width = number * units[k].width;
      return true;
    }
  return false;
}

/* \\ [2em], the distance to the next row: past it. */
static void row_distance(struct lexer *l) {
  size_t at = l->at;
  while (at < l->length && isspace((unsigned char)l->text[at]))
    at++;
  const char *close =
      at < l->length && l->text[at] == '[' ? strchr(l->text + at, ']') : NULL;
  size_t end = close ? (size_t)(close - l->text) : at;
  double width;
  bool number =
      close && end - at < 12 && at == l->at &&
      (isdigit((unsigned char)l->text[at + 1]) || strchr("-.+", l->text[at + 1]));
  if (number || (close && tex_length(l, at + 1, end, &width)))
    l->at = end + 1;
}

static enum jac_status special(struct lexer *l, const struct command *command,
                               size_t start) {
  size_t from, to;
  switch (command->kind) {
  case SKIP:
    l->spaced = true;
    if (l->at < l->length && l->text[l->at] == '.' && l->at - start >= 5 &&
        (memcmp(l->text + start, "\\left", 5) == 0 ||
         memcmp(l->text + start, "\\right", 6) == 0))
      l->at++;
    return JAC_OK;
  case SKIP_ARG:
    for (char k = '0'; k < command->text[0]; k++)
      jac_token_argument(l, &from, &to);
    return JAC_OK;
  case SPACE: {
    double width;
    l->spaced = true;
    if (!jac_token_argument(l, &from, &to) || !tex_length(l, from, to, &width) ||
        width < 0.9)
      return JAC_OK;
    return jac_token_add(l, command->token, command->text, start)
               ? JAC_OK
               : jac_pool_status(l->pool, l->err);
  }
  case THROUGH:
    return jac_token_through(l, command->text != NULL, start);
  case WORDS:
  case LETTER: {
    size_t before = l->at;
    if (!jac_token_argument(l, &from, &to))
      return jac_token_refuse(l, start, "\\text without its words");
    if (command->kind == WORDS || !jac_token_one_letter(l, from, to))
      return jac_token_words(l, start, from, to);
    l->at = before;
    break;
  }
  case OPERATOR:
    jac_token_spaces(l);
    if (l->at < l->length && l->text[l->at] == '\\')
      return JAC_OK; /* \mathrm\partial: the font of a sign */
    if (!jac_token_argument(l, &from, &to))
      return JAC_OK;
    return jac_token_operator(l, start, from, to);
  case OVER:
    return jac_token_over(l, start);
  case LABELLED:
    return jac_token_labelled(l, command->text, start);
  case QUOTIENT: {
    bool taken;
    enum jac_status status = quotient(l, command, start, &taken);
    return taken || status
               ? status
               : jac_token_name(l, l->text + start + 1, l->at - start - 1, start);
  }
  case TOKEN:
    break;
  }
  if (command->token == JAC_TOKEN_BEGIN || command->token == JAC_TOKEN_FINISH)
    return environment(l, command->token, start);
  if (command->token == JAC_TOKEN_ROW)
    row_distance(l);
  struct jac_token *t = jac_token_add(l, command->token, command->text, start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  if (t->kind == JAC_TOKEN_BAR)
    t->number = command->text[0] - '0';
  if (t->kind == JAC_TOKEN_PRIME)
    t->number = 1;
  return JAC_OK;
}

enum jac_status jac_token_command(struct lexer *l) {
  size_t start = l->at++;
  size_t from = l->at;
  while (l->at < l->length && isalpha((unsigned char)l->text[l->at]))
    l->at++;
  if (l->at == from && l->at < l->length)
    l->at++;
  else if (l->at < l->length && l->text[l->at] == '*')
    if (find_command(l->text + from, l->at - from + 1))
      l->at++;
  size_t length = l->at - from;
  const char *name = l->text + from;
  if (length == 1 && strchr(" \t\n", *name)) {
    l->spaced = true;
    return JAC_OK;
  }
  if (length == 0)
    return jac_token_refuse(l, start, "a backslash with nothing behind it");
  if (length == 1 && strchr("%$#", *name))
    return jac_token_refuse(l, start, "a sign that formulas do not have");
  if (length == 1 && *name == '&')
    return JAC_OK;
  const struct command *known = find_command(name, length);
  if (known)
    return special(l, known, start);
  if (length == 3 && memcmp(name, "not", 3) == 0) {
    jac_token_spaces(l);
    if (l->at < l->length && l->text[l->at] == '=') {
      l->at++;
      struct jac_token *t = jac_token_add(l, JAC_TOKEN_SIGN, "", start);
      if (t)
        t->row = jac_construct(JAC_C_UNEQUAL);
      return jac_pool_status(l->pool, l->err);
    }
  }
  const struct jac_construct *row = jac_construct_latex(name, length);
  if (!row)
    return jac_token_name(l, name, length, start);
  struct jac_token *t = jac_token_add(l, JAC_TOKEN_SIGN, "", start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->row = row;
  t->text = jac_pool_word(l->pool, name, length);
  switch (row->role) {
  case JAC_ROLE_BIG:
    t->kind = JAC_TOKEN_BIG;
    break;
  case JAC_ROLE_ENTRYWISE:
  case JAC_ROLE_FUNCTION:
  case JAC_ROLE_SIZED:
  case JAC_ROLE_SPECIAL:
    t->kind = JAC_TOKEN_FUNCTION;
    break;
  case JAC_ROLE_POSTFIX:
    t->kind = JAC_TOKEN_NAME;
    t->text = jac_pool_text(l->pool, "top");
    break;
  case JAC_ROLE_UNREAD:
    t->kind = JAC_TOKEN_UNREAD;
    t->text = jac_pool_text(l->pool, row->plain);
    break;
  default:
    break;
  }
  return JAC_OK;
}
