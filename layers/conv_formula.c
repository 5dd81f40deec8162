#include "layers/conv_formula.h"

#include "jacobian/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The outputs along an axis of so many inputs. */
static enum jac_status axis(const struct jac_spec *spec, const struct jac_conv_shape *s,
                            size_t inputs, size_t *outputs, struct jac_error *err) {
  size_t window = s->dilation * (s->kernel - 1) + 1, padded = inputs + 2 * s->padding;
  if (!s->transposed) {
    if (window > padded)
      return jac_fail(err, JAC_EINPUT,
                      _("%s: a window of %zu positions does not fit in length %zu"),
                      spec->name, window, padded);
    *outputs = (padded - window) / s->stride + 1;
    return JAC_OK;
  }
  size_t all = (inputs - 1) * s->stride + window;
  if (all <= 2 * s->padding)
    return jac_fail(err, JAC_EINPUT,
                    _("%s: nothing is left of %zu positions without a "
                      "padding of %zu"),
                    spec->name, all, s->padding);
  *outputs = all - 2 * s->padding;
  return JAC_OK;
}

/* Sizes whose products stay addressable. */
static bool moderate(const struct jac_conv_shape *s) {
  double taps = (double)s->kernel * (s->image ? (double)s->kernel : 1.0);
  double most = 1e15 / taps / (double)s->in / (double)s->out;
  double inputs = (double)s->width * (s->image ? (double)s->height : 1.0);
  return inputs * (double)s->stride < most && (double)s->padding * taps < 1e9 &&
         (double)s->dilation * taps < 1e9 && inputs * taps < 1e9 &&
         (double)s->padding < 1e6;
}

enum jac_status jac_conv_shape_read(const struct jac_spec *spec,
                                    const struct jac_module_place *place,
                                    struct jac_conv_shape *s, struct jac_error *err) {
  s->kernel = spec->size[0];
  s->in = spec->size[1];
  s->out = spec->size[2];
  s->height = s->out_height = 1;
  enum jac_status status = jac_spec_count(spec, "stride", &s->stride, 1, err);
  if (status == JAC_OK)
    status = jac_spec_whole(spec, "padding", &s->padding, err);
  if (status == JAC_OK)
    status = jac_spec_count(spec, "dilation", &s->dilation, 1, err);
  if (status == JAC_OK)
    status = jac_spec_count(spec, "groups", &s->groups, 1, err);
  if (status == JAC_OK && s->image)
    status = jac_layer_image(spec, place, s->in, &s->height, &s->width, err);
  else if (status == JAC_OK)
    status = jac_layer_length(spec, place, s->in, &s->width, err);
  if (status != JAC_OK)
    return status;
  if (s->in % s->groups != 0 || s->out % s->groups != 0)
    return jac_fail(err, JAC_EINPUT,
                    _("%s: %zu and %zu channels do not fall into %zu groups"), spec->name,
                    s->in, s->out, s->groups);
  if (!moderate(s))
    return jac_fail(err, JAC_ELIMIT, _("%s: its sizes are too large to address"),
                    spec->name);
  status = axis(spec, s, s->width, &s->out_width, err);
  if (status == JAC_OK && s->image)
    status = axis(spec, s, s->height, &s->out_height, err);
  return status;
}

/* The pieces that formulas are made of, each as short as the options let it be. */
enum { PIECES = 16 };

struct pieces {
  const struct jac_conv_shape *s;
  char text[PIECES][JAC_CONV_FORMULA - 128];
  size_t used;
};

/* snprintf; what is put together fits, by the lengths of the texts below. */
JAC_PRINTF(3, 4)
static void put(char *out, size_t size, const char *format, ...) {
  va_list list;
  va_start(list, format);
  vsnprintf(out, size, format, list);
  va_end(list);
}

JAC_PRINTF(2, 3)
static const char *piece(struct pieces *p, const char *format, ...) {
  char *text = p->text[p->used++ % PIECES];
  va_list list;
  va_start(list, format);
  vsnprintf(text, sizeof p->text[0], format, list);
  va_end(list);
  return text;
}

/* Where output p of an axis looks through tap k. */
static const char *look(struct pieces *p, const char *output, const char *tap) {
  return p->s->padding > 0 || p->s->dilation > 1
             ? piece(p, "stride*(%s - 1) + dilation*(%s - 1) + 1 - padding", output, tap)
             : piece(p, "stride*(%s - 1) + %s", output, tap);
}

/* A term at the position at of an axis. With padding it may lie outside: then the term is
 * looked for among the positions p that there are. */
static const char *at_position(struct pieces *p, const char *name, const char *at,
                               const char *size, const char *term) {
  char *text = p->text[p->used++ % PIECES];
  if (p->s->padding > 0)
    put(text, sizeof p->text[0], "sum(%s = 1:%s, ind(%s = %s)*%s)", name, size, name, at,
        term);
  else
    put(text, sizeof p->text[0], "%s", term);
  return text;
}

static void constant(struct jac_conv_formula *f, const char *name, size_t value) {
  f->constant[f->nconstant++] = (struct jac_constant){name, (double)value};
}

static void constants(const struct jac_conv_shape *s, struct jac_conv_formula *f) {
  f->nconstant = 0;
  constant(f, "K", s->kernel);
  constant(f, "IN", s->in);
  constant(f, "stride", s->stride);
  if (s->padding > 0 || s->dilation > 1) {
    constant(f, "padding", s->padding);
    constant(f, "dilation", s->dilation);
  }
  if (s->groups > 1) {
    constant(f, "groups", s->groups);
    constant(f, "C", s->in / s->groups);
    constant(f, "F", s->out / s->groups);
  }
  if (s->image) {
    constant(f, "height", s->height);
    constant(f, "H", s->out_height);
    constant(f, "S", s->out_width);
  }
  if (s->image || s->padding > 0 || s->transposed)
    constant(f, s->image ? "width" : "length", s->width);
}

/* Around a sum over channels: the group g that output channel o is in. */
static void grouped(const struct jac_conv_shape *s, const char *inner, char *out) {
  put(out, JAC_CONV_FORMULA,
      s->groups > 1 ? "sum(g = 1:groups, ind(o > F*(g - 1) and o <= F*g)*(%s))" : "%s",
      inner);
}

/* conv1d. Channel i of the group is C (g-1) + i of all. */
static void write_line(const struct jac_conv_shape *s, struct jac_conv_formula *f) {
  struct pieces p = {.s = s};
  bool groups = s->groups > 1, padded = s->padding > 0;
  const char *at = look(&p, "l", "k"), *tap = look(&p, "l", "h");
  const char *term = piece(&p, "sum(i, z[n,%s,%s]*W[k,i,o])", padded ? "p" : at,
                           groups ? "C*(g - 1) + i" : "i");
  grouped(s, piece(&p, "sum(k, %s)%s", at_position(&p, "p", at, "length", term), ""),
          f->definition);
  term = groups ? "sum(c = 1:C, ind(i = C*(g - 1) + c)*W[k,c,o])" : "W[k,i,o]";
  if (!padded && s->dilation == 1 && !groups)
    term = "ind(q - stride*(l - 1) >= 1 and q - stride*(l - 1) <= K)*"
           "W[q - stride*(l - 1),i,o]";
  else
    term = piece(&p, "sum(k = 1:K, ind(q = %s)*%s)", at, term);
  grouped(s, term, f->entry[0]);
  term = piece(&p, "z[n,%s,%si]", padded ? "p" : tap, groups ? "C*(g - 1) + " : "");
  grouped(s, piece(&p, "delta(o,j)*%s%s", at_position(&p, "p", tap, "length", term), ""),
          f->entry[1]);
}

/* conv-transpose1d: input position p reaches output l through tap k. Output channel o is
 * f of group g, input channel i is c of it. */
static void write_transposed(const struct jac_conv_shape *s, struct jac_conv_formula *f) {
  struct pieces p = {.s = s};
  static const char group[] = "sum(g = 1:groups, sum(f = 1:F, ind(o = F*(g - 1) + f)*";
  static const char own[] = "ind(i > C*(g - 1) and i <= C*g)*";
  bool groups = s->groups > 1;
  const char *head = groups ? group : "", *tail = groups ? "))" : "";
  const char *o = groups ? "f" : "o";
  put(f->definition, JAC_CONV_FORMULA,
      groups ? "%ssum(k, sum(p = 1:length, ind(l = %s)*sum(c = 1:C, z[n,p,C*(g - 1) + "
               "c]*W[k,C*(g - 1) + c,%s])))%s"
             : "%ssum(k, sum(p = 1:length, ind(l = %s)*sum(i, z[n,p,i]*W[k,i,%s])))%s",
      head, look(&p, "p", "k"), o, tail);
  put(f->entry[0], JAC_CONV_FORMULA, "%s%ssum(k = 1:K, ind(l = %s)*W[k,i,%s])%s", head,
      groups ? own : "", look(&p, "q", "k"), o, tail);
  put(f->entry[1], JAC_CONV_FORMULA,
      "%s%sdelta(%s,j)*sum(p = 1:length, ind(l = %s)*z[n,p,i])%s", head,
      groups ? own : "", o, look(&p, "p", "h"), tail);
}

/* conv2d: position l is row r and column s of H x S outputs; taps are a, b; the input is
 * in row u and column v. */
static void write_image(const struct jac_conv_shape *shape, struct jac_conv_formula *f) {
  struct pieces p = {.s = shape};
  bool groups = shape->groups > 1, padded = shape->padding > 0;
  const char *row = look(&p, "r", "a"), *column = look(&p, "s", "b");
  const char *place =
      padded ? "width*(u - 1) + v" : piece(&p, "width*(%s - 1) + %s", row, column);
  const char *term[3] = {
      piece(&p, "sum(i, z[n,%s,%s]*W[K*(a - 1) + b,i,o])", place,
            groups ? "C*(g - 1) + i" : "i"),
      piece(&p, "ind(q = %s)*%s", place,
            groups ? "sum(c = 1:C, ind(i = C*(g - 1) + c)*W[K*(a - 1) + b,c,o])"
                   : "W[K*(a - 1) + b,i,o]"),
      piece(&p, "(delta(o,j)*ind(h = K*(a - 1) + b)*z[n,%s,%si])", place,
            groups ? "C*(g - 1) + " : "")};
  char *to[3] = {f->definition, f->entry[0], f->entry[1]};
  for (size_t k = 0; k < 3; k++) {
    const char *inner = at_position(&p, "v", column, "width", term[k]);
    inner = at_position(&p, "u", row, "height", inner);
    inner = piece(&p,
                  "sum(r = 1:H, sum(s = 1:S, ind(l = S*(r - 1) + s)*sum(a = 1:K, sum(b "
                  "= 1:K, %s))))%s",
                  inner, "");
    grouped(shape, inner, to[k]);
  }
}

/* As a page has it: what lies outside the data is 0, and g is the group of o. */
static void write_shown(const struct jac_conv_shape *s, bool bias, char *out) {
  struct pieces p = {.s = s};
  const char *i = s->groups > 1 ? "C*(g - 1) + i" : "i", *end = bias ? " + b[o]" : "";
  if (s->image)
    put(out, JAC_CONV_FORMULA,
        "y[n,r,s,o] = sum(a, sum(b, sum(i, z[n,%s,%s,%s]*W[K*(a - 1) + b,i,o])))%s",
        look(&p, "r", "a"), look(&p, "s", "b"), i, end);
  else if (s->transposed)
    put(out, JAC_CONV_FORMULA,
        "y[n,l,o] = sum(k, sum(q, ind(l = %s)*sum(i, z[n,q,i]*W[k,i,o])))%s",
        look(&p, "q", "k"), end);
  else
    put(out, JAC_CONV_FORMULA, "y[n,l,o] = sum(k, sum(i, z[n,%s,%s]*W[k,i,o]))%s",
        look(&p, "l", "k"), i, end);
}

void jac_conv_formula_write(const struct jac_conv_shape *shape, bool bias,
                            struct jac_conv_formula *f) {
  char right[JAC_CONV_FORMULA];
  constants(shape, f);
  write_shown(shape, bias, f->shown);
  if (shape->image)
    write_image(shape, f);
  else if (shape->transposed)
    write_transposed(shape, f);
  else
    write_line(shape, f);
  memcpy(right, f->definition, sizeof right);
  put(f->definition, sizeof f->definition, "y[n,l,o] = %s%s", right,
      bias ? " + b[o]" : "");
}
