/* What show writes of a module of general sizes before it is differentiated: its
 * definition and its forward pass. */
#include "jacobian/formula/read.h"
#include "visual/cli/general_internal.h"
#include "visual/latex/latex.h"
#include "visual/latex/width.h"
#include "visual/symbol.h"

#include <string.h>

static void add_matrix(struct jac_general_display *d, const char *left,
                       const struct jac_general *g, const char *behind) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_general_latex(g, d->subject->options->latex.square, &text);
  jac_buffer_add(&text, behind);
  if (!text.failed)
    jac_general_add_line(
        d, left, "=", text.text,
        jac_latex_extent_more(jac_general_extent(g), jac_latex_width(behind)));
  jac_buffer_free(&text);
}

/* Where everything lives: z in R^{batch x input}, W in ..., on as many lines as it takes;
 * M: R -> R. */
static void add_spaces(struct jac_general_display *d) {
  struct jac_general_subject *s = d->subject;
  const struct jac_map *map = s->map;
  double line = jac_latex_line(&s->options->latex);
  struct jac_buffer text = JAC_BUFFER_INIT, one = JAC_BUFFER_INIT;
  for (size_t v = 0; v < map->nvar; v++) {
    jac_buffer_clear(&one);
    jac_latex_variable(&map->var[v], &one);
    jac_buffer_add(&one, " \\in ");
    jac_general_add_space(s, map->var[v].ndim, map->var[v].dims, &one);
    if (text.failed || one.failed)
      break;
    if (text.length > 0 &&
        jac_latex_width(text.text) + jac_latex_width(one.text) > line) {
      jac_buffer_add(&text, ",");
      jac_general_add_formula(d, "", "", text.text);
      jac_buffer_clear(&text);
    }
    jac_buffer_printf(&text, "%s%s", text.length > 0 ? ",\\quad " : "", one.text);
  }
  if (!text.failed)
    jac_general_add_formula(d, "", "", text.text);
  jac_buffer_clear(&text);
  jac_latex_function(map, &text);
  jac_buffer_add(&text, " : ");
  jac_general_add_space(s, map->var[0].ndim, map->var[0].dims, &text);
  jac_buffer_add(&text, " \\to ");
  jac_general_add_space(s, 2, (size_t[]){map->rows, map->cols}, &text);
  if (!text.failed)
    jac_general_add_formula(d, "", "", text.text);
  d->lines.failed = d->lines.failed || text.failed || one.failed;
  jac_buffer_free(&text);
  jac_buffer_free(&one);
}

enum jac_status jac_general_write_definition(struct jac_general_subject *s,
                                             struct jac_error *err) {
  struct jac_general_display d = {.subject = s, .lines = JAC_BUFFER_INIT};
  struct jac_buffer text = JAC_BUFFER_INIT, named = JAC_BUFFER_INIT;
  enum jac_status status =
      jac_definition_add(s->map, jac_general_notation(s), &text, err);
  if (status == JAC_OK)
    jac_general_add_words(s, &text, &named);
  if (status == JAC_OK && jac_general_paper(s)) {
    add_spaces(&d);
    jac_general_add_formula(&d, "", "", named.text);
    status = jac_general_add_where(s, &d, s->map->definition, err);
    jac_general_end_display(&d);
  } else if (status == JAC_OK) {
    for (size_t v = 0; v < s->map->nvar; v++) {
      jac_buffer_printf(&s->text, "  %s: ", s->map->var[v].name);
      jac_general_add_shape(s, s->map->var[v].ndim, s->map->var[v].dims, &s->text);
      jac_buffer_add(&s->text, "\n");
    }
    jac_buffer_printf(&s->text, "  %s\n", named.text);
    status = jac_general_add_where(s, NULL, s->map->definition, err);
  }
  jac_buffer_free(&text);
  jac_buffer_free(&named);
  return status;
}

/* The two variables whose product the module is, where it is one: z*W. */
static bool factors(const struct jac_general_subject *s, size_t factor[2]) {
  struct jac_arena arena = JAC_ARENA_INIT;
  const struct jac_node *tree;
  struct jac_error quiet;
  bool found =
      s->module->matrices != NULL &&
      jac_formula_read(&arena, s->module->matrices, &tree, NULL, &quiet) == JAC_OK;
  if (found && tree->kind == JAC_ADD && tree->child[1]->kind == JAC_NAME &&
      jac_map_find(s->map, tree->child[1]->name) == s->map->nvar)
    tree = tree->child[0]; /* a bias that it has not */
  found = found && tree->kind == JAC_MULTIPLY;
  for (size_t k = 0; k < 2 && found; k++) {
    const struct jac_node *name = tree->child[k];
    factor[k] = name->kind == JAC_NAME ? jac_map_find(s->map, name->name) : s->map->nvar;
    found = factor[k] < s->map->nvar;
  }
  jac_arena_free(&arena);
  return found;
}

/* z W, and both written out. */
static enum jac_status add_product(struct jac_general_display *d, const char *left,
                                   struct jac_error *err) {
  struct jac_general_subject *s = d->subject;
  struct jac_buffer names = JAC_BUFFER_INIT, text = JAC_BUFFER_INIT;
  size_t factor[2];
  struct jac_latex_extent both = {0.0, 0.0, 0.0};
  enum jac_status status = JAC_OK;
  if (!factors(s, factor))
    return JAC_OK;
  for (size_t k = 0; k < 2 && status == JAC_OK; k++) {
    struct jac_general g;
    jac_buffer_add(&names, k > 0 ? " \\times " : "");
    jac_latex_variable(&s->map->var[factor[k]], &names);
    status =
        jac_general_variable(s->map, factor[k], &s->words, JAC_NOTATION_LATEX, &g, err);
    if (status != JAC_OK)
      break;
    jac_buffer_add(&text, k > 0 ? "\n\\times " : "");
    jac_general_latex(&g, s->options->latex.square, &text);
    struct jac_latex_extent one = jac_general_extent(&g);
    both.width += one.width + 10.0;
    both.tiny += one.tiny + 10.0;
    both.least += one.least + 10.0;
    jac_general_free(&g);
  }
  if (status == JAC_OK && !names.failed && !text.failed) {
    jac_general_add_formula(d, left, "=", names.text);
    jac_general_add_line(d, "", "=", text.text, both);
  }
  jac_buffer_free(&names);
  jac_buffer_free(&text);
  return status;
}

enum jac_status jac_general_write_forward(struct jac_general_subject *s,
                                          struct jac_error *err) {
  struct jac_general_display d = {.subject = s, .lines = JAC_BUFFER_INIT};
  struct jac_general sums = {0}, named = {0};
  struct jac_buffer left = JAC_BUFFER_INIT, space = JAC_BUFFER_INIT;
  struct jac_style style = jac_general_style_of(s);
  enum jac_status status =
      jac_general_forward(s->map, &s->words, false, jac_general_notation(s), &sums, err);
  if (status == JAC_OK)
    status = jac_general_forward(s->map, &s->words, true, jac_general_notation(s), &named,
                                 err);
  if (status == JAC_OK && jac_general_paper(s)) {
    jac_latex_function(s->map, &left);
    jac_buffer_add(&left, "(");
    jac_latex_variable(&s->map->var[0], &left);
    jac_buffer_add(&left, ")");
    status = add_product(&d, left.text, err);
    add_matrix(&d, d.count == 0 ? left.text : "", &sums, "");
    jac_buffer_printf(&space, " = %s \\in ", s->map->output_symbol);
    jac_general_add_space(s, 2, (size_t[]){s->map->rows, s->map->cols}, &space);
    add_matrix(&d, "", &named, space.failed ? "" : space.text);
    if (status == JAC_OK)
      status = jac_general_add_where(s, &d, s->map->definition, err);
    jac_general_end_display(&d);
  } else if (status == JAC_OK) {
    status = jac_general_text(&named, &style, &s->text, err);
    jac_buffer_add(&s->text, "\n  =\n");
    if (status == JAC_OK)
      status = jac_general_text(&sums, &style, &s->text, err);
    if (status == JAC_OK)
      status = jac_general_add_where(s, NULL, s->map->definition, err);
  }
  jac_buffer_free(&left);
  jac_buffer_free(&space);
  jac_general_free(&sums);
  jac_general_free(&named);
  return status;
}
