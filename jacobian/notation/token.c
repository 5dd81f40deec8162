#include "jacobian/notation/token.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Commands of LaTeX that are no constructs: what each is. */
enum command_kind {
  SKIP,     /* nothing */
  SKIP_ARG, /* nothing, with its argument */
  THROUGH,  /* its last argument; number of those before */
  WORDS,    /* \text{...} */
  OPERATOR, /* \operatorname{...} */
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
     "bf it rm cal sf tt boldmath normalsize small large Large hspace* noindent "
     "mathstrut "
     "strut smash break relax ensuremath protect mathop mathrel mathbin mathord mathopen "
     "mathclose mathinner",
     SKIP, JAC_TOKEN_END, NULL},
    {"label tag tag* phantom vphantom hphantom vspace hspace vskip mspace color "
     "pagecolor ref eqref cite footnote definecolor intertext_ hskip kern mkern "
     "setlength_ "
     "cline addcontentsline",
     SKIP_ARG, JAC_TOKEN_END, NULL},
    {"boxed fbox underbrace overbrace underline cancel bcancel xcancel mbox_ colorbox_ "
     "emph uwave substack underset_ hl bbox enclose_ class_ ",
     THROUGH, JAC_TOKEN_END, NULL},
    {"textcolor colorbox htmlClass htmlId cssId class enclose raisebox rotatebox style",
     THROUGH, JAC_TOKEN_END, "1"},
    {"text textrm textit textbf texttt textsf textnormal textup mbox hbox intertext "
     "shortintertext mathtt",
     WORDS, JAC_TOKEN_END, NULL},
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

/* Greek letters: as Unicode writes them. Two bytes each. */
static const struct {
  const char *sign, *name;
} greek[] = {
    {"\xce\xb1", "alpha"},   {"\xce\xb2", "beta"},     {"\xce\xb3", "gamma"},
    {"\xce\xb4", "delta"},   {"\xce\xb5", "epsilon"},  {"\xce\xb6", "zeta"},
    {"\xce\xb7", "eta"},     {"\xce\xb8", "theta"},    {"\xce\xb9", "iota"},
    {"\xce\xba", "kappa"},   {"\xce\xbb", "lambda"},   {"\xce\xbc", "mu"},
    {"\xce\xbd", "nu"},      {"\xce\xbe", "xi"},       {"\xcf\x80", "pi"},
    {"\xcf\x81", "rho"},     {"\xcf\x83", "sigma"},    {"\xcf\x84", "tau"},
    {"\xcf\x85", "upsilon"}, {"\xcf\x86", "phi"},      {"\xcf\x87", "chi"},
    {"\xcf\x88", "psi"},     {"\xcf\x89", "omega"},    {"\xce\x93", "Gamma"},
    {"\xce\x94", "Delta"},   {"\xce\x98", "Theta"},    {"\xce\x9b", "Lambda"},
    {"\xce\x9e", "Xi"},      {"\xce\xa0", "Pi"},       {"\xce\xa3", "Sigma"},
    {"\xce\xa6", "Phi"},     {"\xce\xa8", "Psi"},      {"\xce\xa9", "Omega"},
    {"\xe2\x84\x93", "ell"}, {"\xe2\x84\x9d", "bb_R"},
};

/* Variants of one letter, and words for signs. */
static const char *const variants[][2] = {
    {"varepsilon", "epsilon"},
    {"vartheta", "theta"},
    {"varphi", "phi"},
    {"varrho", "rho"},
    {"varsigma", "sigma"},
    {"varkappa", "kappa"},
    {"R", "bb_R"},
    {"reals", "bb_R"},
    {"Reals", "bb_R"},
    {"imath", "i"},
    {"jmath", "j"},
    {"mathbbm1", "bb_1"},
};

struct lexer {
  struct jac_pool *pool;
  const char *text;
  size_t at, length;
  bool latex, spaced, single; /* single: one character is the argument of a script */
  struct jac_token *token;
  size_t count, capacity;
  struct jac_error *err;
  size_t *position;
  int depth;
};

static enum jac_status lex(struct lexer *l, size_t end);

static enum jac_status refuse(struct lexer *l, size_t at, const char *message) {
  if (l->position)
    *l->position = at;
  return jac_fail(l->err, JAC_EINPUT, "%s", message);
}

static struct jac_token *add(struct lexer *l, enum jac_token_kind kind, const char *text,
                             size_t start) {
  if (l->count == l->capacity) {
    size_t capacity = l->capacity ? 2 * l->capacity : 64;
    struct jac_token *token = jac_pool_take(l->pool, capacity * sizeof *token);
    if (!token)
      return NULL;
    if (l->count)
      memcpy(token, l->token, l->count * sizeof *token);
    l->token = token;
    l->capacity = capacity;
  }
  struct jac_token *t = &l->token[l->count++];
  *t = (struct jac_token){.kind = kind,
                          .text = text ? jac_pool_text(l->pool, text) : "",
                          .start = start,
                          .end = l->at,
                          .spaced = l->spaced};
  l->spaced = false;
  return t;
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

static void spaces(struct lexer *l) {
  while (l->at < l->length && (isspace((unsigned char)l->text[l->at]) ||
                               (l->latex && l->text[l->at] == '~'))) {
    l->at++;
    l->spaced = true;
  }
}

/* The raw argument of a command: from *start to *end, the lexer past it. */
static bool argument(struct lexer *l, size_t *start, size_t *end) {
  spaces(l);
  if (l->at < l->length && l->text[l->at] == '[') {
    const char *close = strchr(l->text + l->at, ']');
    if (!close)
      return false;
    l->at = (size_t)(close - l->text) + 1;
    spaces(l);
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

static enum jac_status words(struct lexer *l, size_t start, size_t from, size_t to) {
  while (from < to) {
    size_t dollar = from;
    while (dollar < to && l->text[dollar] != '$')
      dollar++;
    size_t a = from, b = dollar;
    while (a < b && strchr(" ~\t\n.,:;()", l->text[a]))
      a++;
    while (b > a && strchr(" ~\t\n.,:;()", l->text[b - 1]))
      b--;
    if (b > a) {
      struct jac_token *t = add(l, JAC_TOKEN_WORDS, "", start);
      if (!t)
        return jac_pool_status(l->pool, l->err);
      t->text = jac_pool_word(l->pool, l->text + a, b - a);
      const struct jac_construct *row = jac_construct_latex(l->text + a, b - a);
      if (row && row->role != JAC_ROLE_RELATION && row->role != JAC_ROLE_UNREAD) {
        t->kind = row->role == JAC_ROLE_BIG ? JAC_TOKEN_BIG : JAC_TOKEN_FUNCTION;
        t->row = row;
      }
    } else if (dollar > from && l->count && memchr(l->text + from, ' ', dollar - from))
      l->spaced = true;
    if (dollar >= to)
      break;
    size_t close = dollar + 1;
    while (close < to && l->text[close] != '$')
      close++;
    size_t after = l->at;
    l->at = dollar + 1;
    enum jac_status status = lex(l, close);
    l->at = after;
    if (status)
      return status;
    from = close + 1;
  }
  return JAC_OK;
}

/* \operatorname{word}, \mathrm{d}: one name, or a function that is known. What holds more
 * than letters is read as it stands. */
static enum jac_status operator_word(struct lexer *l, size_t start, size_t from,
                                     size_t to) {
  size_t length = to - from;
  char word[64];
  size_t n = 0;
  bool letters = true;
  for (size_t k = from; k < to; k++) {
    char c = l->text[k];
    if (isalnum((unsigned char)c) && n + 1 < sizeof word)
      word[n++] = c;
    else if (strchr(" -_~", c) ||
             (c == '\\' && k + 1 < to && strchr("_,;: -!", l->text[k + 1])))
      k += c == '\\';
    else
      letters = false;
  }
  word[n] = '\0';
  if (!letters || n == 0) {
    size_t after = l->at;
    l->at = from;
    enum jac_status status = length ? lex(l, to) : JAC_OK;
    l->at = after;
    return status;
  }
  const struct jac_construct *row = jac_construct_latex(word, n);
  if (!row)
    row = jac_construct_plain(word, n);
  if (row && (row->role == JAC_ROLE_TERM || row->role == JAC_ROLE_RELATION ||
              row->role == JAC_ROLE_SIDE || row->role == JAC_ROLE_INFIX))
    row = NULL;
  if (row && row->role == JAC_ROLE_SPECIAL && row->id != JAC_C_INDICATOR &&
      row->id != JAC_C_EINSUM)
    row = NULL;
  struct jac_token *t = add(l, JAC_TOKEN_NAME, word, start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  if (row && row->role == JAC_ROLE_UNREAD) {
    t->kind = JAC_TOKEN_UNREAD;
    t->text = jac_pool_text(l->pool, row->plain);
  } else if (row) {
    t->kind = row->role == JAC_ROLE_BIG ? JAC_TOKEN_BIG : JAC_TOKEN_FUNCTION;
    t->row = row;
  }
  return JAC_OK;
}

static const struct command *find_command(const char *name, size_t length) {
  for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
    if (among(commands[k].names, name, length))
      return &commands[k];
  return NULL;
}

static enum jac_status environment(struct lexer *l, enum jac_token_kind kind,
                                   size_t start) {
  size_t from, to;
  if (!argument(l, &from, &to))
    return refuse(l, start, "\\begin without the name of an environment");
  while (to > from && l->text[to - 1] == '*')
    to--;
  struct jac_token *t = add(l, kind, "", start);
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
    argument(l, &from, &to);
    return JAC_OK;
  case THROUGH:
    if (command->text)
      argument(l, &from, &to);
    if (!argument(l, &from, &to))
      return JAC_OK;
    {
      size_t after = l->at;
      bool label = after < l->length &&
                   (l->text[start + 1] == 'u' || l->text[start + 1] == 'o') &&
                   memcmp(l->text + start + 1, "underline", 9) != 0 &&
                   memcmp(l->text + start + 1, "overline", 8) != 0;
      l->at = from;
      if (!add(l, JAC_TOKEN_OPEN, "{", start))
        return jac_pool_status(l->pool, l->err);
      enum jac_status status = lex(l, to);
      if (status)
        return status;
      l->at = after;
      if (!add(l, JAC_TOKEN_CLOSE, "}", to))
        return jac_pool_status(l->pool, l->err);
      /* The words below a brace are no index. */
      spaces(l);
      if (label && l->at < l->length && strchr("_^", l->text[l->at])) {
        l->at++;
        argument(l, &from, &to);
      }
    }
    return JAC_OK;
  case WORDS:
    if (!argument(l, &from, &to))
      return refuse(l, start, "\\text without its words");
    return words(l, start, from, to);
  case OPERATOR:
    spaces(l);
    if (l->at < l->length && l->text[l->at] == '\\')
      return JAC_OK; /* \mathrm\partial: the font of a sign */
    if (!argument(l, &from, &to))
      return JAC_OK;
    return operator_word(l, start, from, to);
  case TOKEN:
    break;
  }
  if (command->token == JAC_TOKEN_BEGIN || command->token == JAC_TOKEN_FINISH)
    return environment(l, command->token, start);
  if (command->token == JAC_TOKEN_ROW && l->at < l->length && l->text[l->at] == '[') {
    const char *close = strchr(l->text + l->at, ']');
    if (close && (size_t)(close - l->text) - l->at < 12 &&
        (isdigit((unsigned char)l->text[l->at + 1]) || strchr("-.+", l->text[l->at + 1])))
      l->at = (size_t)(close - l->text) + 1;
  }
  struct jac_token *t = add(l, command->token, command->text, start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  if (t->kind == JAC_TOKEN_BAR)
    t->number = command->text[0] - '0';
  if (t->kind == JAC_TOKEN_PRIME)
    t->number = 1;
  return JAC_OK;
}

static enum jac_status named(struct lexer *l, const char *name, size_t length,
                             size_t start) {
  for (size_t k = 0; k < sizeof variants / sizeof *variants; k++)
    if (strlen(variants[k][0]) == length && memcmp(variants[k][0], name, length) == 0)
      return add(l, JAC_TOKEN_NAME, variants[k][1], start)
                 ? JAC_OK
                 : jac_pool_status(l->pool, l->err);
  for (size_t k = 0; k < sizeof greek / sizeof *greek; k++)
    if (strlen(greek[k].name) == length && memcmp(greek[k].name, name, length) == 0)
      return add(l, JAC_TOKEN_NAME, greek[k].name, start)
                 ? JAC_OK
                 : jac_pool_status(l->pool, l->err);
  struct jac_token *t = add(l, JAC_TOKEN_NAME, "", start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->text = jac_pool_word(l->pool, name, length);
  /* A macro that nobody explained, with an argument: what it means is not known. */
  size_t at = l->at;
  while (at < l->length && isspace((unsigned char)l->text[at]))
    at++;
  if (at < l->length && l->text[at] == '{') {
    t->kind = JAC_TOKEN_UNREAD;
    t->text = jac_pool_printf(l->pool, "\\%s", t->text);
  }
  return JAC_OK;
}

static enum jac_status command(struct lexer *l) {
  size_t start = l->at++;
  size_t from = l->at;
  while (l->at < l->length && isalpha((unsigned char)l->text[l->at]))
    l->at++;
  if (l->at == from && l->at < l->length)
    l->at++;
  else if (l->at < l->length && l->text[l->at] == '*' && l->at - from >= 4)
    if (find_command(l->text + from, l->at - from + 1))
      l->at++;
  size_t length = l->at - from;
  const char *name = l->text + from;
  if (length == 1 && strchr(" \t\n", *name)) {
    l->spaced = true;
    return JAC_OK;
  }
  if (length == 1 && strchr("%$#", *name))
    return refuse(l, start, "a sign that formulas do not have");
  if (length == 1 && *name == '&')
    return JAC_OK;
  const struct command *known = find_command(name, length);
  if (known)
    return special(l, known, start);
  if (length == 3 && memcmp(name, "not", 3) == 0) {
    spaces(l);
    if (l->at < l->length && l->text[l->at] == '=') {
      l->at++;
      struct jac_token *t = add(l, JAC_TOKEN_SIGN, "", start);
      if (t)
        t->row = jac_construct(JAC_C_UNEQUAL);
      return jac_pool_status(l->pool, l->err);
    }
  }
  const struct jac_construct *row = jac_construct_latex(name, length);
  if (!row)
    return named(l, name, length, start);
  struct jac_token *t = add(l, JAC_TOKEN_SIGN, "", start);
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

static enum jac_status number(struct lexer *l) {
  size_t start = l->at;
  if (l->single && isdigit((unsigned char)l->text[l->at])) {
    l->at++;
  } else {
    char *end;
    char digits[64];
    size_t n = 0;
    size_t at = l->at;
    while (at < l->length && n + 1 < sizeof digits &&
           (isdigit((unsigned char)l->text[at]) || l->text[at] == '.'))
      if (l->text[at] == '.' && at + 1 < l->length && strchr("*^/", l->text[at + 1]) &&
          !l->latex)
        break;
      else
        digits[n++] = l->text[at++];
    while (n && digits[n - 1] == '.') {
      n--;
      at--;
    }
    if (at < l->length && (l->text[at] == 'e' || l->text[at] == 'E')) {
      size_t sign =
          at + 1 + (at + 1 < l->length && strchr("+-", l->text[at + 1]) != NULL);
      if (sign < l->length && isdigit((unsigned char)l->text[sign]) &&
          (!l->latex || sign > at + 1)) {
        while (at < sign && n + 1 < sizeof digits)
          digits[n++] = l->text[at++];
        while (at < l->length && isdigit((unsigned char)l->text[at]) &&
               n + 1 < sizeof digits)
          digits[n++] = l->text[at++];
      }
    }
    digits[n] = '\0';
    (void)strtod(digits, &end);
    l->at = at;
    if (*end)
      return refuse(l, start, "a number is not well written");
  }
  struct jac_token *t = add(l, JAC_TOKEN_NUMBER, "", start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->text = jac_pool_word(l->pool, l->text + start, l->at - start);
  t->number = strtod(t->text, NULL);
  return JAC_OK;
}

static bool letter(char c) {
  return isalpha((unsigned char)c) != 0;
}

static bool word_character(const struct lexer *l, size_t at) {
  return at < l->length && (isalnum((unsigned char)l->text[at]) || l->text[at] == '_');
}

static bool accent_name(const char *text, size_t length) {
  for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
    if (commands[k].kind == TOKEN && commands[k].token == JAC_TOKEN_ACCENT &&
        strlen(commands[k].text) == length && memcmp(commands[k].text, text, length) == 0)
      return true;
  return false;
}

/* A word of plain notation: hat_y is a name, h_0 a name with an index below. */
static enum jac_status plain_word(struct lexer *l) {
  size_t start = l->at, end = l->at;
  while (word_character(l, end))
    end++;
  const struct jac_construct *row = jac_construct_plain(l->text + start, end - start);
  if (row && row->role != JAC_ROLE_BIG && row->role != JAC_ROLE_POSTFIX) {
    l->at = end;
    struct jac_token *t = add(l, JAC_TOKEN_FUNCTION, "", start);
    if (!t)
      return jac_pool_status(l->pool, l->err);
    t->text = jac_pool_word(l->pool, l->text + start, end - start);
    t->row = row;
    if (row->role == JAC_ROLE_CONDITION || row->role == JAC_ROLE_RELATION ||
        row->role == JAC_ROLE_INFIX) {
      bool call = end < l->length && l->text[end] == '(' && row->role == JAC_ROLE_INFIX;
      t->kind = call ? JAC_TOKEN_FUNCTION : JAC_TOKEN_SIGN;
      if (row->role == JAC_ROLE_INFIX && !call) {
        t->kind = JAC_TOKEN_NAME; /* a variable called dot */
        t->row = NULL;
      }
    }
    return JAC_OK;
  }
  size_t stop = start;
  while (stop < end && l->text[stop] != '_')
    stop++;
  if (stop < end && (accent_name(l->text + start, stop - start) ||
                     (stop - start == 2 && memcmp(l->text + start, "bb", 2) == 0))) {
    stop++;
    while (stop < end && l->text[stop] != '_')
      stop++;
  }
  if (stop == start || stop + 1 >= end)
    stop = end; /* _x, x_ */
  l->at = stop;
  struct jac_token *t = add(l, JAC_TOKEN_NAME, "", start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->text = jac_pool_word(l->pool, l->text + start, stop - start);
  while (stop < end) {
    size_t under = stop++;
    l->at = stop;
    if (!add(l, JAC_TOKEN_SUB, "", under))
      return jac_pool_status(l->pool, l->err);
    size_t next = stop;
    while (next < end && l->text[next] != '_')
      next++;
    bool digits = true;
    for (size_t k = stop; k < next; k++)
      digits = digits && isdigit((unsigned char)l->text[k]);
    l->at = next;
    t = add(l, digits ? JAC_TOKEN_NUMBER : JAC_TOKEN_NAME, "", stop);
    if (!t)
      return jac_pool_status(l->pool, l->err);
    t->text = jac_pool_word(l->pool, l->text + stop, next - stop);
    t->number = digits ? strtod(t->text, NULL) : 0;
    stop = next;
  }
  return JAC_OK;
}

/* Letters of LaTeX: each a name, unless the whole run is a function's. */
static enum jac_status latex_letter(struct lexer *l) {
  size_t start = l->at, end = l->at;
  while (end < l->length && letter(l->text[end]))
    end++;
  size_t length = end - start;
  bool before = start && (letter(l->text[start - 1]) || l->text[start - 1] == '\\');
  if (!l->single && !before && length >= 2) {
    const struct jac_construct *row = jac_construct_latex(l->text + start, length);
    if (!row && length >= 3)
      row = jac_construct_plain(l->text + start, length);
    bool call = end < l->length && (l->text[end] == '(' || l->text[end] == '\\');
    if (row && (length >= 3 || call) &&
        (row->role == JAC_ROLE_ENTRYWISE || row->role == JAC_ROLE_FUNCTION ||
         row->role == JAC_ROLE_SIZED || row->id == JAC_C_CASES ||
         row->id == JAC_C_EINSUM)) {
      l->at = end;
      struct jac_token *t = add(l, JAC_TOKEN_FUNCTION, "", start);
      if (!t)
        return jac_pool_status(l->pool, l->err);
      t->text = jac_pool_word(l->pool, l->text + start, length);
      t->row = row;
      return JAC_OK;
    }
  }
  l->at = start + 1;
  char one[2] = {l->text[start], '\0'};
  return add(l, JAC_TOKEN_NAME, one, start) ? JAC_OK : jac_pool_status(l->pool, l->err);
}

/* Superscripts and subscripts of Unicode. */
static const struct {
  const char *sign, *text;
  bool above;
} small[] = {
    {"\xc2\xb2", "2", true},      {"\xc2\xb3", "3", true},
    {"\xc2\xb9", "1", true},      {"\xe1\xb5\x80", "T", true},
    {"\xe2\x8a\xa4", "T", true},  {"\xe2\x82\x80", "0", false},
    {"\xe2\x82\x81", "1", false}, {"\xe2\x82\x82", "2", false},
    {"\xe2\x82\x83", "3", false}, {"\xe2\x82\x84", "4", false},
    {"\xe1\xb5\xa2", "i", false}, {"\xe2\xb1\xbc", "j", false},
    {"\xe2\x82\x96", "k", false}, {"\xe2\x82\x99", "n", false},
};

static enum jac_status unicode(struct lexer *l) {
  const char *here = l->text + l->at;
  size_t start = l->at;
  for (size_t k = 0; k < sizeof greek / sizeof *greek; k++)
    if (strncmp(here, greek[k].sign, strlen(greek[k].sign)) == 0) {
      l->at += strlen(greek[k].sign);
      return add(l, JAC_TOKEN_NAME, greek[k].name, start)
                 ? JAC_OK
                 : jac_pool_status(l->pool, l->err);
    }
  for (size_t k = 0; k < sizeof small / sizeof *small; k++)
    if (strncmp(here, small[k].sign, strlen(small[k].sign)) == 0) {
      l->at += strlen(small[k].sign);
      if (!add(l, small[k].above ? JAC_TOKEN_SUP : JAC_TOKEN_SUB, "", start))
        return jac_pool_status(l->pool, l->err);
      bool digit = isdigit((unsigned char)small[k].text[0]) != 0;
      struct jac_token *t = add(l, digit ? JAC_TOKEN_NUMBER : JAC_TOKEN_NAME,
                                *small[k].text == 'T' ? "top" : small[k].text, start);
      if (t && digit)
        t->number = small[k].text[0] - '0';
      return jac_pool_status(l->pool, l->err);
    }
  static const struct {
    const char *sign;
    enum jac_token_kind kind;
    const char *text;
  } others[] = {{"\xe2\x88\x82", JAC_TOKEN_PARTIAL, "partial"},
                {"\xe2\x88\x87", JAC_TOKEN_NABLA, "nabla"},
                {"\xe2\x80\x96", JAC_TOKEN_BAR, "2"},
                {"\xe2\x80\xa6", JAC_TOKEN_DOTS, "c"},
                {"\xe2\x8b\xaf", JAC_TOKEN_DOTS, "c"},
                {"\xe2\x80\xb2", JAC_TOKEN_PRIME, ""},
                {"\xe2\x87\x92", JAC_TOKEN_STOP, ""},
                {"\xe2\x88\x80", JAC_TOKEN_FORALL, ""}};
  for (size_t k = 0; k < sizeof others / sizeof *others; k++)
    if (strncmp(here, others[k].sign, strlen(others[k].sign)) == 0) {
      l->at += strlen(others[k].sign);
      struct jac_token *t = add(l, others[k].kind, others[k].text, start);
      if (t)
        t->number = t->kind == JAC_TOKEN_BAR ? 2 : 1;
      return jac_pool_status(l->pool, l->err);
    }
  if (strncmp(here, "\xc2\xa0", 2) == 0) {
    l->at += 2;
    l->spaced = true;
    return JAC_OK;
  }
  /* A letter of another script is a name of its own. */
  size_t length = 1;
  while (start + length < l->length && ((unsigned char)here[length] & 0xc0) == 0x80)
    length++;
  l->at += length;
  struct jac_token *t = add(l, JAC_TOKEN_NAME, "", start);
  if (!t)
    return jac_pool_status(l->pool, l->err);
  t->text = jac_pool_word(l->pool, here, length);
  /* CJK and other prose between formulas. */
  if (length >= 3)
    t->kind = JAC_TOKEN_WORDS;
  return JAC_OK;
}

static enum jac_status primes(struct lexer *l) {
  size_t start = l->at;
  if (!l->latex) { /* a string of einsum: 'ij,jk->ik' */
    size_t k = l->at + 1;
    while (k < l->length && (letter(l->text[k]) || strchr(",->. ", l->text[k])))
      k++;
    bool opens = l->count && l->token[l->count - 1].kind == JAC_TOKEN_OPEN;
    if (opens && k < l->length && l->text[k] == '\'') {
      struct jac_token *t = add(l, JAC_TOKEN_STRING, "", start);
      if (!t)
        return jac_pool_status(l->pool, l->err);
      t->text = jac_pool_word(l->pool, l->text + start + 1, k - start - 1);
      l->at = k + 1;
      return JAC_OK;
    }
  }
  size_t n = 0;
  while (l->at < l->length && l->text[l->at] == '\'') {
    l->at++;
    n++;
  }
  struct jac_token *t = add(l, JAC_TOKEN_PRIME, "", start);
  if (t)
    t->number = (double)n;
  return jac_pool_status(l->pool, l->err);
}

static enum jac_status mark(struct lexer *l) {
  static const struct {
    char c;
    enum jac_token_kind kind;
    const char *text;
  } marks[] = {{'(', JAC_TOKEN_OPEN, "("}, {')', JAC_TOKEN_CLOSE, ")"},
               {'[', JAC_TOKEN_OPEN, "["}, {']', JAC_TOKEN_CLOSE, "]"},
               {'{', JAC_TOKEN_OPEN, "{"}, {'}', JAC_TOKEN_CLOSE, "}"},
               {'_', JAC_TOKEN_SUB, ""},   {'&', JAC_TOKEN_CELL, ""},
               {',', JAC_TOKEN_COMMA, ""}, {';', JAC_TOKEN_SEMICOLON, ""},
               {'|', JAC_TOKEN_BAR, "1"},  {':', JAC_TOKEN_COLON, ""}};
  size_t start = l->at;
  const char *here = l->text + l->at;
  if (here[0] == '|' && here[1] == '|') {
    l->at += 2;
    struct jac_token *t = add(l, JAC_TOKEN_BAR, "2", start);
    if (t)
      t->number = 2;
    return jac_pool_status(l->pool, l->err);
  }
  if (strncmp(here, "...", 3) == 0) {
    l->at += 3;
    return add(l, JAC_TOKEN_DOTS, "c", start) ? JAC_OK : jac_pool_status(l->pool, l->err);
  }
  if (here[0] == ':' && here[1] == '=') {
    l->at += 2;
    struct jac_token *t = add(l, JAC_TOKEN_SIGN, "", start);
    if (t)
      t->row = jac_construct(JAC_C_EQUAL);
    return jac_pool_status(l->pool, l->err);
  }
  if (l->latex && here[0] == '=' && here[1] == '=')
    l->at++;
  if (!l->latex && here[0] == '*' && here[1] == '*') {
    l->at += 2;
    return add(l, JAC_TOKEN_SUP, "", start) ? JAC_OK : jac_pool_status(l->pool, l->err);
  }
  if (here[0] == '^') {
    l->at++;
    return add(l, JAC_TOKEN_SUP, "", start) ? JAC_OK : jac_pool_status(l->pool, l->err);
  }
  size_t length;
  const struct jac_construct *row = jac_construct_sign(l->text + l->at, &length);
  /* .* of programs in a LaTeX formula too; else a full stop ends it. */
  if (row && !(l->latex && here[0] == '.' && here[1] != '*' && here[1] != '/')) {
    l->at += length;
    struct jac_token *t = add(l, JAC_TOKEN_SIGN, "", start);
    if (!t)
      return jac_pool_status(l->pool, l->err);
    t->row = row;
    if (row->role == JAC_ROLE_BIG)
      t->kind = JAC_TOKEN_BIG;
    if (row->role == JAC_ROLE_UNREAD) {
      t->kind = JAC_TOKEN_UNREAD;
      t->text = jac_pool_text(l->pool, row->plain);
    }
    return JAC_OK;
  }
  for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
    if (*here == marks[k].c) {
      l->at++;
      struct jac_token *t = add(l, marks[k].kind, marks[k].text, start);
      if (t)
        t->number = 1;
      return jac_pool_status(l->pool, l->err);
    }
  if (*here == '.') { /* ends a sentence; in plain notation a whole row or column */
    l->at++;
    return l->latex || add(l, JAC_TOKEN_NAME, "bullet", start)
               ? JAC_OK
               : jac_pool_status(l->pool, l->err);
  }
  if ((unsigned char)*here >= 0x80)
    return unicode(l);
  char message[80];
  if (isprint((unsigned char)*here))
    snprintf(message, sizeof message, "'%c' is no sign of formulas", *here);
  else
    snprintf(message, sizeof message, "a character that formulas do not have (0x%02x)",
             (unsigned)(unsigned char)*here);
  return refuse(l, start, message);
}

/* Tokens up to the byte `end`. */
static enum jac_status lex(struct lexer *l, size_t end) {
  size_t whole = l->length;
  enum jac_status status = JAC_OK;
  if (++l->depth > 60)
    return jac_fail(l->err, JAC_ELIMIT, "it is nested too deeply");
  l->length = end;
  while (!status) {
    spaces(l);
    if (l->at >= l->length)
      break;
    char c = l->text[l->at];
    l->single = l->latex && l->count &&
                (l->token[l->count - 1].kind == JAC_TOKEN_SUB ||
                 l->token[l->count - 1].kind == JAC_TOKEN_SUP);
    if (l->latex && c == '\\')
      status = command(l);
    else if (isdigit((unsigned char)c) ||
             (c == '.' && isdigit((unsigned char)l->text[l->at + 1]) &&
              !(l->count && l->token[l->count - 1].kind == JAC_TOKEN_NUMBER &&
                !l->spaced)))
      status = number(l);
    else if (letter(c) || (c == '_' && !l->latex && word_character(l, l->at + 1)))
      status = l->latex ? latex_letter(l) : plain_word(l);
    else if (c == '\'')
      status = primes(l);
    else
      status = mark(l);
  }
  l->length = whole;
  l->depth--;
  return status ? status : jac_pool_status(l->pool, l->err);
}

bool jac_text_is_latex(const char *text) {
  for (const char *c = text; *c; c++) {
    if (*c == '\\')
      return true;
    if (*c == '{' && (c == text || c[-1] != '^'))
      return true;
  }
  return false;
}

enum jac_status jac_tokens_read(struct jac_pool *pool, const char *text, bool latex,
                                struct jac_tokens *tokens, size_t *position,
                                struct jac_error *err) {
  *tokens = (struct jac_tokens){.latex = latex};
  struct lexer l = {.pool = pool,
                    .text = text,
                    .length = strlen(text),
                    .latex = latex,
                    .err = err,
                    .position = position};
  if (position)
    *position = 0;
  if (l.length > JAC_FORMULA_LONGEST)
    return jac_fail(err, JAC_ELIMIT, "a formula longer than %d bytes is not read",
                    JAC_FORMULA_LONGEST);
  enum jac_status status = lex(&l, l.length);
  if (status)
    return status;
  tokens->count = l.count;
  if (!add(&l, JAC_TOKEN_END, "", l.length))
    return jac_pool_status(pool, err);
  if (latex)
    jac_tokens_given(l.token, tokens->count);
  tokens->token = l.token;
  return JAC_OK;
}
