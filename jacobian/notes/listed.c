/* Lists: what begins an item. */
#include "jacobian/notes/section_internal.h"

#include <ctype.h>
#include <string.h>

/* (b), 2.1, 3), (iv), Part 2. */
static bool begins_part(const char *at) {
  static const char *const words[] = {"Part ", "Partie ", "Teil ", "Parte "};
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    if (strncmp(at, words[k], strlen(words[k])) == 0)
      return isalnum((unsigned char)at[strlen(words[k])]) != 0;
  size_t open = at[0] == '(', n = strspn(at + open, "0123456789");
  size_t roman = open ? strspn(at + open, "ivx") : 0;
  n = n ? n : roman ? roman : isalpha((unsigned char)at[open]) ? 1 : 0;
  char close = at[open + n];
  return n && (close == ')' || (close == '.' && isdigit((unsigned char)at[open])));
}

/* "- ", "2. ", "(b) ", "\item", "**(a)**", "\textbf{(ii).}": a line that begins an item.
 */
static bool begins_item(const char *at) {
  static const char *const commands[] = {
      "\\item",          "\\begin{question", "\\begin{exercise", "\\begin{solution",
      "\\begin{problem", "\\begin{example",  "\\part",           "\\question"};
  at += strspn(at, " \t");
  if (*at && strchr("*-+", *at) && at[1] == ' ')
    return true;
  at += strspn(at, "*");
  for (size_t k = 0; k < sizeof commands / sizeof *commands; k++)
    if (strncmp(at, commands[k], strlen(commands[k])) == 0)
      return true;
  for (size_t n; *at == '\\'; at += n + 1) { /* \textbf{(ii).}, \subhead{Part 2} */
    for (n = 1; isalpha((unsigned char)at[n]); n++)
      ;
    if (at[n] != '{')
      return false;
  }
  return begins_part(at);
}

bool jac_item_among(const struct jac_document *d, size_t from, size_t to) {
  for (size_t k = from; k <= to && k <= d->nlines; k++)
    if (begins_item(d->source + d->line[k - 1]))
      return true;
  return false;
}
