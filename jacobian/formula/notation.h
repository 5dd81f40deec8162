/* The ways in which symbols are written. */
#ifndef JACOBIAN_FORMULA_NOTATION_H
#define JACOBIAN_FORMULA_NOTATION_H

enum jac_notation {
  JAC_NOTATION_LATEX,   /* z^{k-1}_{1,2}, \gamma_{1} */
  JAC_NOTATION_UNICODE, /* z with superscripts and subscripts */
  JAC_NOTATION_ASCII /* z^(k-1)[1,2], gamma[1]; what the plain reader reads, where names
                        are written as they are */
};

/* The character as a Unicode subscript (digits and many small letters), or NULL. */
const char *jac_subscript(char c);

#endif
