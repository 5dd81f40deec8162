/* What directives say, as facts; the facts of a module. */
#include "jacobian/notes/section_internal.h"

#include "jacobian/buffer.h"
#include "jacobian/elaborate/evidence.h"
#include "jacobian/notes/directive.h"
#include "jacobian/text.h"

#include <stdio.h>
#include <string.h>

static void meaning(struct jac_section *s, enum jac_saying saying, node *left) {
  jac_section_fact(
      s, (struct jac_fact){
             .kind = JAC_FACT_MEANING, .saying = saying, .left = left, .strong = true});
}

static node *name_text(struct jac_section *s, const char *text) {
  return jac_read_text(s, text, jac_text_is_latex(text));
}

static void shape_text(struct jac_section *s, const char *name, const char *rows,
                       const char *cols, bool vector) {
  struct jac_fact f = {.kind = JAC_FACT_SHAPE, .strong = true};
  f.left = name_text(s, name);
  if (!f.left)
    return;
  if (rows)
    f.rows = name_text(s, rows);
  if (cols && !vector)
    f.cols = name_text(s, cols);
  if (!rows)
    f.properties = JAC_IS_NUMBER;
  if (rows && cols && strcmp(rows, "1") == 0 && strcmp(cols, "1") == 0)
    f = (struct jac_fact){.kind = JAC_FACT_SHAPE,
                          .strong = true,
                          .left = f.left,
                          .properties = JAC_IS_NUMBER};
  jac_section_fact(s, f);
}

/* The facts of a module, as layers write them. */
static void module_facts(struct jac_section *s, const char *text) {
  for (const char *line = text; *line;) {
    size_t length = strcspn(line, "\n");
    char copy[600], a[80], b[80], c[80];
    snprintf(copy, sizeof copy, "%.*s", (int)(length < 590 ? length : 590), line);
    if (strncmp(copy, "define ", 7) == 0) {
      struct statement_place p = {.section = s, .strong = true};
      node *above = NULL;
      const char *equation = copy + 7;
      struct jac_display d;
      if (!jac_display_read(s->pool, equation,
                            jac_text_is_latex(equation) && strchr(equation, '\\'), &d,
                            NULL, NULL) &&
          d.count == 1 && d.statement[0].count == 2)
        jac_statement_definition(&p, d.statement[0].side[0].notation,
                                 d.statement[0].side[1].notation, NULL, 0);
      (void)above;
    } else if (sscanf(copy, "shape %79s %79s %79s", a, b, c) == 3)
      shape_text(s, a, b, strcmp(c, "-") == 0 ? NULL : c, strcmp(c, "-") == 0);
    else if (sscanf(copy, "alias %79s %79s", a, b) == 2)
      jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_ALIAS,
                                            .strong = true,
                                            .left = name_text(s, a),
                                            .right = name_text(s, b)});
    else if (sscanf(copy, "positive %79s", a) == 1)
      jac_section_fact(s, (struct jac_fact){.kind = JAC_FACT_PROPERTY,
                                            .strong = true,
                                            .left = name_text(s, a),
                                            .properties = JAC_IS_POSITIVE});
    else if (sscanf(copy, "subject %79s", a) == 1)
      meaning(s, JAC_SAYS_SUBJECT, name_text(s, a));
    else if (sscanf(copy, "input %79s", a) == 1)
      meaning(s, JAC_SAYS_INPUT, name_text(s, a));
    else if (strcmp(copy, "rows") == 0)
      meaning(s, JAC_SAYS_ROWS, NULL);
    line += length + (line[length] == '\n');
  }
}

static bool subject_formula(struct jac_section *s, const char *subject) {
  struct jac_display d;
  if (jac_display_read(s->pool, subject, jac_text_is_latex(subject), &d, NULL, NULL))
    return false;
  bool any = false;
  struct statement_place p = {.section = s, .strong = true};
  node *last = NULL;
  for (size_t k = 0; k < d.count; k++) {
    const struct jac_statement_written *st = &d.statement[k];
    if (st->count < 2 || !st->side[0].notation || !st->side[1].notation)
      return false;
    if (st->side[1].relation->id == JAC_C_MEMBER) {
      jac_section_member(s, st->side[0].notation, st->side[1].notation, true, 0);
      continue;
    }
    struct jac_definition def;
    if (!jac_definition_read(s->pool, st->side[0].notation, &def))
      return false;
    jac_statement_definition(&p, st->side[0].notation, st->side[1].notation, NULL, 0);
    last = def.defines == JAC_DEFINES_ENTRIES && def.name->form == JAC_S_SCRIPT
               ? def.name->child[0]
               : def.name;
    any = true;
  }
  if (last)
    meaning(s, JAC_SAYS_SUBJECT, last);
  return any;
}

static void drop_directive(struct jac_section *s) {
  size_t kept = 0;
  for (size_t k = 0; k < s->facts; k++)
    if (!s->fact[k].strong)
      s->fact[kept++] = s->fact[k];
  /* Links keep the counts that they had: facts only move down, and strong ones count
     wherever they stand. */
  s->facts = kept;
}

/* Long: each key. */
void jac_section_directive(struct jac_section *s, const struct jac_item *item,
                           const struct jac_notes_modules *modules) {
  struct jac_directive d;
  struct jac_error err = {.status = JAC_OK};
  enum jac_status status = jac_directive_read(item->text, &d, NULL, &err);
  if (!status && d.off) {
    s->off = true;
    jac_directive_free(&d);
    return;
  }
  s->off = false;
  if (!status && d.subject) {
    drop_directive(s);
    s->subject = jac_pool_text(s->pool, d.subject);
    bool formula = subject_formula(s, d.subject);
    if (!formula && modules) {
      struct jac_buffer text = JAC_BUFFER_INIT;
      if (modules->facts(modules->context, d.subject, d.vectors == JAC_VECTORS_COLUMNS,
                         &text, &err))
        module_facts(s, text.text);
      else
        status = JAC_EINPUT;
      jac_buffer_free(&text);
    } else if (!formula)
      status = jac_fail(&err, JAC_EINPUT,
                        _("'%.60s' is no module, and no formula such as y = W x + b"),
                        d.subject);
  }
  if (status) {
    jac_section_link(s,
                     (struct jac_link){.item = item,
                                       .end = item->length,
                                       .problem = jac_pool_text(s->pool, err.message)});
    jac_directive_free(&d);
    return;
  }
  for (size_t k = 0; k < d.lets; k++) {
    node *name = name_text(s, d.let[k].name), *value = name_text(s, d.let[k].value);
    struct statement_place p = {.section = s, .strong = true};
    if (name && value && jac_name_like(value))
      jac_section_fact(
          s, (struct jac_fact){
                 .kind = JAC_FACT_ALIAS, .strong = true, .left = name, .right = value});
    else if (name && value)
      jac_statement_definition(&p, name, value, NULL, 0);
  }
  for (size_t k = 0; k < d.shapes; k++)
    shape_text(s, d.shape[k].name, d.shape[k].rows, d.shape[k].columns,
               d.shape[k].columns == NULL);
  static const enum jac_saying said_by[] = {
      [JAC_MEANS_ELEMENTWISE] = JAC_SAYS_STAR_HADAMARD,
      [JAC_MEANS_OUTER] = JAC_SAYS_OTIMES_OUTER,
      [JAC_MEANS_KRONECKER] = JAC_SAYS_OTIMES_KRON,
      [JAC_MEANS_PRODUCT] = JAC_SAYS_STAR_PRODUCT,
      [JAC_MEANS_NUMBER] = JAC_SAYS_T_NUMBER,
      [JAC_MEANS_TRANSPOSE] = JAC_SAYS_PRIME_TRANSPOSE,
      [JAC_MEANS_DERIVATIVE] = JAC_SAYS_PRIME_DERIVATIVE,
      [JAC_MEANS_ROW] = JAC_SAYS_ONE_ROW,
      [JAC_MEANS_COLUMN] = JAC_SAYS_ONE_COLUMN};
  for (size_t k = 0; k < d.exceptions; k++) {
    const char *sign = d.exception[k].sign;
    enum jac_meaning m = d.exception[k].meaning;
    if (m == JAC_MEANS_NUMBER && strcmp(sign, "T") != 0) {
      struct jac_fact f = {.kind = JAC_FACT_SHAPE,
                           .strong = true,
                           .left = name_text(s, sign),
                           .properties = JAC_IS_NUMBER};
      if (f.left)
        jac_section_fact(s, f);
      continue;
    }
    meaning(s, said_by[m], NULL);
  }
  if (d.vectors != JAC_VECTORS_UNSAID)
    meaning(s, d.vectors == JAC_VECTORS_ROWS ? JAC_SAYS_ROWS : JAC_SAYS_COLUMNS, NULL);
  if (d.wrt) {
    node *n = name_text(s, d.wrt);
    if (n)
      meaning(s, JAC_SAYS_WRT, n);
  }
  jac_directive_free(&d);
}
