/* CSV: numbers in rows, read leniently and written by RFC 4180. */
#ifndef VISUAL_CSV_H
#define VISUAL_CSV_H

#include "visual/table.h"

/* Reads numbers separated by semicolons, tabs, commas or blanks, whichever the first line
 * has (in this order). Rows that start with '#' are skipped. Labels are skipped too: a
 * first row that holds no number, a first column that holds none (a corner may be empty;
 * then the labels may also be counted, as pandas does). Where the first label is
 * 'sample', that column says which slice a row belongs to, and the table has three
 * dimensions, else two. name stands in the messages. Errors: JAC_EINPUT with
 * NAME:LINE:COLUMN, where COLUMN counts the cells, for a cell that is empty or no number
 * and for ragged rows. */
enum jac_status jac_csv_parse(const char *name, const char *bytes, size_t size,
                              struct jac_table *table, struct jac_error *err);

/* Adds one cell of text to a line, in quotes where it needs them. */
void jac_csv_add_text(struct jac_buffer *out, const char *text);

#endif
