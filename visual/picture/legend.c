/* What the colours mean. */
#include "visual/picture/palette.h"
#include "visual/picture/plan.h"
#include "visual/picture/script.h"

#include "jacobian/text.h"

#include <math.h>

enum { BAR = 14, SWATCH = 12, LINE = 22 };

static double label(struct jac_picture *picture, double x, double y, const char *text) {
  jac_picture_text(picture, x, y, text, JAC_SMALL_SIZE, JAC_ANCHOR_START, 0x333333);
  return x + jac_script_lay(text, JAC_SMALL_SIZE, false, NULL, NULL);
}

static double tick(struct jac_picture *picture, double x, double y, double value) {
  struct jac_buffer text = JAC_BUFFER_INIT;
  jac_picture_line(picture, x + BAR, y, 4.0, 0.0, 0x333333, 1.0);
  jac_plan_number(&text, value, 3);
  double right = label(picture, x + BAR + 8.0, y + 4.0, text.text);
  jac_buffer_free(&text);
  return right;
}

enum { ZERO = 6, LEVELS = JAC_SHADE_LEVELS };

/* The height of a shade, in whole pixels of the PNG, for a scale at most so high. */
static double scale_step(double height) {
  return floor((height - ZERO) / LEVELS) / 2.0;
}

/* The signed scale, the largest number above; zero is white, with a place of its own. */
static double scale(const struct jac_plan *plan, double x, double y, double height,
                    struct jac_picture *picture) {
  double step = scale_step(height), largest = plan->sample.largest;
  height = 2 * LEVELS * step + ZERO;
  for (int k = 0; k < LEVELS; k++) {
    double above = y + (LEVELS - 1 - k) * step, below = y + ZERO + (LEVELS + k) * step;
    jac_picture_rect(picture, x, above, BAR, step,
                     jac_shade_color((unsigned char)(JAC_SHADE_SIGNED + LEVELS + k)));
    jac_picture_rect(picture, x, below, BAR, step,
                     jac_shade_color((unsigned char)(JAC_SHADE_SIGNED + k)));
  }
  jac_picture_frame(picture, x, y, BAR, height, 0x333333, 1.0);
  double right = x;
  for (int k = -2; k <= 2; k++)
    if (k % 2 == 0 || height >= 110.0)
      right = fmax(
          right, tick(picture, x, y + height / 2.0 * (1.0 - 0.5 * k), largest * 0.5 * k));
  return right;
}

static double swatch(struct jac_picture *picture, double x, double *y,
                     unsigned char shade, const char *text) {
  jac_picture_rect(picture, x + 1.0, *y, SWATCH, SWATCH, jac_shade_color(shade));
  jac_picture_frame(picture, x + 1.0, *y, SWATCH, SWATCH, 0x777777, 1.0);
  double right = label(picture, x + SWATCH + 10.0, *y + 10.0, text);
  *y += LINE;
  return right;
}

/* Long: a swatch is two lines. */
double jac_plan_legend(const struct jac_plan *plan, double x, double y, double *height,
                       struct jac_picture *picture) {
  const struct jac_sample *sample = &plan->sample;
  enum jac_entries entries = plan->view->entries;
  bool numbers = entries == JAC_ENTRIES_NUMBERS || entries == JAC_ENTRIES_BOTH;
  double right = x, top = y;
  if (numbers && sample->largest > 0.0) {
    right = scale(plan, x, y, *height, picture);
    y += *height + 16.0;
  }
  if (entries == JAC_ENTRIES_STRUCTURE && sample->has[2])
    right = fmax(right, swatch(picture, x, &y, JAC_SHADE_MARK, _("not zero")));
  if (entries == JAC_ENTRIES_SYMBOLS &&
      (sample->has[1] || sample->has[2] || sample->has[3]))
    right = fmax(right, swatch(picture, x, &y, JAC_SHADE_SYMBOL, _("can be non-zero")));
  if (entries != JAC_ENTRIES_SYMBOLS && sample->has[1])
    right =
        fmax(right, swatch(picture, x, &y, numbers ? JAC_SHADE_ZERO : JAC_SHADE_MARK_ZERO,
                           _("zero at these values")));
  if (sample->has[0])
    right = fmax(right, swatch(picture, x, &y, JAC_SHADE_ALWAYS_ZERO, _("always zero")));
  if (entries != JAC_ENTRIES_SYMBOLS && sample->has[3])
    right = fmax(right, swatch(picture, x, &y, JAC_SHADE_NOT_FINITE, _("not finite")));
  *height = y - top;
  return right;
}
