#include "visual/input.h"

#include "jacobian/text.h"
#include "visual/csv.h"
#include "visual/npy.h"
#include "visual/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const uint64_t file_limit = (uint64_t)4 << 30;
static const uint64_t pipe_limit = (uint64_t)256 << 20;

static enum jac_status fail_read(const struct jac_input *input, struct jac_error *err) {
  return jac_fail(err, JAC_EIO, _("cannot read %s: %s"),
                  *input->name != '\0' ? input->name : "\"\"", jac_reason(errno));
}

/* Reads to the end, growing by doubling from the size that the system names. */
static enum jac_status read_all(int file, size_t first, uint64_t limit,
                                struct jac_input *input, struct jac_error *err) {
  size_t room = first < 4096 ? 4096 : first;
  for (;;) {
    char *bytes = realloc(input->bytes, room + 1);
    if (bytes == NULL)
      return jac_fail_memory(err);
    input->bytes = bytes;
    while (input->size < room) {
      ssize_t count = read(file, bytes + input->size, room - input->size);
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return fail_read(input, err);
      if (count == 0)
        return JAC_OK;
      input->size += (size_t)count;
    }
    if (input->size > limit)
      return jac_fail(err, JAC_ELIMIT,
                      _("%s is longer than %llu MiB, the most that is read"), input->name,
                      (unsigned long long)(limit >> 20));
    room *= 2;
  }
}

static enum jac_status read_file(int file, struct jac_input *input,
                                 struct jac_error *err) {
  struct stat about;
  if (fstat(file, &about) != 0)
    return fail_read(input, err);
  if (S_ISDIR(about.st_mode))
    return jac_fail(err, JAC_EIO, _("%s is a directory, a file is needed"), input->name);
  bool regular = S_ISREG(about.st_mode);
  uint64_t limit = regular ? file_limit : pipe_limit;
  if (regular && (uint64_t)about.st_size > limit)
    return jac_fail(err, JAC_ELIMIT,
                    _("%s is longer than %llu MiB, the most that is read"), input->name,
                    (unsigned long long)(limit >> 20));
  enum jac_status status =
      read_all(file, regular ? (size_t)about.st_size + 1 : 0, limit, input, err);
  if (status != JAC_OK)
    return status;
  if (input->size == 0)
    return jac_fail(err, JAC_EINPUT, _("%s is empty"), input->name);
  input->bytes[input->size] = '\0';
  return JAC_OK;
}

enum jac_status jac_input_read(const char *path, struct jac_input *input,
                               struct jac_error *err) {
  bool standard = strcmp(path, "-") == 0;
  *input = (struct jac_input){standard ? _("standard input") : path, NULL, 0};
  int file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return fail_read(input, err);
  enum jac_status status = read_file(file, input, err);
  if (!standard)
    close(file);
  if (status != JAC_OK)
    jac_input_free(input);
  return status;
}

void jac_input_free(struct jac_input *input) {
  free(input->bytes);
  *input = (struct jac_input){NULL, NULL, 0};
}

static bool named_npy(const char *path) {
  size_t length = strlen(path);
  return length > 4 && strcmp(path + length - 4, ".npy") == 0;
}

enum jac_status jac_input_table(const char *path, struct jac_table *table,
                                struct jac_error *err) {
  struct jac_input input;
  *table = (struct jac_table){.ndim = 0};
  enum jac_status status = jac_input_read(path, &input, err);
  if (status != JAC_OK)
    return status;
  if (jac_npy_is(input.bytes, input.size))
    status = jac_npy_parse(input.name, input.bytes, input.size, table, err);
  else if (named_npy(path))
    status =
        jac_fail(err, JAC_EINPUT,
                 _("%s is no NPY file, it begins otherwise: save it with np.save, or "
                   "name CSV as .csv"),
                 input.name);
  else if (input.size >= 4 && memcmp(input.bytes, "PK\003\004", 4) == 0)
    status =
        jac_fail(err, JAC_EINPUT,
                 _("%s is an archive (npz, xlsx): save one array with np.save, or CSV"),
                 input.name);
  else
    status = jac_csv_parse(input.name, input.bytes, input.size, table, err);
  jac_input_free(&input);
  return status;
}
