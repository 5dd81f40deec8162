/* {"ask": "check"}: what `check --format json` says. {"ask": "claim", "claim": FORMULA}:
 * what it says of a formula. {"ask": "chain", "way": 1.., "sample": 1..}: what `chain
 * --format json` says of one way, its norms those of a sample. */
#include "jacobian/check.h"
#include "jacobian/text.h"
#include "visual/chain.h"
#include "visual/cli/claim.h"
#include "visual/engine/ask.h"
#include "visual/report.h"

static enum jac_status check(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  const struct jac_map *map = ask->subject.map;
  struct jac_asked asked;
  struct jac_check_result results[JAC_REFERENCES];
  struct jac_check_options options = {JAC_DIFFERENCE_COMPRESSED, ask->options.seed};
  enum jac_status status = jac_ask_jacobian(ask, &asked, err);
  if (status != JAC_OK)
    return status;
  status = jac_check(map, jac_values_point(&ask->subject.values), asked.wrt,
                     &asked.native, &options, results, err);
  json_t *array = json_array();
  if (status == JAC_OK)
    status = jac_report_json(
        &(struct jac_report){
            .map = map, .wrt = asked.wrt, .result = results, .count = JAC_REFERENCES},
        array, err);
  json_object_set_new(json, "check", array);
  jac_array3_free(&asked.native);
  return status;
}

static enum jac_status claim(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  struct jac_asked asked;
  struct jac_claim_verdict verdict;
  if (ask->options.claim == NULL)
    return jac_fail(err, JAC_EINPUT, _("a formula is needed"));
  enum jac_status status = jac_ask_jacobian(ask, &asked, err);
  if (status != JAC_OK)
    return status;
  status = jac_claim_judge(&ask->options, &ask->subject, asked.wrt, &asked.native,
                           &verdict, err);
  json_t *array = json_array();
  if (status == JAC_OK)
    status = jac_report_json(
        &(struct jac_report){
            .map = ask->subject.map,
            .wrt = asked.wrt,
            .result = &verdict.result,
            .count = verdict.shape_wrong ? 0 : 1,
            .file = ask->options.claim,
            .claim = ask->options.claim,
            .how = verdict.how[0] != '\0' ? verdict.how : NULL,
            .diagnosis = verdict.diagnosis.length > 0 ? verdict.diagnosis.text : NULL,
            .shape_wrong = verdict.shape_wrong},
        array, err);
  json_object_set_new(json, "check", array);
  jac_buffer_free(&verdict.diagnosis);
  jac_array3_free(&asked.native);
  return status;
}

/* The labels of a product's columns: the entries of what the factor differentiates by. */
static json_t *labels_json(const struct jac_chain *chain, size_t f, bool rows) {
  const struct jac_array3 *J = f < chain->count ? &chain->factor[f].J : NULL;
  json_t *list = json_array();
  for (size_t k = 0; J != NULL && k < (rows ? J->rows : J->cols); k++) {
    struct jac_buffer label = JAC_BUFFER_INIT;
    if (rows)
      jac_chain_row_label(chain, 0, k, JAC_NOTATION_LATEX, &label);
    else
      jac_chain_col_label(chain, f, 0, k, JAC_NOTATION_LATEX, &label);
    json_array_append_new(list, jac_text_json(&label));
  }
  return list;
}

static enum jac_status chain(struct jac_ask *ask, json_t *json, struct jac_error *err) {
  struct jac_chain chain;
  if (ask->subject.nwrt == 0)
    return jac_fail(err, JAC_EINPUT, _("%s has no variable to differentiate by"),
                    ask->subject.map->spec);
  const struct jac_map *map = ask->subject.map;
  size_t wrt = ask->subject.wrt[0], ways, way = jac_ask_count(ask, "way", 1);
  if (jac_chain_ways(map, wrt, &ways) != JAC_OK)
    return jac_fail_memory(err);
  if (ways == 0)
    return jac_fail(err, JAC_EINPUT, _("the output does not depend on %s"),
                    map->var[wrt].name);
  enum jac_status status = jac_chain_new(map, jac_values_point(&ask->subject.values), wrt,
                                         way < ways ? way : ways, &chain, err);
  if (status != JAC_OK)
    return status;
  json_t *labels = json_array();
  for (size_t f = 0; f < chain.count; f++)
    json_array_append_new(labels, labels_json(&chain, f, false));
  json_object_set_new(json, "chain",
                      jac_chain_json(&chain, jac_ask_count(ask, "sample", 1) - 1));
  json_object_set_new(json, "columns", labels);
  json_object_set_new(json, "rows", labels_json(&chain, 0, true));
  jac_chain_free(&chain);
  return JAC_OK;
}

const struct jac_ask_type jac_ask_check = {.name = "check", .answer = check};
const struct jac_ask_type jac_ask_claim = {.name = "claim", .answer = claim};
const struct jac_ask_type jac_ask_chain = {.name = "chain", .answer = chain};
