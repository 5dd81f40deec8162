/* An option is a row: how it is written, what it takes, where it does something. Reading,
 * refusing, help, manual and completion follow from the row. */
#ifndef VISUAL_CLI_OPTION_H
#define VISUAL_CLI_OPTION_H

#include <stdbool.h>
#include <stddef.h>

/* What an option takes, and what its field in struct jac_options is. */
enum jac_option_type {
  JAC_OPTION_FLAG,     /* nothing; bool */
  JAC_OPTION_WORD,     /* any text; const char *, NULL where it is not given */
  JAC_OPTION_VARIABLE, /* a variable's name, which the completion knows; const char * */
  JAC_OPTION_INPUT,    /* a file to read; const char * */
  JAC_OPTION_OUTPUT,   /* a file to write; const char *, NULL is standard output, - too */
  JAC_OPTION_LIST,     /* any text, as often as one likes; const char ** and size_t */
  JAC_OPTION_COUNT,    /* a whole number from least to most, or a word; size_t or int */
  JAC_OPTION_REAL,     /* a number between least and most; double */
  JAC_OPTION_BYTES,    /* 500M, 8G; size_t */
  JAC_OPTION_LENGTH,   /* 8cm, 200pt, or a word for one; struct jac_latex_paper */
  JAC_OPTION_NOTATION, /* pairs NAME=NAME; const char * */
  JAC_OPTION_CHOICE,   /* a word of a list: its place there; an enum, bool or int */
  JAC_OPTION_FORMAT,   /* a format of the command's; const struct jac_format * */
  JAC_OPTION_LANGUAGE  /* nothing is kept: main has acted on it */
};

/* Lists of words are strings with one blank between words. */
struct jac_option {
  const char *name;     /* without dashes */
  const char *commands; /* the commands that have it, NULL: every one */
  const char *value;    /* what it takes, as the help calls it; NULL: nothing */
  const char *help;     /* marked for translation; what the lists below say is added */
  enum jac_option_type type;
  size_t at, size;           /* its field */
  size_t count_at, given_at; /* a list's size_t; a bool that is set where it is given; 0:
                                there is none */
  unsigned long least, most;
  const char *word; /* of a number: a word in its place, and what it stands for */
  unsigned long word_value;
  size_t words_at;      /* of a number: a const char * for any other word; 0: none */
  const char *words_of; /* the commands that take one */
  const char *example;  /* of a list: an assignment NAME=..., such as this one */
  bool tight;           /* of an assignment: its values have no blanks */
  const char *choices;  /* the words of a choice, in the order of the enum from 0 on */
  const char *formats;  /* where it does something; NULL: in each of the command's */
  const char *with;     /* options of which one must be given too */
  const char *without;  /* options beside which it would do nothing, or a value of theirs:
                           "define entries=symbols" */
};

/* The k-th option of the command of that name, or NULL when it has not so many. */
const struct jac_option *jac_option_at(const char *command, size_t k);

/* All rows there are, whatever their commands: the k-th, or NULL. */
const struct jac_option *jac_option_row(size_t k);

/* Whether the command has the option of that row. */
bool jac_option_known(const struct jac_option *option, const char *command);

/* Whether a list of words has the word of that length. */
bool jac_words_have(const char *words, const char *word, size_t length);

/* The next word of a list: its start, and its length, 0 at the end. Begin with at =
 * words. for (const char *at = words; (at = jac_words_next(at, &length)) != NULL; at +=
 * length)
 */
const char *jac_words_next(const char *at, size_t *length);

#endif
