/* What the formulas of a section are about: names, definitions, sizes. From it come
 * samples, environments in which formulas have values. */
#ifndef JACOBIAN_NOTES_SETTING_H
#define JACOBIAN_NOTES_SETTING_H

#include "jacobian/formula/evaluate.h"
#include "jacobian/formula/vocabulary.h"

enum {
  JAC_SETTING_WORDS = 160,
  JAC_SETTING_VARIABLES = 32,
  JAC_SETTING_SHAPES = 48,
  JAC_SETTING_FIXED = 8,
  JAC_SETTING_NAME = JAC_FORMULA_NAME
};

/* A declared shape: rows x columns as the author names them ("n", "3"); "1" is one. */
struct jac_declared {
  char name[JAC_SETTING_NAME], rows[24], cols[24];
};

struct jac_setting {
  struct jac_arena arena;
  struct jac_word word[JAC_SETTING_WORDS];
  char text[JAC_SETTING_WORDS][2][JAC_SETTING_NAME]; /* of the words */
  size_t words;
  unsigned manners;
  const struct jac_node *left[JAC_EQUATIONS], *right[JAC_EQUATIONS];
  size_t quantities;
  bool own[JAC_EQUATIONS]; /* the directive's: a heading's end does not drop it */
  struct jac_declared declared[JAC_SETTING_SHAPES];
  size_t ndeclared;
  char subject[160];             /* for people */
  char wrt[JAC_SETTING_NAME];    /* the directive's, or empty */
  char output[JAC_SETTING_NAME]; /* the name of what is differentiated, or empty */
  char input[JAC_SETTING_NAME];  /* of the data, or empty */
  bool rows;                     /* vectors are rows where nothing else tells */
  bool any;                      /* something was said */
  char shares[JAC_SETTING_NAME]; /* samples: what sums to 1, or empty */
  bool symmetric;                /* samples: square matrices are symmetric */
  bool one_sample;               /* shapes: a batch has one sample */
  bool anyone;                   /* JAC_SETTING_ANY stands for any function */
  bool number_of;                /* shapes: what is differentiated is a number */
  bool numbers;                  /* shapes: small letters are numbers first */
};

void jac_setting_init(struct jac_setting *setting);
void jac_setting_free(struct jac_setting *setting);

/* Adds a word; an older one of the same name is replaced. */
void jac_setting_word(struct jac_setting *setting, const char *name, const char *means,
                      bool function, bool depends);

void jac_setting_unword(struct jac_setting *setting, const char *name);

/* Stands for a function of numbers that nobody defines: it satisfies no identity of its
 * own that notes use. */
#define JAC_SETTING_ANY "softplus"

struct jac_vocabulary jac_setting_vocabulary(const struct jac_setting *setting);

/* Adds words for the names in a formula that only their look tells: h_t, W_1, z^{k-1}. */
void jac_setting_guess_words(struct jac_setting *setting, const char *latex);

/* Declares a name's shape; sizes as written. */
void jac_setting_declare(struct jac_setting *setting, const char *name, const char *rows,
                         const char *cols);

/* Defines a quantity; false when there is no room. */
bool jac_setting_define(struct jac_setting *setting, const struct jac_node *left,
                        const struct jac_node *right, bool own);
/* Its place, or the number of quantities. */
size_t jac_setting_quantity(const struct jac_setting *setting, const char *name);
/* Whether a tree, or a definition that it leads to, has a node of this kind; depth: 0. */
bool jac_setting_leads_to(const struct jac_setting *setting, const struct jac_node *tree,
                          bool (*is)(const struct jac_node *node), int depth);

/* The variables of a claim with their shapes, as sizes of which the same number is the
 * same size, 0 is one. */
struct jac_shaped {
  char name[JAC_SETTING_NAME];
  int rows, cols;
  char kind; /* s, c, r, m: scalar, column, row, matrix */
};
struct jac_shaping {
  struct jac_shaped variable[JAC_SETTING_VARIABLES];
  size_t count;
  int sizes; /* distinct ones are 1 .. sizes */
  struct {
    char name[24];
    int size;
  } called[JAC_SETTING_SHAPES]; /* sizes that have names */
  size_t ncalled;
  struct {
    int number;
    size_t size;
  } fixed[JAC_SETTING_FIXED]; /* sizes that are said in numbers */
  size_t nfixed;
  const char *why; /* when nothing fits */
};

/* Shapes for every variable that the trees (and the definitions that they lead to) use,
 * such that the definitions and the first tree have shapes that fit; where it can be, the
 * others too. JAC_EINPUT when there are none. */
enum jac_status jac_setting_shapes(const struct jac_setting *setting,
                                   const struct jac_node *const *tree, size_t count,
                                   struct jac_shaping *shaping, struct jac_error *err);

/* A sample: values for the variables at sizes of its own. */
struct jac_noted {
  struct jac_environment env;
  struct jac_named named[JAC_SETTING_VARIABLES];
  double *value[JAC_SETTING_VARIABLES];
  struct jac_index_value size[JAC_SETTING_SHAPES];
  size_t nvalue;
  struct jac_arena arena;
};
enum jac_status jac_setting_sample(const struct jac_setting *setting,
                                   const struct jac_shaping *shaping, size_t number,
                                   struct jac_noted *sample, struct jac_error *err);
void jac_setting_sample_free(struct jac_noted *sample);

#endif
