#include "visual/picture/picture.h"

#include <stdlib.h>
#include <string.h>

static bool room(struct jac_picture *picture) {
  if (picture->count < picture->capacity)
    return true;
  size_t capacity = picture->capacity > 0 ? 2 * picture->capacity : 64;
  struct jac_shape *more = realloc(picture->shape, capacity * sizeof *more);
  if (more == NULL)
    return false;
  picture->shape = more;
  picture->capacity = capacity;
  return true;
}

void jac_picture_add(struct jac_picture *picture, const struct jac_shape *shape) {
  char *text = shape->text != NULL ? strdup(shape->text) : NULL;
  if (picture->failed || (shape->text != NULL && text == NULL) || !room(picture)) {
    picture->failed = true;
    free(text);
    free(shape->cell);
    return;
  }
  struct jac_shape *added = &picture->shape[picture->count++];
  *added = *shape;
  added->text = text;
}

void jac_picture_rect(struct jac_picture *picture, double x, double y, double width,
                      double height, long fill) {
  jac_picture_add(picture, &(struct jac_shape){.kind = JAC_SHAPE_RECT,
                                               .x = x,
                                               .y = y,
                                               .width = width,
                                               .height = height,
                                               .fill = fill,
                                               .stroke = JAC_NO_COLOR});
}

void jac_picture_frame(struct jac_picture *picture, double x, double y, double width,
                       double height, long stroke, double size) {
  jac_picture_add(picture, &(struct jac_shape){.kind = JAC_SHAPE_RECT,
                                               .x = x,
                                               .y = y,
                                               .width = width,
                                               .height = height,
                                               .fill = JAC_NO_COLOR,
                                               .stroke = stroke,
                                               .size = size});
}

void jac_picture_line(struct jac_picture *picture, double x, double y, double width,
                      double height, long stroke, double size) {
  jac_picture_add(picture, &(struct jac_shape){.kind = JAC_SHAPE_LINE,
                                               .x = x,
                                               .y = y,
                                               .width = width,
                                               .height = height,
                                               .fill = JAC_NO_COLOR,
                                               .stroke = stroke,
                                               .size = size});
}

void jac_picture_text(struct jac_picture *picture, double x, double y, const char *text,
                      double size, enum jac_anchor anchor, long fill) {
  jac_picture_add(picture, &(struct jac_shape){.kind = JAC_SHAPE_TEXT,
                                               .x = x,
                                               .y = y,
                                               .fill = fill,
                                               .stroke = JAC_NO_COLOR,
                                               .size = size,
                                               .text = text,
                                               .anchor = anchor});
}

void jac_picture_free(struct jac_picture *picture) {
  for (size_t k = 0; k < picture->count; k++) {
    free((void *)picture->shape[k].text);
    free(picture->shape[k].cell);
  }
  free(picture->shape);
  free(picture->title);
  free(picture->description);
  *picture = (struct jac_picture){.width = 0.0};
}
