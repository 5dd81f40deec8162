/* Windows of general sizes: convolution and pools in one dimension, of one channel, as
 * notes write them: bands of w, rows of windows. What has a band has its diagonal dots.
 */
#include "jacobian/text.h"
#include "visual/cli/general_internal.h"
#include "visual/cli/general_window.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/text.h"

#include <stdlib.h>
#include <string.h>

/* In the texts an entry is a letter and its place, w[1]; S(i,K) a sum over i from 1 to K;
 * the dots are ... in a row, : in a column, \ along a diagonal, _ is nothing. */
struct window {
  const char *module, *variable;
  const char *rows; /* of the Jacobian, with semicolons between */
  const char *entry, *gradient;
  const char *when[2]; /* what is to be said of the entry, of the gradient, or NULL */
};

#define IN_WINDOW N_("where j is in window l, else 0")
#define OF_WINDOW N_("l the window of j")

#define M "L-K+1"
#define POOLED "L/K"

static const struct window windows[] = {
    {"conv1d",
     "z",
     "w[1] w[2] ... w[K] 0 ... 0; 0 w[1] w[2] ... w[K] \\ :; : \\ \\ \\ _ \\ 0; "
     "0 ... 0 w[1] w[2] ... w[K]",
     "w[j-l+1]",
     "S(i,K) w[i]*d[j-i+1]",
     {N_("where j-l+1 is one of 1 to K, else 0"),
      N_("where delta is 0 outside 1 to L-K+1")}},
    {"conv1d",
     "W",
     "z[1] z[2] ... z[K]; z[2] z[3] ... z[K+1]; : : \\ :; z[" M "] z[L-K+2] ... z[L]",
     "z[l+i-1]",
     "S(l," M ") d[l]*z[l+i-1]",
     {NULL, NULL}},
    {"conv1d", "b", "1; 1; :; 1", "1", "S(l," M ") d[l]", {NULL, NULL}},
    {"avg-pool1d",
     "z",
     "1/K ... 1/K 0 ... 0 ... 0 ... 0; 0 ... 0 1/K ... 1/K ... 0 ... 0; "
     ": _ : : _ : \\ : _ :; 0 ... 0 0 ... 0 ... 1/K ... 1/K",
     "1/K",
     "d[l]/K",
     {IN_WINDOW, OF_WINDOW}},
    {"max-pool1d",
     "z",
     "m[1] ... m[K] 0 ... 0 ... 0 ... 0; 0 ... 0 m[K+1] ... m[2K] ... 0 ... 0; "
     ": _ : : _ : \\ : _ :; 0 ... 0 0 ... 0 ... m[" M "] ... m[L]",
     "m[j] = 1{z[j] = y[l]}",
     "m[j]*d[l] = 1{z[j] = y[l]}*d[l]",
     {IN_WINDOW, OF_WINDOW}},
};

static const struct {
  const char *module, *size, *output, *spaces, *note;
} modules[] = {
    {"conv1d", M, "S(i,K) w[i]*z[l+i-1]", "z: L; W: K",
     N_("one channel in and out, stride 1")},
    {"avg-pool1d", POOLED, "S(i,K) z[(l-1)K+i]/K", "z: L",
     N_("one channel, stride K: window l is the places (l-1)K+1 to lK")},
    {"max-pool1d", POOLED, "max(z[(l-1)K+1], ..., z[lK])", "z: L",
     N_("one channel, stride K: window l is the places (l-1)K+1 to lK; no ties")},
};

static const char *symbol_of(char letter, bool latex) {
  switch (letter) {
  case 'z':
    return latex ? "z^{k-1}" : "z^(k-1)";
  case 'y':
    return latex ? "z^{k}" : "z^k";
  case 'd':
    return latex ? "\\delta" : "δ";
  case 'm':
    return "m";
  default:
    return "w";
  }
}

/* Long: a case a sign. Adds a piece of the texts as it is written. */
static void add(const char *text, bool latex, struct jac_buffer *out) {
  for (const char *at = text; *at != '\0'; at++) {
    if (strchr("zywdm", *at) != NULL && at[1] == '[') {
      size_t length = strcspn(at, "]");
      jac_buffer_printf(out, latex ? "%s_{%.*s}" : "%s[%.*s]", symbol_of(*at, latex),
                        (int)(length - 2), at + 2);
      at += length;
    } else if (strncmp(at, "S(", 2) == 0) {
      size_t length = strcspn(at, ")");
      jac_buffer_printf(out, latex ? "\\sum_{%c=1}^{%.*s}" : "sum(%c = 1:%.*s)", at[2],
                        (int)(length - 4), at + 4);
      at += length;
    } else if (strncmp(at, "1{", 2) == 0) {
      jac_buffer_add(out, latex ? "\\mathbf{1}_{" : "1[");
      at++;
    } else if (*at == '}')
      jac_buffer_add(out, latex ? "}" : "]");
    else if (strncmp(at, "...", 3) == 0) {
      jac_buffer_add(out, latex ? "\\cdots" : "...");
      at += 2;
    } else if (latex && strncmp(at, "1/K", 3) == 0) {
      jac_buffer_add(out, "\\frac{1}{K}");
      at += 2;
    } else if (latex && strncmp(at, "/K", 2) == 0) {
      jac_buffer_add(out, " / K");
      at++;
    } else if (latex && strncmp(at, "max(", 4) == 0)
      jac_buffer_add(out, "\\m");
    else
      jac_buffer_add_char(out, latex && *at == '*' ? ' ' : *at);
  }
}

static size_t cells_in(const char *row) {
  size_t count = 0, depth = 0;
  for (const char *at = row; *at != '\0' && (*at != ';' || depth > 0); at++) {
    depth += *at == '{';
    depth -= *at == '}';
    count += depth == 0 && *at != ' ' && (at == row || at[-1] == ' ');
  }
  return count;
}

/* Long: the cells of each row, with their signs. Fills a matrix from its rows. */
static enum jac_status fill(const char *rows, bool latex, struct jac_general *g,
                            struct jac_error *err) {
  size_t count = 1, depth = 0;
  for (const char *at = rows; *at != '\0'; at++)
    count += *at == ';';
  enum jac_status status = jac_general_alloc(g, count, cells_in(rows), err);
  const char *at = rows;
  for (size_t k = 0; k < g->rows * g->cols && status == JAC_OK; k++) {
    at += strspn(at, " ;");
    size_t length = 0;
    for (; at[length] != '\0' && (depth > 0 || (at[length] != ' ' && at[length] != ';'));
         length++) {
      depth += at[length] == '{';
      depth -= at[length] == '}';
    }
    char cell[80];
    snprintf(cell, sizeof cell, "%.*s", (int)length, at);
    at += length;
    struct jac_buffer text = JAC_BUFFER_INIT;
    bool one = strlen(cell) == 1;
    if (one && *cell == ':')
      jac_buffer_add(&text, latex ? "\\vdots" : ":");
    else if (one && *cell == '\\')
      jac_buffer_add(&text, latex ? "\\ddots" : "...");
    else if (!one || *cell != '_')
      add(cell, latex, &text);
    else
      jac_buffer_add(&text, "");
    g->cell[k] = jac_buffer_take(&text);
    jac_buffer_free(&text);
    status = g->cell[k] == NULL ? jac_fail_memory(err) : JAC_OK;
  }
  return status;
}

/* A line left = right, as text or of the display. */
static void put(struct jac_general_subject *s, struct jac_general_display *d,
                const char *left, const char *right, const char *when) {
  bool latex = d != NULL;
  struct jac_buffer l = JAC_BUFFER_INIT, r = JAC_BUFFER_INIT;
  add(left, latex, &l);
  add(right, latex, &r);
  if (when != NULL)
    jac_buffer_printf(&r, latex ? ",\\quad \\text{%s}" : ", %s", _(when));
  if (l.failed || r.failed)
    s->text.failed = true;
  else if (latex)
    jac_general_add_line(d, l.text, "=", r.text, jac_latex_extent(r.text));
  else
    jac_buffer_printf(&s->text, "  %s = %s\n", l.text, r.text);
  jac_buffer_free(&l);
  jac_buffer_free(&r);
}

static enum jac_status put_matrix(struct jac_general_subject *s,
                                  struct jac_general_display *d, const char *left,
                                  const char *rows, struct jac_error *err) {
  struct jac_general g = {0};
  struct jac_buffer text = JAC_BUFFER_INIT;
  struct jac_style style = jac_general_style_of(s);
  enum jac_status status = fill(rows, d != NULL, &g, err);
  if (status == JAC_OK && d != NULL) {
    jac_general_latex(&g, s->options->latex.square, &text);
    if (!text.failed)
      jac_general_add_line(d, left, "=", text.text, jac_general_extent(&g));
    s->text.failed = s->text.failed || text.failed;
  } else if (status == JAC_OK)
    status = jac_general_text(&g, &style, &s->text, err);
  jac_buffer_free(&text);
  jac_general_free(&g);
  return status;
}

static size_t module_row(const struct jac_module *module) {
  size_t k = 0;
  while (k < sizeof modules / sizeof *modules &&
         strcmp(modules[k].module, module->name) != 0)
    k++;
  return k;
}

bool jac_general_window_is(const struct jac_options *options,
                           const struct jac_module *module) {
  return module_row(module) < sizeof modules / sizeof *modules &&
         (options->form < 0 || options->form == JAC_FORM_MATRIX) &&
         options->spec[0][strcspn(options->spec[0], ":")] == '\0' &&
         strstr(options->spec[0], "stride") == NULL &&
         strstr(options->spec[0], "padding") == NULL &&
         strstr(options->spec[0], "dilation") == NULL;
}

/* What it is, and what of the module it is. */
static void title(struct jac_general_subject *s, struct jac_buffer *what, size_t k) {
  struct jac_style style = jac_general_style_of(s);
  bool paper = jac_general_paper(s);
  if (paper)
    jac_buffer_printf(what, " (%s)", _(modules[k].note));
  jac_general_add_title(s, what->failed ? "" : what->text);
  if (!paper)
    jac_text_wrap(&style, _(modules[k].note), &s->text);
  s->text.failed = s->text.failed || what->failed;
  jac_buffer_free(what);
}

/* The output, entry by entry, and its first and last ones written out. */
static enum jac_status forward(struct jac_general_subject *s,
                               struct jac_general_display *d, size_t k,
                               struct jac_error *err) {
  bool pass = s->options->what == JAC_WHAT_FORWARD;
  struct jac_buffer range = JAC_BUFFER_INIT, row = JAC_BUFFER_INIT;
  const char *bias = strstr(s->options->spec[0], ",bias") != NULL ? " + b" : "";
  jac_buffer_printf(&range,
                    d != NULL ? "%s%s,\\quad l = 1, \\dots, %s" : "%s%s, l = 1, ..., %s",
                    modules[k].output, bias, modules[k].size);
  if (!range.failed)
    put(s, d, "y[l]", range.text, NULL);
  jac_buffer_printf(&row, "y[1] y[2] ... y[%s]", modules[k].size);
  jac_buffer_free(&range);
  enum jac_status status =
      pass && !row.failed ? put_matrix(s, d, "z^{k}", row.text, err) : JAC_OK;
  jac_buffer_free(&row);
  return status;
}

/* Long: the matrix, then its entry; or the gradient; on paper and as text. */
static enum jac_status of_variable(struct jac_general_subject *s, size_t k,
                                   const struct window *w, struct jac_error *err) {
  bool paper = jac_general_paper(s), gradient = s->options->what == JAC_WHAT_GRADIENT;
  struct jac_general_display display = {.subject = s, .lines = JAC_BUFFER_INIT},
                             *d = paper ? &display : NULL;
  enum jac_status status = JAC_OK;
  bool data = strcmp(w->variable, "z") == 0;
  const char *place = data ? "j" : "i";
  struct jac_buffer left = JAC_BUFFER_INIT;
  struct jac_buffer what = JAC_BUFFER_INIT;
  jac_buffer_printf(&what,
                    gradient ? _("Gradient of %s with respect to %s")
                             : _("Jacobian of %s with respect to %s"),
                    s->options->spec[0], w->variable);
  title(s, &what, k);
  char letter = data ? 'z' : 'w';
  if (!gradient) {
    jac_buffer_printf(&left, "J^{%s}", data ? "z^{k-1}" : w->variable);
    if (!left.failed)
      status = put_matrix(s, d, left.text, w->rows, err);
    jac_buffer_clear(&left);
  }
  if (strcmp(w->variable, "b") == 0)
    jac_buffer_printf(&left, gradient
                                 ? paper ? "\\frac{\\partial L}{\\partial b}" : "dL/db"
                             : paper ? "\\frac{\\partial y[l]}{\\partial b}"
                                     : "dy[l]/db");
  else
    jac_buffer_printf(&left,
                      gradient
                          ? paper ? "\\frac{\\partial L}{\\partial %c[%s]}" : "dL/d%c[%s]"
                      : paper ? "\\frac{\\partial y[l]}{\\partial %c[%s]}"
                              : "dy[l]/d%c[%s]",
                      letter, place);
  if (status == JAC_OK && !left.failed)
    put(s, d, left.text, gradient ? w->gradient : w->entry, w->when[gradient]);
  jac_buffer_free(&left);
  if (paper)
    jac_general_end_display(&display);
  return status;
}

enum jac_status jac_general_window_write(struct jac_general_subject *s,
                                         struct jac_error *err) {
  size_t k = module_row(s->module), found = 0;
  const struct jac_options *options = s->options;
  enum jac_status status = JAC_OK;
  bool paper = jac_general_paper(s);
  if (options->what == JAC_WHAT_DEFINITION || options->what == JAC_WHAT_FORWARD) {
    struct jac_general_display d = {.subject = s, .lines = JAC_BUFFER_INIT};
    struct jac_buffer what = JAC_BUFFER_INIT;
    jac_buffer_printf(&what,
                      options->what == JAC_WHAT_FORWARD ? _("Forward pass of %s")
                                                        : _("Definition of %s"),
                      options->spec[0]);
    title(s, &what, k);
    status = forward(s, paper ? &d : NULL, k, err);
    if (paper)
      jac_general_end_display(&d);
    return status;
  }
  bool bias = strstr(options->spec[0], ",bias") != NULL;
  for (size_t n = 0; n < sizeof windows / sizeof *windows && status == JAC_OK; n++) {
    const struct window *w = &windows[n];
    if (strcmp(w->module, s->module->name) != 0 ||
        (options->wrt != NULL ? strcmp(options->wrt, w->variable) != 0
                              : strcmp(w->variable, "b") == 0 && !bias))
      continue;
    jac_buffer_add(&s->text, found++ > 0 ? "\n" : "");
    status = of_variable(s, k, w, err);
  }
  return status == JAC_OK && found == 0
             ? jac_fail(err, JAC_EINPUT, _("%s has no variable '%s'"), options->spec[0],
                        options->wrt)
             : status;
}
