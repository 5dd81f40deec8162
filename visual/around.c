#include "visual/around.h"

#include "jacobian/notes/settings.h"
#include "jacobian/notes/yaml.h"
#include "jacobian/text.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
  FOLDERS = 6,     /* upwards */
  DEPTH = 6,       /* files that bring in files */
  FILES = 64,      /* read for one of notes */
  BYTES = 1 << 19, /* of one of them */
  ENTRIES = 400,   /* of a folder, in search of a document */
  HEAD = 4096      /* where a document says that it is one */
};

/* The search around one file of notes. */
struct around {
  struct jac_buffer *out;
  size_t files;
  struct jac_around_fault *fault; /* the first; NULL: nobody asks */
};

/* The first bytes of a regular file, most of them, with a zero behind; NULL: none. The
 * caller frees them. */
static char *read_some(const char *path, size_t most) {
  struct stat what;
  if (stat(path, &what) != 0 || !S_ISREG(what.st_mode))
    return NULL;
  FILE *file = fopen(path, "rb");
  char *text = file != NULL ? malloc(most + 1) : NULL;
  if (text != NULL)
    text[fread(text, 1, most, file)] = '\0';
  if (file != NULL)
    fclose(file);
  return text;
}

/* A name as a path from a folder; the caller frees it. */
static char *join(const char *folder, const char *name, const char *ending) {
  struct jac_buffer path = JAC_BUFFER_INIT;
  jac_buffer_printf(&path, "%s/%s%s", folder, name, ending);
  return jac_buffer_take(&path);
}

/* The folder of a path, "." where it names none; the caller frees it. */
static char *folder_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL)
    return strdup(".");
  return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static bool ends(const char *name, const char *ending) {
  size_t size = strlen(ending), length = strlen(name);
  return length >= size && strcmp(name + length - size, ending) == 0;
}

/* A command that brings in files, and the endings that it leaves out. */
static const struct {
  const char *word, *ending[2];
} brings[] = {{"\\input{", {"", ".tex"}},          {"\\include{", {".tex", ""}},
              {"\\usepackage", {".sty", NULL}},    {"\\RequirePackage", {".sty", NULL}},
              {"\\documentclass", {".cls", NULL}}, {"\\LoadClass", {".cls", NULL}},
              {"\\subfile{", {"", ".tex"}}};

/* The first name in braces behind a command, its options passed over; the caller frees
 * it. NULL where there is none that could be a file beside this one. */
static char *name_behind(const char *at) {
  if (*at == '[')
    at += strcspn(at, "]\n");
  if (*at == ']')
    at++;
  if (*at == '{')
    at++;
  size_t length = strcspn(at, "}\n{\\");
  return at[length] == '}' && length > 0 && length < 200 && *at != '/'
             ? strndup(at, length)
             : NULL;
}

static void take_latex(struct around *a, const char *folder, const char *text,
                       size_t depth);

/* Settings in YAML; what was cut off tells nothing. */
static void take_yaml(struct around *a, const char *path, const char *text) {
  size_t length = strlen(text);
  if (a->fault != NULL && a->fault->line == 0 && length < BYTES - 1) {
    snprintf(a->fault->file, sizeof a->fault->file, "%s", path);
    a->fault->line = jac_notes_yaml_fault(text, length, &a->fault->sign);
  }
  jac_notes_settings(text, length, true, a->out);
}

/* Takes the file of this name, where it is; whether it is. */
static bool take_file(struct around *a, const char *folder, const char *name,
                      const char *ending, size_t depth) {
  if (a->files >= FILES || depth > DEPTH || ending == NULL)
    return false;
  char *path = join(folder, name, ending);
  char *text = path != NULL ? read_some(path, BYTES) : NULL;
  if (text != NULL) {
    a->files++;
    if (ends(path, ".yml") || ends(path, ".yaml"))
      take_yaml(a, path, text);
    else if (ends(path, ".tex") || ends(path, ".sty") || ends(path, ".cls"))
      take_latex(a, folder, text, depth);
    else
      jac_notes_settings(text, strlen(text), false, a->out);
  }
  free(path);
  free(text);
  return text != NULL;
}

/* What a text brings in, up to stop: \usepackage{a,b} brings two. */
static void take_brought(struct around *a, const char *folder, const char *text,
                         const char *stop, size_t depth) {
  for (const char *at = text; (at = strchr(at, '\\')) != NULL && at < stop; at++)
    for (size_t k = 0; k < sizeof brings / sizeof brings[0]; k++) {
      size_t size = strlen(brings[k].word);
      if (strncmp(at, brings[k].word, size) != 0)
        continue;
      char *names = name_behind(at + size), *rest = NULL;
      for (char *name = names != NULL ? strtok_r(names, ", ", &rest) : NULL; name != NULL;
           name = strtok_r(NULL, ", ", &rest))
        if (!take_file(a, folder, name, brings[k].ending[0], depth + 1))
          take_file(a, folder, name, brings[k].ending[1], depth + 1);
      free(names);
    }
}

/* The preamble of a document, or a whole file that is none: what it brings in, and it. */
static void take_latex(struct around *a, const char *folder, const char *text,
                       size_t depth) {
  const char *stop = strstr(text, "\\begin{document}");
  if (stop == NULL)
    stop = text + strlen(text);
  take_brought(a, folder, text, stop, depth);
  jac_buffer_add_bytes(a->out, text, (size_t)(stop - text));
  jac_buffer_add(a->out, "\n");
}

/* Whether a document brings in a file of this name, without its ending. */
static bool brings_in(const char *text, const char *name, size_t length) {
  for (const char *at = text; (at = strstr(at, name)) != NULL; at++)
    if (at > text && strchr("{/", at[-1]) != NULL &&
        (at[length] == '}' || strncmp(at + length, ".tex}", 5) == 0))
      return true;
  return false;
}

/* The documents of a folder. */
struct documents {
  const char *name; /* of the file that one of them is sought for */
  char *found;      /* the one that brings it in, or the first; owned */
  size_t count;
  bool sure;
};

/* Looks at a file of the folder. */
static void see_document(struct documents *d, const char *folder, const char *name) {
  size_t length = strcspn(d->name, ".");
  char *path = join(folder, name, "");
  char *head = path != NULL ? read_some(path, HEAD) : NULL;
  if (head != NULL && strstr(head, "\\documentclass") != NULL) {
    char *text = read_some(path, BYTES), *stem = strndup(d->name, length);
    d->sure = text != NULL && stem != NULL && brings_in(text, stem, length);
    free(text);
    free(stem);
    if (d->sure || d->count++ == 0) {
      free(d->found);
      d->found = path;
      path = NULL;
    }
  }
  free(head);
  free(path);
}

/* The document in a folder that the file belongs to: which brings it in, or which is the
 * only one there. The caller frees its path. */
static char *find_document(const char *folder, const char *path) {
  const char *slash = strrchr(path, '/');
  struct documents d = {.name = slash != NULL ? slash + 1 : path};
  DIR *dir = opendir(folder);
  const struct dirent *entry;
  for (size_t k = 0; dir != NULL && !d.sure && k < ENTRIES; k++) {
    entry = readdir(dir);
    if (entry == NULL)
      break;
    if (ends(entry->d_name, ".tex") && strcmp(entry->d_name, d.name) != 0)
      see_document(&d, folder, entry->d_name);
  }
  if (dir != NULL)
    closedir(dir);
  if (d.sure || d.count == 1)
    return d.found;
  free(d.found);
  return NULL;
}

/* Whether a repository begins here: what is above is none of it. */
static bool top(const char *folder) {
  struct stat what;
  char *path = join(folder, ".git", "");
  bool is = path != NULL && stat(path, &what) == 0;
  free(path);
  return is;
}

/* The folder and those above it, nearest first; how many. The caller frees them. */
static size_t folders(const char *path, char *found[FOLDERS]) {
  size_t count = 0;
  char *folder = folder_of(path);
  while (folder != NULL && count < FOLDERS) {
    found[count++] = folder;
    struct stat here, above;
    char *up = join(folder, "..", "");
    bool last = up == NULL || top(folder) || stat(folder, &here) != 0 ||
                stat(up, &above) != 0 ||
                (here.st_ino == above.st_ino && here.st_dev == above.st_dev);
    if (last || count == FOLDERS) {
      free(up);
      break;
    }
    folder = up;
  }
  return count;
}

/* A chapter: the preamble of its document, and then what it brings in itself, as paths
 * from either's folder. */
static void around_latex(struct around *a, const char *path, const char *text) {
  char *folder[FOLDERS], *document = NULL;
  size_t count = folders(path, folder);
  bool own = strstr(text, "\\documentclass") != NULL;
  for (size_t k = 0; !own && k < count && document == NULL; k++)
    document = find_document(folder[k], path);
  if (document != NULL) {
    char *where = folder_of(document), *whole = read_some(document, BYTES);
    if (where != NULL && whole != NULL)
      take_latex(a, where, whole, 0);
    free(where);
    free(whole);
  }
  if (count > 0)
    take_brought(a, folder[0], text, text + strlen(text), 0);
  free(document);
  for (size_t k = 0; k < count; k++)
    free(folder[k]);
}

/* Files of LaTeX, and of MathJax's settings, that a YAML text names: include-in-header.
 */
static void take_named(struct around *a, const char *folder, const char *text,
                       const char *stop) {
  static const char signs[] = " \t\r\n\"'[],{}:#";
  while (text < stop) {
    text += strspn(text, signs);
    size_t length = strcspn(text, signs);
    if (length > 4 && length < 200 && *text != '/' && text + length <= stop &&
        (strncmp(text + length - 4, ".tex", 4) == 0 ||
         strncmp(text + length - 4, ".sty", 4) == 0 ||
         (length > 5 && strncmp(text + length - 5, ".html", 5) == 0))) {
      char *name = strndup(text, length);
      if (name != NULL)
        take_file(a, folder, name, "", 0);
      free(name);
    }
    if (length == 0)
      break;
    text += length;
  }
}

/* The settings that a folder may have. */
static const char *const settings[] = {"_config.yml",
                                       "_quarto.yml",
                                       "_metadata.yml",
                                       "myst.yml",
                                       "conf.py",
                                       "docs/javascripts/mathjax.js",
                                       "javascripts/mathjax.js",
                                       "_includes/mathjax.html",
                                       "_includes/head.html",
                                       "_includes/head_custom.html",
                                       "_includes/head-custom.html",
                                       "mathjax.html",
                                       "macros.tex",
                                       "_macros.tex",
                                       "preamble.tex"};

/* What comes last counts: the nearest folder's, and before all the page's own. */
static void around_page(struct around *a, const char *path, const char *text) {
  char *folder[FOLDERS];
  size_t count = folders(path, folder);
  for (size_t k = count; k > 0; k--) {
    for (size_t n = 0; n < sizeof settings / sizeof settings[0]; n++)
      take_file(a, folder[k - 1], settings[n], "", 0);
    char *quarto = join(folder[k - 1], "_quarto.yml", "");
    char *named = quarto != NULL ? read_some(quarto, BYTES) : NULL;
    if (named != NULL)
      take_named(a, folder[k - 1], named, named + strlen(named));
    free(quarto);
    free(named);
  }
  const char *end = strncmp(text, "---\n", 4) == 0 ? strstr(text + 4, "\n---") : NULL;
  if (end != NULL && count > 0) {
    take_named(a, folder[0], text + 4, end);
    jac_notes_settings(text + 4, (size_t)(end - text - 4), true, a->out);
  }
  for (size_t k = 0; k < count; k++)
    free(folder[k]);
}

void jac_around(const char *path, enum jac_notes_format format, const char *text,
                struct jac_buffer *out, struct jac_around_fault *fault) {
  struct around a = {.out = out, .fault = fault};
  if (fault != NULL)
    *fault = (struct jac_around_fault){"", 0, '\0'};
  if (strcmp(path, "-") == 0)
    return;
  if (format == JAC_NOTES_LATEX)
    around_latex(&a, path, text);
  else
    around_page(&a, path, text);
}

void jac_around_fault_write(const struct jac_around_fault *fault,
                            struct jac_buffer *out) {
  if (fault->sign == '\t')
    jac_buffer_printf(out,
                      _("note: %s:%zu: a tab indents this line, and YAML knows spaces "
                        "only: what is set there may not be read"),
                      fault->file, fault->line);
  else
    jac_buffer_printf(out,
                      _("note: %s:%zu: nothing closes %c: what is set behind it may not "
                        "be read"),
                      fault->file, fault->line, fault->sign);
}
