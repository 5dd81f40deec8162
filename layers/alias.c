#include "layers/alias.h"

#include <ctype.h>
#include <string.h>

/* The next letter of a name that counts. */
static char next(const char **at) {
  while (**at == '-' || **at == '_')
    ++*at;
  return **at != '\0' ? (char)tolower((unsigned char)*(*at)++) : '\0';
}

bool jac_alias_same(const char *name, const char *other) {
  static const char *const homes[] = {"torch.nn.", "nn.", "F."};
  for (size_t k = 0; k < sizeof homes / sizeof homes[0]; k++)
    if (strncmp(name, homes[k], strlen(homes[k])) == 0)
      name += strlen(homes[k]);
  char a, b;
  do {
    a = next(&name);
    b = next(&other);
  } while (a == b && a != '\0');
  return a == b;
}

struct alias {
  const char *theirs, *ours;
};

/* PyTorch's first, then what books and other frameworks say. */
static const struct alias modules[] = {
    {"batchnorm1d", "batch-norm"},
    {"batchnorm2d", "batch-norm"},
    {"instancenorm1d", "instance-norm"},
    {"instancenorm2d", "instance-norm"},
    {"crossentropyloss", "cross-entropy"},
    {"mseloss", "mse"},
    {"l1loss", "mae"},
    {"huberloss", "huber"},
    {"smoothl1loss", "huber"},
    {"bceloss", "bce"},
    {"bcewithlogitsloss", "bce-logits"},
    {"binary-cross-entropy", "bce"},
    {"binary-cross-entropy-with-logits", "bce-logits"},
    {"nllloss", "nll"},
    {"kldivloss", "kl"},
    {"hingeembeddingloss", "hinge"},
    {"multimarginloss", "hinge"},
    {"tripletmarginloss", "triplet"},
    {"gaussiannllloss", "gaussian-nll"},
    {"poissonnllloss", "poisson"},
    {"cosinesimilarity", "cosine"},
    {"pairwisedistance", "distance"},
    {"multiheadattention", "multi-head"},
    {"scaled-dot-product-attention", "attention"},
    {"rnncell", "rnn"},
    {"lstmcell", "lstm"},
    {"grucell", "gru"},
    {"dropout1d", "dropout"},
    {"dropout2d", "dropout"},
    {"bn", "batch-norm"},
    {"bn1d", "batch-norm"},
    {"ln", "layer-norm"},
    {"gn", "group-norm"},
    {"fc", "linear"},
    {"dense", "linear"},
    {"affine", "linear"},
    {"fully-connected", "linear"},
    {"lin", "linear"},
    {"conv", "conv1d"},
    {"maxpool", "max-pool1d"},
    {"avgpool", "avg-pool1d"},
    {"averagepooling1d", "avg-pool1d"},
    {"swish", "silu"},
    {"lrelu", "leaky-relu"},
    {"logistic", "sigmoid"},
    {"ce", "cross-entropy"},
    {"xent", "cross-entropy"},
    {"softmax-cross-entropy", "cross-entropy"},
    {"l1", "mae"},
    {"l2", "mse"},
    {"squared-error", "mse"},
    {"mha", "multi-head"},
    {"attn", "attention"},
    {"view", "flatten"},
    {"reshape", "flatten"},
};

/* Of several the one that is there: a layer norm's weight is gamma. */
static const struct alias parts[] = {
    {"weight", "W"},
    {"weight", "gamma"},
    {"weights", "W"},
    {"kernel", "W"},
    {"scale", "gamma"},
    {"bias", "b"},
    {"bias", "beta"},
    {"shift", "beta"},
    {"input", "z"},
    {"x", "z"},
    {"target", "y"},
    {"label", "y"},
    {"labels", "y"},
    {"query", "Q"},
    {"key", "K"},
    {"value", "V"},
    {"mask", "m"},
    {"negative-slope", "slope"},
    {"eps", "epsilon"},
    {"rate", "p"},
    {"in-channels", "channels"},
    {"size-average", "reduction"},
};

const char *jac_alias_find(const char *name) {
  for (size_t k = 0; k < sizeof modules / sizeof modules[0]; k++)
    if (jac_alias_same(name, modules[k].theirs))
      return modules[k].ours;
  return NULL;
}

const char *jac_alias_part(const char *name, const char *const *there, size_t count) {
  for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
    for (size_t i = 0; i < count && jac_alias_same(name, parts[k].theirs); i++)
      if (strcmp(there[i], parts[k].ours) == 0)
        return there[i];
  return NULL;
}
