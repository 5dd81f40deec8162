#include "visual/cli/claim.h"

#include "jacobian/define/claim.h"
#include "jacobian/notation/token.h"
#include "jacobian/text.h"
#include "jacobian/values.h"
#include "layers/network.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The maps of a network, as a claim needs them. */
static const char *part_name(const struct jac_map_parts *parts, size_t k, size_t v) {
  size_t own = jac_network_variable(parts->whole, k, v);
  return own < parts->whole->nvar ? parts->whole->var[own].name : NULL;
}

/* The judgement as a result beside those of the references. */
static void fill(const struct jac_map_judgement *judged,
                 struct jac_claim_verdict *verdict) {
  bool wrong = !judged->holds;
  struct jac_check_result *r = &verdict->result;
  *r = (struct jac_check_result){.reference = JAC_REFERENCE_OTHER,
                                 .verdict =
                                     wrong ? JAC_VERDICT_DIFFERS : JAC_VERDICT_AGREES,
                                 .compared = judged->samples,
                                 .wrong = wrong,
                                 .max_abs_error = judged->apart,
                                 .max_rel_error = judged->error};
  verdict->shape_wrong = wrong && judged->shapes;
  verdict->refuted = judged->refuted;
  verdict->certified = judged->refuted || judged->proved;
  if (wrong)
    jac_buffer_add(&verdict->diagnosis, judged->diagnosis);
  else
    snprintf(verdict->how, sizeof verdict->how, "%s", judged->words);
}

/* What is judged: a claim's text, and what is added to it (or NULL). */
struct said {
  const char *text, *added;
};

/* Judges it of one map at one point. */
static enum jac_status judge(const struct jac_options *options, struct said said,
                             const struct jac_subject *subject, size_t wrt,
                             const bool *set, struct jac_map_judgement *judged,
                             struct jac_error *err) {
  const struct jac_map *part[JAC_NETWORK_MODULES];
  struct jac_map_parts parts = {.map = part, .name = part_name, .whole = subject->map};
  if (options->define == NULL)
    parts.count = jac_network_count(subject->map);
  for (size_t k = 0; k < parts.count; k++)
    part[k] = jac_network_module(subject->map, k);
  struct jac_map_claim claim = {.map = subject->map,
                                .parts = parts.count > 1 ? &parts : NULL,
                                .wrt = wrt,
                                .order = options->order,
                                .text = said.text,
                                .added = said.added,
                                .x = jac_values_point(&subject->values),
                                .set = set,
                                .certify = options->certify};
  return jac_map_claim_judge(&claim, judged, err);
}

enum { SAMPLES = 3 };

/* One sample of a map that couples them tells nothing: of several, where it holds for
 * them it holds. */
static enum jac_status judge_coupled(const struct jac_options *options, struct said said,
                                     const struct jac_subject *subject, size_t wrt,
                                     struct jac_map_judgement *judged,
                                     struct jac_error *err) {
  struct jac_subject several = {0};
  enum jac_status status =
      jac_network_new((const char *const *)options->spec, options->nspec, SAMPLES,
                      &subject->outside.library, &several.map, err);
  if (status == JAC_OK)
    status = jac_values_new(several.map, options->seed, &several.values, err);
  if (status == JAC_OK)
    status = judge(options, said, &several, wrt, NULL, judged, err);
  jac_map_free(several.map);
  jac_values_free(&several.values);
  return status;
}

/* One sample of a map that couples them is judged of several. */
static enum jac_status judge_text(const struct jac_options *options, struct said said,
                                  const struct jac_subject *subject, size_t wrt,
                                  const bool *set, struct jac_map_judgement *judged,
                                  struct jac_error *err) {
  bool alone = subject->map->coupled && subject->map->batch == 1 && options->nspec > 0 &&
               options->nset == 0;
  return alone ? judge_coupled(options, said, subject, wrt, judged, err)
               : judge(options, said, subject, wrt, set, judged, err);
}

/* An entry's formula in the letters of a claim: o and i by two others, and without the
 * sample's number where the claim has none. */
static void reletter(const char *entry, const char letters[2], bool sample,
                     struct jac_buffer *out) {
  for (const char *at = entry; *at != '\0'; at++) {
    bool word = isalnum((unsigned char)at[1]) || at[1] == '_' ||
                (at > entry && (isalnum((unsigned char)at[-1]) || at[-1] == '_'));
    if (!sample && strncmp(at, "[n,", 3) == 0) {
      jac_buffer_add_char(out, '[');
      at += 2;
    } else if (!sample && strncmp(at, "[n]", 3) == 0)
      at += 2;
    else if (!word && (*at == 'o' || *at == 'i'))
      jac_buffer_add_char(out, letters[*at == 'i']);
    else
      jac_buffer_add_char(out, *at);
  }
}

static bool of_word(char c) {
  return isalnum((unsigned char)c) || c == '_';
}

/* Whether a letter is no part of a longer word. */
static bool alone(const char *claim, const char *at) {
  return !of_word(at[1]) && (at == claim || !of_word(at[-1]));
}

/* Two letters as they follow in the alphabet; where there are less, or o is among them,
 * the module's own. */
static void in_order(const char *found, char letters[3]) {
  bool ours = strlen(found) < 2 || strchr(found, 'o') != NULL;
  bool turned = !ours && found[0] > found[1];
  snprintf(letters, 3, "%c%c", ours ? 'o' : found[turned], ours ? 'i' : found[!turned]);
}

/* Whether a byte of LaTeX stands below the line, where the one before did or not. */
static bool below(const char *claim, const char *at, bool before) {
  if (at == claim)
    return false;
  return at[-1] == '_' ||
         (before && at[-1] != '}' && at > claim + 1 && (at[-1] == '{' || at[-2] != '_'));
}

/* Whether an index may stand at a byte: in brackets and in delta's, or, in a claim that
 * has none of these, below the line. */
static bool of_index(const char *claim, const char *at, bool lower, bool before) {
  if (lower)
    return below(claim, at, before);
  return *at == '[' || strncmp(at, "delta(", 6) == 0 ||
         (before && *at != ']' && *at != ')');
}

/* The two letters of a claim's indices, as o and i are the module's, and whether the
 * sample's stands before them. */
static bool read_letters(const char *claim, char letters[3]) {
  bool sample = false, inside = false;
  bool lower = strchr(claim, '[') == NULL && strstr(claim, "delta(") == NULL;
  size_t count = 0;
  char found[3] = "";
  for (const char *at = claim; *at != '\0'; at++) {
    inside = of_index(claim, at, lower, inside);
    bool letter = islower((unsigned char)*at) && (lower || alone(claim, at));
    if (!inside || !letter)
      continue;
    sample = sample || *at == 'n';
    if (*at != 'n' && strchr(found, *at) == NULL && count < 2)
      found[count++] = *at;
  }
  in_order(found, letters);
  return sample;
}

/* With the right entry in the place of a wrong one, does the claim hold, and in the words
 * in which the right one does? */
static enum jac_status is_wrong_entry(const struct jac_options *options,
                                      const struct jac_subject *subject, size_t wrt,
                                      const bool *set, const char *wrong, bool *found,
                                      struct jac_error *err) {
  const struct jac_variable *var = &subject->map->var[wrt];
  struct jac_options plain = *options;
  struct jac_buffer right = JAC_BUFFER_INIT, text = JAC_BUFFER_INIT;
  struct jac_map_judgement usual = {.holds = false}, other = {.holds = false};
  struct jac_error quiet = {JAC_OK, ""};
  char letters[3];
  bool sample = read_letters(options->claim, letters);
  if (var->role != JAC_DATA || subject->map->coupled) { /* as the module writes it */
    sample = true;
    snprintf(letters, sizeof letters, "oi");
  }
  plain.certify = false;
  reletter(var->entry, letters, sample, &right);
  jac_buffer_printf(&text, "(%s) - (", right.failed ? "" : right.text);
  reletter(wrong, letters, sample, &text);
  jac_buffer_add(&text, ")");
  enum jac_status status = jac_buffer_status(&text, err);
  if (status == JAC_OK && judge_text(&plain, (struct said){options->claim, text.text},
                                     subject, wrt, set, &other, &quiet) == JAC_ENOMEM)
    status = jac_fail_memory(err);
  if (status == JAC_OK && other.holds && other.words[0] != '\0' &&
      judge_text(&plain, (struct said){right.text, NULL}, subject, wrt, set, &usual,
                 &quiet) == JAC_ENOMEM)
    status = jac_fail_memory(err);
  *found = other.holds && strcmp(other.words, usual.words) == 0;
  jac_buffer_free(&right);
  jac_buffer_free(&text);
  return status;
}

/* Whether a claim is the right entry where o = i, and zero elsewhere. */
static enum jac_status is_diagonal(const struct jac_options *options,
                                   const struct jac_subject *subject, size_t wrt,
                                   const bool *set, bool *found, struct jac_error *err) {
  struct jac_buffer diagonal = JAC_BUFFER_INIT;
  jac_buffer_printf(&diagonal, "delta(o,i)*(%s)", subject->map->var[wrt].entry);
  enum jac_status status = jac_buffer_status(&diagonal, err);
  if (status == JAC_OK)
    status = is_wrong_entry(options, subject, wrt, set, diagonal.text, found, err);
  jac_buffer_free(&diagonal);
  return status;
}

/* A claim that is a matrix, with what a slip lacks: is it right, in the slip's own words?
 */
static enum jac_status lacks(const struct jac_options *options,
                             const struct jac_subject *subject, size_t wrt,
                             const bool *set, const char *missing, bool *found,
                             struct jac_error *err) {
  struct jac_options plain = *options;
  struct jac_map_judgement judged = {.holds = false};
  struct jac_error quiet = {JAC_OK, ""};
  plain.certify = false;
  if (judge_text(&plain, (struct said){options->claim, missing}, subject, wrt, set,
                 &judged, &quiet) == JAC_ENOMEM)
    return jac_fail_memory(err);
  *found = judged.holds && strcmp(judged.words, _("with column vectors")) == 0;
  return JAC_OK;
}

/* Which of the slips it is; NULL: none. matrices: they are what a matrix lacks. */
static enum jac_status find_slip(const struct jac_options *options,
                                 const struct jac_subject *subject, size_t wrt,
                                 const bool *set, const struct jac_slip *slip,
                                 bool matrices, const char **sentence,
                                 struct jac_error *err) {
  enum jac_status status = JAC_OK;
  bool found = false;
  for (; slip != NULL && slip->wrt != NULL && status == JAC_OK && !found; slip++)
    if (strcmp(slip->wrt, subject->map->var[wrt].name) == 0) {
      status = (matrices ? lacks : is_wrong_entry)(options, subject, wrt, set,
                                                   slip->entry, &found, err);
      *sentence = found ? slip->sentence : NULL;
    }
  return status;
}

/* Whether a claim by a parameter is the entry's sum or mean over the samples, as its
 * gradient is; the sentence for it, or NULL. */
static enum jac_status is_of_all_samples(const struct jac_options *options,
                                         const struct jac_subject *subject, size_t wrt,
                                         const bool *set, const char **sentence,
                                         struct jac_error *err) {
  static const char *const sentences[] = {
      N_("it is summed over the samples: each sample has its own slice"),
      N_("it is averaged over the samples: each sample has its own slice")};
  const struct jac_map *map = subject->map;
  const char *entry = map->var[wrt].entry;
  bool own = strstr(entry, "[n") != NULL; /* else every sample's is the same */
  enum jac_status status = JAC_OK;
  for (size_t k = 0; k < (own ? 2 : 1) && status == JAC_OK && *sentence == NULL; k++) {
    struct jac_buffer text = JAC_BUFFER_INIT;
    bool found = false;
    if (own)
      jac_buffer_printf(&text, "sum(n, %s)%s", entry, k == 1 ? "/" : "");
    else
      jac_buffer_printf(&text, "%zu*(%s)", map->batch, entry);
    if (k == 1)
      jac_buffer_printf(&text, "%zu", map->batch);
    status = jac_buffer_status(&text, err);
    if (status == JAC_OK)
      status = is_wrong_entry(options, subject, wrt, set, text.text, &found, err);
    *sentence = found ? sentences[k] : NULL;
    jac_buffer_free(&text);
  }
  return status;
}

/* A claim that is one of the module's slips, the diagonal alone, or of all samples. */
static enum jac_status name_slip(const struct jac_options *options,
                                 const struct jac_subject *subject, size_t wrt,
                                 const bool *set, struct jac_map_judgement *judged,
                                 struct jac_error *err) {
  const struct jac_map *map = subject->map;
  const struct jac_variable *var = &map->var[wrt];
  if (var->entry == NULL || judged->shapes ||
      strcmp(judged->diagnosis, _("it is zero, and the left side is not")) == 0)
    return JAC_OK;
  const char *sentence = NULL;
  enum jac_status status =
      find_slip(options, subject, wrt, set, map->lack, true, &sentence, err);
  if (status == JAC_OK && sentence == NULL)
    status = find_slip(options, subject, wrt, set, map->slip, false, &sentence, err);
  if (status == JAC_OK && sentence == NULL && map->batch > 1 && map->rows == map->batch &&
      var->role == JAC_PARAMETER)
    status = is_of_all_samples(options, subject, wrt, set, &sentence, err);
  bool found = sentence != NULL, square = var->role == JAC_DATA && !map->coupled &&
                                          var->dims[1] == map->cols && map->cols > 1;
  if (status == JAC_OK && !found && square) {
    sentence = N_("it is the diagonal only: the other entries are not zero");
    status = is_diagonal(options, subject, wrt, set, &found, err);
  }
  if (found)
    snprintf(judged->diagnosis, sizeof judged->diagnosis, "%s", _(sentence));
  return status;
}

enum jac_status jac_claim_judge(const struct jac_options *options,
                                const struct jac_subject *subject, size_t wrt,
                                const struct jac_array3 *J,
                                struct jac_claim_verdict *verdict,
                                struct jac_error *err) {
  struct jac_map_judgement judged;
  bool *set = jac_subject_given(options, subject);
  (void)J;
  *verdict = (struct jac_claim_verdict){.diagnosis = JAC_BUFFER_INIT};
  if (set == NULL)
    return jac_fail_memory(err);
  enum jac_status status = judge_text(options, (struct said){options->claim, NULL},
                                      subject, wrt, set, &judged, err);
  if (status == JAC_OK && !judged.holds && !judged.untold)
    status = name_slip(options, subject, wrt, set, &judged, err);
  free(set);
  if (status == JAC_OK)
    fill(&judged, verdict);
  if (status == JAC_OK && judged.untold)
    status = jac_fail(err, JAC_EREFUSED,
                      _("the claim cannot be certified: its intervals cannot be narrowed "
                        "here (a kink, a pole, or numbers that overflow)"));
  return status;
}
