/* Conventions that the words around a formula say: over what a softmax runs, what
 * \nabla^2 is. */
#include "jacobian/notes/section_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Bytes: of the same sentence; of the prose before a formula. */
enum { AROUND = 90, PROSE = 1000 };

/* where: what stands in the formula, NULL: it is of the whole section; words: beginnings
 * of words, small letters, NULL: none are needed. */
static const struct wording {
  const char *where, *words;
  enum jac_saying saying;
} wordings[] = {
    {"softmax",
     "row by row|row-wise|row wise|rowwise|of each row|of every row|to each row|to every "
     "row|over each row|over every row|each row of|every row of|ligne par ligne|par "
     "ligne|chaque ligne|zeilenweise|jede zeile|jeder zeile|fila por fila|por filas|cada "
     "fila|por linha|cada linha|per riga|ogni riga",
     JAC_SAYS_SOFTMAX_ROWS},
    {"softmax",
     "column by column|column-wise|column wise|columnwise|of each column|of every "
     "column|to each column|to every column|over each column|over every column|each "
     "column "
     "of|every column of|colonne par colonne|par colonne|chaque "
     "colonne|spaltenweise|jede "
     "spalte|jeder spalte|columna por columna|por columnas|cada columna|por coluna|cada "
     "coluna|per colonna|ogni colonna",
     JAC_SAYS_SOFTMAX_COLUMNS},
    {"*", "convol|cnn|filter|faltung", JAC_SAYS_STAR_CONVOLUTION},
    {"\\nabla",
     "laplac|sum of second|somme des d\xc3\xa9riv\xc3\xa9"
     "es secondes|\xd0\xbb\xd0\xb0\xd0\xbf\xd0\xbb\xd0\xb0\xd1\x81",
     JAC_SAYS_LAPLACIAN},
    {NULL,
     "vectors are rows|vectors are row vectors|row vectors throughout|all vectors are "
     "rows|vecteurs sont des lignes|vektoren sind zeilen",
     JAC_SAYS_ROWS},
    {NULL,
     "vectors are columns|vectors are column|column vectors throughout|all vectors are "
     "column|vecteurs sont des colonnes|vektoren sind spalten",
     JAC_SAYS_COLUMNS},
    {NULL,
     "layer|vector|matri|network|neuron|batch|couche|r\xc3\xa9seau|vecteur|schicht|netz|"
     "vektor|capa|camada|neural|vetor|strato|strati|vettor|rete neur|\xd1\x81\xd0\xbb\xd0"
     "\xbe|\xd1\x81\xd0\xb5\xd1\x82|\xd0\xbd\xd0\xb5\xd0\xb9|\xd0\xb2\xd0\xb5\xd0\xba|"
     "\xd0\xbc\xd0\xb0\xd1\x82\xd1\x80|\xe5\xb1\x82|\xe5\xb1\xa4|\xe5\x90\x91|"
     "\xe7\x9f\xa9|\xe7\xa5\x9e\xe7\xbb\x8f|\xe8\xa1\x8c\xe5\x88\x97",
     JAC_SAYS_ARRAYS},
    {NULL,
     "brown|it\303\264|ito's|it\\^o|semimarting|martingale|wiener|stochastic "
     "differential",
     JAC_SAYS_STOCHASTIC},
    {NULL,
     "read off|from the table|given table|table below|using the table|contour "
     "plot|contour diagram|from the graph|graph below",
     JAC_SAYS_READ_OFF},
    {"\\mathbb{Z}_|\\mathbb Z_|\\mathbb{F}_|\\mathbb F_|\\pmod|\\bmod", NULL,
     JAC_SAYS_MODULAR},
    {NULL, "denominator layout|denominator-layout|nenner-layout", JAC_SAYS_DENOMINATOR}};

static bool ends_sentence(const char *text) {
  return *text == '\n' ? text[1] == '\n'
                       : *text == '.' && (text[1] == ' ' || text[1] == '\n');
}

/* Whether one of the words, "a|b", begins in a text of so many bytes. */
static bool has_words(const char *words, const char *text, size_t length) {
  for (const char *end; *words; words = *end ? end + 1 : end) {
    end = words + strcspn(words, "|");
    size_t n = (size_t)(end - words);
    for (size_t k = 0; k + n <= length; k++)
      if ((k == 0 || !isalpha((unsigned char)text[k - 1])) &&
          strncasecmp(text + k, words, n) == 0)
        return true;
  }
  return false;
}

/* Where the prose before an item begins: behind the item before it. */
static size_t prose_before(const struct jac_document *document, size_t which) {
  size_t start = document->item[which].start,
         from = which ? document->item[which - 1].end : 0;
  return from > start ? start : start - from > PROSE ? start - PROSE : from;
}

bool jac_either_sign(struct jac_section *s, const struct jac_document *document,
                     const struct jac_item *item) {
  const char *sign = strstr(item->text, "\\pm");
  const char *relation = strpbrk(item->text, "=\\");
  if (!sign || !relation || relation > sign || item->length > 40)
    return false;
  const char *one = sign + 3;
  while (*one == ' ' || *one == '{')
    one++;
  char name[41];
  snprintf(name, sizeof name, "%.*s", (int)(relation - item->text), item->text);
  node *left = *one == '1' && !isdigit((unsigned char)one[1]) && relation > item->text
                   ? jac_read_text(s, name, true)
                   : NULL;
  return left && jac_name_like(left) &&
         jac_section_fact(s, (struct jac_fact){
                                 .kind = JAC_FACT_PROPERTY,
                                 .left = left,
                                 .properties = JAC_IS_SIGN | JAC_IS_NUMBER,
                                 .line = jac_document_place(document, item->start).line});
}

void jac_wording(struct jac_section *s, const struct jac_document *document,
                 size_t which) {
  const struct jac_item *item = &document->item[which];
  const char *text = document->source;
  bool heading = item->kind == JAC_ITEM_HEADING;
  size_t from = item->start, to = item->end, prose = prose_before(document, which);
  while (from > 0 && item->start - from < AROUND && !ends_sentence(text + from - 1))
    from--;
  while (to < document->length && to - item->end < AROUND && !ends_sentence(text + to))
    to++;
  for (size_t k = 0; k < sizeof wordings / sizeof *wordings; k++) {
    const struct wording *w = &wordings[k];
    bool said =
        !w->words   ? has_words(w->where, text + item->start, item->end - item->start)
        : heading   ? has_words(w->words, text + item->start, item->end - item->start)
        : !w->where ? has_words(w->words, text + prose, item->start - prose)
                    : has_words(w->where, item->text, item->length) &&
                          (has_words(w->words, text + from, item->start - from) ||
                           has_words(w->words, text + item->end, to - item->end));
    if (said)
      jac_section_fact(s,
                       (struct jac_fact){.kind = JAC_FACT_MEANING, .saying = w->saying});
  }
}
