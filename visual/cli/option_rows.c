/* The table of options, in the order of the help: a new option is a row here and a field
 * in struct jac_options. */
#include "visual/cli/option.h"

#include "jacobian/text.h"
#include "visual/cli/options.h"

/* The commands that most options are for. */
#define JACOBIANS "show check chain table"
#define SUBJECTS JACOBIANS " explore"
#define WRITERS JACOBIANS " derive modules verify"
#define PAPER "text latex markdown"
/* Entries without numbers. */
#define SYMBOLS "entries=symbols entries=structure entries=closed"

/* What --what shows beside the Jacobian. */
#define BEFORE "what=definition what=forward"
#define BESIDE BEFORE " what=gradient"

/* A field of struct jac_options, with its type's own words. */
#define AT(field)                                                                        \
  .at = offsetof(struct jac_options, field),                                             \
  .size = sizeof(((struct jac_options *)0)->field)
#define FLAG(field) .type = JAC_OPTION_FLAG, AT(field)
#define WORD(field) .type = JAC_OPTION_WORD, AT(field)
#define VARIABLE(field) .type = JAC_OPTION_VARIABLE, AT(field)
#define INPUT(field) .type = JAC_OPTION_INPUT, AT(field)
#define OUTPUT(field) .type = JAC_OPTION_OUTPUT, AT(field)
#define LIST(field, count)                                                               \
  .type = JAC_OPTION_LIST, AT(field), .count_at = offsetof(struct jac_options, count)
#define COUNT(field, from, to)                                                           \
  .type = JAC_OPTION_COUNT, AT(field), .least = (from), .most = (to)
#define REAL(field, from, to)                                                            \
  .type = JAC_OPTION_REAL, AT(field), .least = (from), .most = (to)
#define BYTES(field) .type = JAC_OPTION_BYTES, AT(field)
#define LENGTH(field) .type = JAC_OPTION_LENGTH, AT(field)
#define CHOICE(field, words) .type = JAC_OPTION_CHOICE, AT(field), .choices = (words)
#define FORMAT(field) .type = JAC_OPTION_FORMAT, AT(field)
#define GIVEN(field) .given_at = offsetof(struct jac_options, field)

static const struct jac_option rows[] = {
    {"wrt", SUBJECTS " derive", N_("NAME"),
     N_("the variable (default: each in turn); of show and check also A,B: the second "
        "derivatives by A, then by B"),
     VARIABLE(wrt)},
    {"gauss-newton", "show check", NULL,
     N_("of --wrt A,B and a network that ends in a loss: the part J^T H J of its second "
        "derivatives"),
     FLAG(gauss_newton), .with = "wrt", .without = "define"},
    {"batch", SUBJECTS " derive", "N", N_("samples (default 1)"),
     COUNT(batch, 1, 1000000000UL), GIVEN(batch_given),
     .words_at = offsetof(struct jac_options, batch_word), .words_of = "show"},
    {"form", "show explore", N_("FORM"),
     N_("reduced, matrix, batch or full (default: matrix for one sample, batch for "
        "several, "
        "full where samples are coupled)"),
     CHOICE(form, "reduced matrix batch full"), .without = "entries=closed " BESIDE},
    {"entries", "show", N_("KIND"),
     N_("symbols, numbers, both or structure (default numbers); closed: the whole as "
        "matrices, for general sizes"),
     CHOICE(entries, "symbols numbers both structure closed"), GIVEN(entries_given)},
    {"entries", "chain explore", N_("KIND"),
     N_("symbols, numbers, both or structure (default numbers)"),
     CHOICE(entries, "symbols numbers both structure"), GIVEN(entries_given)},
    {"what", "show", N_("WHAT"),
     N_("of sizes that are words (linear, linear:nxp): definition, forward, jacobian "
        "(default) or gradient"),
     CHOICE(what, "jacobian definition forward gradient"), .formats = PAPER,
     .without = "entries=closed"},
    {"annotate", "show", NULL,
     N_("of sizes that are words: what people write beside it, W^T"), FLAG(annotate),
     .formats = PAPER, .without = "entries=closed"},
    {"set", SUBJECTS, N_("NAME=VALUES"),
     N_("values: '1 2 3; 4 5 6', @file.csv, @file.npy, or @- for standard input"),
     LIST(set, nset), .example = N_("NAME=VALUES, as in --set 'z=1 2 3'"),
     .without = "entries=closed"},
    {"define", SUBJECTS " derive", N_("FORMULA"),
     N_("a function of your own in place of SPEC: 'y = tanh(z*W) .* v', plain or LaTeX"),
     WORD(define)},
    {"size", SUBJECTS " derive", N_("NAME=SIZE"),
     N_("sizes of a defined function's variables: z=1x3,W=3x2 (or from --set); "
        "z=batchx3: a row a sample of --batch"),
     LIST(size, nsize), .example = N_("NAME=SIZE,..., as in --size z=1x3,W=3x2"),
     .tight = true, .with = "define"},
    {"module", WRITERS " lsp", N_("FILE.so"),
     N_("a module of your own, compiled, or a network's file NAME.jac: see "
        "docs/own-module.md"),
     LIST(module, nmodule)},
    {"of", SUBJECTS, N_("NAME"),
     N_("of equations (--define, NAME.jac): which value is the output (default: the "
        "last)"),
     WORD(of)},
    {"seed", SUBJECTS, "N", N_("the seed of the values not set (default 1)"),
     COUNT(seed, 0, 4294967295UL), GIVEN(seed_given), .without = "entries=closed"},
    {"seed", "quiz", "N", N_("the same questions again (default: new ones)"),
     COUNT(seed, 0, 4294967295UL), GIVEN(seed_given)},
    {"questions", "quiz", "N", N_("how many (default 5)"), COUNT(questions, 1, 1000)},
    {"level", "quiz", "N", N_("where it begins, from 1 to 3 (default 1)"),
     COUNT(level, 1, 3)},
    {"order", SUBJECTS, "F|C",
     N_("number parameters column by column (F, default) or row by row (C)"),
     CHOICE(order, "F C"), .without = "entries=closed " BESIDE},
    {"against", "check", N_("FILE"),
     N_("a Jacobian of your own (CSV or NPY, any form) to be judged"), INPUT(against)},
    {"claim", "check", N_("FORMULA"),
     N_("a formula for the Jacobian or its entry, plain or LaTeX, to be judged"),
     WORD(claim), .without = "against"},
    {"tolerance", "check", "X",
     N_("what is accepted, relative to a row's largest entry (default 1e-6)"),
     REAL(tolerance, 0, 1), GIVEN(tolerance_given), .with = "against"},
    {"difference", "check", N_("MODE"),
     N_("finite differences: compressed by structure (default), or plain, a column at a "
        "time"),
     CHOICE(plain_differences, "compressed plain"), .without = "against claim"},
    {"sweep", "check", NULL,
     N_("show the errors over the step: truncation against rounding"), FLAG(sweep),
     .formats = "text", .without = "against claim"},
    {"certify", "check", NULL,
     N_("prove every entry, or a claim, in interval arithmetic"), FLAG(certify),
     .without = "against"},
    {"all", "chain", NULL,
     N_("by several variables: each chain with all its numbers, not an overview"),
     FLAG(all)},
    {"strict", "verify", NULL, N_("what is not understood is a failure too"),
     FLAG(strict)},
    {"all", "verify", NULL, N_("list what holds and what is not judged too"), FLAG(all),
     .without = "fix"},
    {"jobs", "verify", "N",
     N_("files at a time (default: as many as there are processors)"),
     COUNT(jobs, 1, 1000)},
    {"fix", "verify", NULL,
     N_("write a copy (-o FILE) with corrections as comments after the formulas"),
     FLAG(fix)},
    {"format", WRITERS, N_("FORMAT"), N_("default: by -o's ending, else text"),
     FORMAT(format), .without = "fix"},
    {"output", WRITERS " explore", N_("FILE"),
     N_("write there, whole or not at all (also -o FILE)"), OUTPUT(output)},
    {"samples", "show", "A:B",
     N_("write the samples from A to B alone, counted from 1: a part of the whole"),
     WORD(samples), .formats = "npz zarr"},
    {"style", "show", N_("STYLE"),
     N_("LaTeX with amsmath (default), nicematrix, tikz or booktabs"),
     CHOICE(latex.style, "amsmath nicematrix tikz booktabs"), .formats = "latex",
     .without = "entries=closed"},
    {"style", "derive", N_("STYLE"),
     N_("index: entry by entry (default); matrix: an output by a column of the variable; "
        "differential: dL = tr(...)"),
     CHOICE(derivation.style, "index matrix differential"),
     GIVEN(derivation.style_given)},
    {"until", "derive", "N", N_("the first N steps: the rest is for the reader"),
     COUNT(derivation.until, 1, 1000)},
    {"ask", "derive", NULL, N_("gaps in place of what follows, the answers at the end"),
     FLAG(derivation.ask), .formats = "text latex markdown", .without = "until"},
    {"check", "derive", NULL,
     N_("what each step was compared with, and at how many points"),
     FLAG(derivation.check), .formats = "text", .without = "ask"},
    {"standalone", JACOBIANS " derive modules", NULL,
     N_("LaTeX as a document of its own"), FLAG(standalone), .formats = "latex"},
    {"elide", "show chain", "N|never",
     N_("dots in place of what is beyond N rows or columns (default: beyond what fits on "
        "a line)"),
     COUNT(latex.elide, 3, 100000), .word = "never", .word_value = JAC_ELIDE_NEVER,
     .formats = "latex markdown", .without = "entries=closed what"},
    {"elide", "table", "N|never",
     N_("dots in place of what is beyond N entries of compare (default: of more than 40, "
        "20)"),
     COUNT(latex.elide, 3, 100000), .word = "never", .word_value = JAC_ELIDE_NEVER},
    {"width", JACOBIANS " derive modules", N_("WIDTH"),
     N_("what a line holds: 8cm, 200pt, article (default), column or beamer"),
     LENGTH(latex.paper), .formats = "latex markdown"},
    {"env", "show", N_("ENVIRONMENT"),
     N_("display (default), inline, equation, align or bare"),
     CHOICE(latex.env, "display inline equation align bare"), .formats = "latex"},
    {"label", "show", N_("LABEL"), N_("the display's label"), WORD(latex.label),
     .formats = "latex markdown"},
    {"name", "show", N_("NAME"),
     N_("the left side: '\\frac{\\partial z^k}{\\partial W}'"), WORD(latex.name),
     .formats = "latex markdown", .without = BESIDE},
    {"notation", "show", N_("NAME=NAME"),
     N_("other names for its own: 'z^{k-1}=x, W=\\Theta'"), .type = JAC_OPTION_NOTATION,
     AT(latex.notation), .formats = "latex markdown"},
    {"brackets", "show chain", "p|b", N_("round (default) or square"),
     CHOICE(latex.square, "p b"), .formats = "latex markdown"},
    {"flavour", "show chain check derive modules table", N_("FLAVOUR"),
     N_("whose Markdown: pandoc (default), github, jupyter or myst"),
     CHOICE(latex.flavour, "pandoc github jupyter myst"), .formats = "markdown"},
    {"no-heading", "show chain table", NULL, N_("without the lines that say what it is"),
     FLAG(latex.bare), .formats = "latex markdown"},
    {"check", "update", NULL, N_("write nothing; exit status 1 where a block is stale"),
     FLAG(only_check)},
    {"precision", "show", "N", N_("significant digits in text (default 4)"),
     COUNT(precision, 1, 17), GIVEN(precision_given), .formats = PAPER,
     .without = SYMBOLS},
    {"precision", "chain table", "N", N_("significant digits in text (default 4)"),
     COUNT(precision, 1, 17), .formats = PAPER},
    /* It says when: auto and never are true of every format. */
    {"color", "show check chain modules verify quiz", N_("WHEN"),
     N_("auto, always or never"), CHOICE(color, "auto always never")},
    {"max-memory", SUBJECTS, N_("SIZE"),
     N_("refuse larger Jacobians (default: three quarters of what is free)"),
     BYTES(max_memory)},
    {"lang", NULL, N_("LANGUAGE"),
     N_("the language of messages: en or fr (default: the locale's)"),
     .type = JAC_OPTION_LANGUAGE},
    {"help", NULL, NULL, N_("this help (also -h)"), FLAG(help)},
};

const struct jac_option *jac_option_row(size_t k) {
  return k < sizeof rows / sizeof rows[0] ? &rows[k] : NULL;
}
