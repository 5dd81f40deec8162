/* Which claims are rules of vectors and fields, and what stands in them. */
#include "jacobian/notes/field_internal.h"
#include "jacobian/notes/section_internal.h"

/* What is met in a claim. */
struct met {
  struct jac_field_rule *rule;
  node *by;                          /* of d/dt, of u(t) */
  node *point;                       /* x of f(x), where x is a vector */
  size_t nablas, laplacians, slopes; /* signs, and derivatives of the other kind */
  bool bold, failed;
};

static bool is_plain(node *n) {
  return n->form == JAC_S_NAME && !n->row && !jac_is_differential(n);
}

static bool is_sign(node *n) {
  return is_nabla(n) || jac_is_name(n, "Delta");
}

static struct jac_field_name *found(struct jac_field_rule *rule, const char *text) {
  for (size_t k = 0; k < rule->names; k++)
    if (strcmp(jac_field_bare(rule->name[k].name->text), text) == 0)
      return &rule->name[k];
  return NULL;
}

static void add(struct met *m, node *n) {
  const char *text = jac_field_bare(n->text);
  struct jac_field_name *name = found(m->rule, text);
  bool dotted = text != n->text;
  m->bold = m->bold || n->bold;
  m->slopes += dotted;
  if (!name && m->rule->names == JAC_FIELD_NAMES) {
    m->failed = true;
    return;
  }
  if (!name) {
    name = &m->rule->name[m->rule->names++];
    *name = (struct jac_field_name){.name = n, .vector = n->bold, .moves = n->bold};
  }
  m->failed = m->failed || name->name->bold != n->bold; /* A of \mathbf A */
  name->moves = name->moves || dotted;
}

static void moves(struct met *m, node *n) {
  n = jac_inside(n);
  struct jac_field_name *name =
      is_plain(n) ? found(m->rule, jac_field_bare(n->text)) : NULL;
  if (name)
    name->moves = true;
}

static void by(struct met *m, node *x) {
  m->failed =
      m->failed || !is_plain(x) || x->bold || (m->by && !jac_notation_equal(m->by, x));
  m->by = x;
}

static void meet(struct met *m, node *n);

/* d\mathbf{u}/dt, d/dt. */
static bool meet_slope(struct met *m, node *n) {
  node *above = n->form == JAC_S_FRACTION ? jac_inside(n->child[0]) : NULL;
  node *below = n->form == JAC_S_FRACTION ? jac_inside(n->child[1]) : NULL;
  if (!above || below->form != JAC_S_SIDE || !jac_is_differential(below->child[0]))
    return false;
  node *x = below->child[1];
  by(m, x->form == JAC_S_SCRIPT ? x->child[0] : x);
  m->slopes++;
  if (above->form == JAC_S_SIDE && above->count == 2) {
    meet(m, above->child[1]);
    moves(m, above->child[1]);
  }
  return true;
}

/* Long: three kinds of arguments. What stands in a bracket behind a function: t, (x, y,
 * z), a vector. False: a factor. */
static bool meet_argument(struct met *m, node *f, node *bracket) {
  bool primed = f->form == JAC_S_SCRIPT && f->number > 0;
  node *name = primed ? f->child[0] : f;
  if (!is_plain(name) || is_sign(name) || bracket->form != JAC_S_GROUP ||
      bracket->text[0] != '(')
    return false;
  node *inside = bracket->child[0];
  if (inside->form == JAC_S_LIST) {
    for (size_t k = 0; k < 3 && inside->count == 3; k++) {
      node *before = m->rule->variable[k];
      m->failed = m->failed || !is_plain(inside->child[k]) ||
                  (before && !jac_notation_equal(before, inside->child[k]));
      m->rule->variable[k] = inside->child[k];
    }
    m->failed = m->failed || inside->count != 3;
    return true;
  }
  if (!is_plain(inside))
    return false;
  if (inside->bold) {
    m->failed = m->failed || (m->point && !jac_notation_equal(m->point, inside));
    m->point = inside; /* all variables */
  } else
    by(m, inside);
  moves(m, name);
  return true;
}

static void meet_factors(struct met *m, node *n) {
  for (size_t k = 0; k < n->count; k++) {
    meet(m, n->child[k]);
    if (k + 1 < n->count)
      k += meet_argument(m, n->child[k], n->child[k + 1]);
  }
}

static bool has_bold(node *n) {
  bool bold = n->bold;
  for (size_t k = 0; k < n->count && !bold; k++)
    bold = n->child[k] && has_bold(n->child[k]);
  return bold;
}

/* A of \nabla \cdot A is a vector, whatever its font. */
static void meet_product(struct met *m, node *n) {
  node *before = n->child[0], *a = n->child[1];
  while (before->form == JAC_S_SIDE || before->form == JAC_S_INFIX)
    before = before->child[before->count - 1];
  m->rule->cross = m->rule->cross || (n->row->id == JAC_C_CROSS && has_bold(n));
  meet(m, n->child[0]);
  meet(m, a);
  if (a->form == JAC_S_SIDE)
    a = a->child[0];
  struct jac_field_name *name =
      is_plain(a) && is_nabla(before) ? found(m->rule, a->text) : NULL;
  if (name)
    name->vector = true;
}

static void meet(struct met *m, node *n) {
  if (is_sign(n))
    m->nablas++;
  else if (is_plain(n))
    add(m, n);
  else if (n->form == JAC_S_SIDE)
    meet_factors(m, n);
  else if (n->form == JAC_S_INFIX && n->row)
    meet_product(m, n);
  else if (!meet_slope(m, n)) {
    for (size_t k = 0; k < n->count; k++)
      if (n->child[k])
        meet(m, n->child[k]);
    if (n->form == JAC_S_SCRIPT && n->number > 0) {
      m->slopes++;
      moves(m, n->child[0]);
    }
    bool square = n->form == JAC_S_SCRIPT && is_nabla(n->child[0]);
    m->laplacians += square;
  }
}

static bool is_zero(node *n) {
  return n && n->form == JAC_S_NUMBER && n->number == 0;
}

static bool restricted(const struct jac_section *s, node *name) {
  for (size_t k = 0; k < s->links; k++)
    if (is_zero(s->link[k].right) && s->link[k].left &&
        jac_notation_has_name(s->link[k].left, name->text))
      return true;
  for (size_t k = 0; k < s->facts; k++)
    if (is_zero(s->fact[k].right) && s->fact[k].left &&
        jac_notation_has_name(s->fact[k].left, name->text))
      return true;
  return false;
}

static size_t times(node *n, node *name) {
  size_t count = jac_notation_equal(n, name);
  for (size_t k = 0; k < n->count; k++)
    if (n->child[k])
      count += times(n->child[k], name);
  return count;
}

/* (u v)', d/dt (u v), \nabla \cdot (f A): one derivative of the whole. */
static bool of_a_whole(node *n) {
  n = jac_inside(n);
  if (n->form == JAC_S_SCRIPT)
    return n->number > 0 && n->child[0]->form == JAC_S_GROUP;
  if (n->form == JAC_S_FRACTION)
    return true;
  bool product = n->form == JAC_S_SIDE || (n->form == JAC_S_INFIX && n->row);
  if (!product || n->count != 2 || n->child[1]->form != JAC_S_GROUP)
    return false;
  node *sign = n->child[0];
  return is_sign(sign) || sign->form == JAC_S_FRACTION ||
         (sign->form == JAC_S_SCRIPT && is_nabla(sign->child[0]));
}

/* Whether a claim says nothing but a rule: of a product, and the other side has its names
 * and no others. */
static bool tells(const struct jac_section *s, const struct jac_link *link,
                  const struct jac_field_rule *rule, const struct met *left,
                  const struct met *right) {
  size_t count = 0, moving = 0, numbers = 0;
  if (!of_a_whole(link->left) || is_zero(link->right) ||
      right->nablas + right->slopes == 0)
    return false;
  for (size_t k = 0; k < rule->names; k++) {
    node *name = rule->name[k].name;
    size_t in = times(link->left, name);
    if (!in || !times(link->right, name) || restricted(s, name))
      return false;
    count += in;
    moving += rule->name[k].moves;
    numbers += !rule->name[k].vector;
  }
  if (left->nablas > 1 || left->laplacians) /* of what is not harmonic */
    return numbers == rule->names && right->laplacians >= numbers;
  return moving == rule->names && (rule->curve ? count : rule->names) > 1;
}

/* Long: of one variable or of three. The variables, and which names are theirs. False:
 * another kind of claim. */
static bool settle(struct jac_section *s, struct jac_field_rule *rule,
                   const struct met *m) {
  static const char *const usual[] = {"x", "y", "z"};
  struct respelling r = {.section = s};
  node *like = rule->name[0].name;
  rule->curve = m->nablas == 0;
  rule->point = m->point;
  if (rule->curve && (!m->bold || !m->slopes || m->point || rule->variable[0]))
    return false;
  if (rule->curve)
    rule->variable[0] = m->by ? m->by : jac_respell_name(&r, like, "argument");
  for (size_t k = 0; !rule->curve && k < 3; k++)
    if (!rule->variable[k])
      rule->variable[k] = jac_respell_name(&r, like, usual[k]);
  for (size_t k = rule->names; k-- > 0;) {
    node *name = rule->name[k].name;
    bool variable = m->point && jac_notation_equal(name, m->point);
    for (size_t j = 0; j < (rule->curve ? 1 : 3); j++)
      variable = variable || jac_notation_equal(name, rule->variable[j]);
    if (variable)
      return false; /* it is more than a variable */
    rule->name[k].moves = rule->name[k].moves || !rule->curve;
  }
  return rule->variable[0] != NULL;
}

bool jac_field_read(struct jac_section *section, const struct jac_link *link,
                    struct jac_field_rule *rule) {
  *rule = (struct jac_field_rule){.names = 0};
  if (!link->left || !link->right)
    return false;
  struct met left = {.rule = rule};
  meet(&left, link->left);
  struct met right = left;
  right.nablas = right.laplacians = right.slopes = 0;
  meet(&right, link->right);
  struct met both = right;
  both.nablas += left.nablas;
  both.slopes += left.slopes;
  if (both.failed || !rule->names || !settle(section, rule, &both))
    return false;
  for (size_t k = 0; k < rule->names; k++)
    if (jac_section_names(section, rule->name[k].name))
      return false;
  rule->tells = tells(section, link, rule, &left, &right);
  return true;
}

/* d/ds (s (left + any)) = right + any: a derivative, and never zero on both sides. */
static void dressed(struct reading *r, struct value *left, struct value *right, node *s,
                    node *any) {
  node *h = jac_respell_made(
      &r->of, JAC_S_SIDE, "", r->like, 2,
      (node *[]){any, jac_respell_made(&r->of, JAC_S_GROUP, "()", r->like, 1, &s)});
  struct value anything = {.kind = NUMBER, .part = {h}};
  for (size_t i = 0; i < (left->kind == VECTOR ? 3 : 1); i++) {
    struct value l[2] = {{.kind = NUMBER, .part = {left->part[i]}}, anything};
    struct value q[2] = {{.kind = NUMBER, .part = {right->part[i]}}, anything};
    struct value scale = {.kind = NUMBER, .part = {s}};
    l[0] = jac_field_scaled(r, scale, l[0]);
    left->part[i] = jac_field_slope(r, jac_field_sum(r, " +", 2, l), s).part[0];
    q[1] = jac_field_slope(r, anything, s);
    right->part[i] = jac_field_sum(r, " +", 2, q).part[0];
  }
}

static void fact_of(struct jac_fact *fact, size_t *facts, node *name, bool function) {
  fact[(*facts)++] =
      (struct jac_fact){.kind = function ? JAC_FACT_PROPERTY : JAC_FACT_SHAPE,
                        .left = name,
                        .properties = function ? JAC_IS_FUNCTION : 0};
}

static void facts_of(struct reading *r, node *s, node *any, struct jac_fact *fact,
                     size_t *facts) {
  const struct jac_field_rule *rule = r->rule;
  *facts = 0;
  for (size_t k = 0; k < rule->names; k++)
    for (size_t part = 0; part < 4; part++) {
      node *f = jac_field_part(r, &rule->name[k], part);
      if (f)
        fact_of(fact, facts, f,
                rule->name[k].as != JAC_FIELD_CONSTANT && rule->name[k].moves);
    }
  for (size_t k = 0; k < (rule->curve ? 1 : 3); k++)
    fact_of(fact, facts, rule->variable[k], false);
  fact_of(fact, facts, s, false);
  fact_of(fact, facts, any, true);
}

size_t jac_field_claims(struct jac_section *section, const struct jac_link *link,
                        struct jac_field_rule *rule, node *left[3], node *right[3],
                        struct jac_fact fact[JAC_FIELD_FACTS], size_t *facts) {
  struct reading r = {.of = {.section = section}, .rule = rule, .like = link->left};
  struct value a = jac_field_side(&r, link->left);
  r.like = link->right;
  r.derived = r.curled = r.diverged = 0;
  struct value b = jac_field_side(&r, link->right);
  for (size_t k = 0; k < rule->names; k++) {
    rule->name[k].derived = (r.derived >> k) & 1;
    rule->name[k].curled = (r.curled >> k) & 1;
    rule->name[k].diverged = (r.diverged >> k) & 1;
  }
  if (a.kind == VECTOR && is_zero(link->right))
    b = (struct value){.kind = VECTOR, .part = {link->right, link->right, link->right}};
  if (a.kind != b.kind || (a.kind != NUMBER && a.kind != VECTOR))
    return 0;
  node *s = jac_respell_name(&r.of, r.like, "scale"),
       *any = jac_respell_name(&r.of, r.like, "anything");
  if (!s || !any)
    return 0;
  dressed(&r, &a, &b, s, any);
  facts_of(&r, s, any, fact, facts);
  size_t count = a.kind == VECTOR ? 3 : 1;
  for (size_t k = 0; k < count; k++) {
    left[k] = a.part[k];
    right[k] = b.part[k];
    if (!left[k] || !right[k])
      return 0;
  }
  return count;
}
