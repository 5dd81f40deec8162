#include "visual/output.h"

#include "jacobian/buffer.h"
#include "jacobian/text.h"
#include "visual/escape.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What an interrupt removes: the program writes one file at a time. Signals wait while
 * it comes to be and goes. */
static char *volatile unfinished;

static void hold_signals(sigset_t *before) {
  sigset_t held;
  sigemptyset(&held);
  sigaddset(&held, SIGINT);
  sigaddset(&held, SIGTERM);
  sigaddset(&held, SIGHUP);
  sigprocmask(SIG_BLOCK, &held, before);
}

void jac_output_interrupted(void) {
  if (unfinished != NULL)
    unlink(unfinished);
}

const char *jac_reason(int error) {
  static const struct {
    int error;
    const char *text;
  } common[] = {
      {ENOENT, N_("No such file or directory")}, {EACCES, N_("Permission denied")},
      {EPERM, N_("Operation not permitted")},    {EROFS, N_("Read-only file system")},
      {ENOSPC, N_("No space left on device")},   {EISDIR, N_("Is a directory")},
      {ENOTDIR, N_("Not a directory")}};
  for (size_t k = 0; k < sizeof common / sizeof common[0]; k++)
    if (common[k].error == error)
      return _(common[k].text);
  return strerror(error);
}

static enum jac_status fail_write(const char *name, int reason, struct jac_error *err) {
  return jac_fail(err, JAC_EIO, _("cannot write %s: %s"), name, jac_reason(reason));
}

/* The folder of a path with its final slash, as a length. */
static size_t folder(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* Where a path leads once its last part is no symbolic link any more, even if nothing is
 * there yet; NULL with errno. */
static char *follow(const char *path) {
  char target[4096];
  char *now = strdup(path);
  for (int links = 0; now != NULL && links < 40; links++) {
    ssize_t length = readlink(now, target, sizeof target - 1);
    if (length < 0)
      return now;
    target[length] = '\0';
    struct jac_buffer next = JAC_BUFFER_INIT;
    if (target[0] != '/')
      jac_buffer_add_bytes(&next, now, folder(now));
    jac_buffer_add(&next, target);
    free(now);
    now = jac_buffer_take(&next);
  }
  errno = now == NULL ? ENOMEM : ELOOP;
  free(now);
  return NULL;
}

/* Whether path is what standard output goes to: then a rename would miss the reader. */
static bool is_stdout(const struct stat *about) {
  struct stat standard;
  return fstat(STDOUT_FILENO, &standard) == 0 && standard.st_dev == about->st_dev &&
         standard.st_ino == about->st_ino;
}

static char *temporary_name(const char *path, unsigned attempt) {
  struct jac_buffer name = JAC_BUFFER_INIT;
  jac_buffer_add_bytes(&name, path, folder(path));
  jac_buffer_printf(&name, ".jacobian-%ld-%u", (long)getpid(), attempt);
  return jac_buffer_take(&name);
}

/* A new file beside the one that it will replace. */
static enum jac_status open_temporary(struct jac_output *output, const struct stat *old,
                                      struct jac_error *err) {
  int file = -1;
  sigset_t before;
  hold_signals(&before);
  for (unsigned attempt = 0; file < 0 && attempt < 100; attempt++) {
    free(output->temporary);
    output->temporary = temporary_name(output->path, attempt);
    if (output->temporary == NULL)
      break;
    file = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno != EEXIST)
      break;
  }
  int why = errno;
  if (file >= 0)
    unfinished = output->temporary;
  sigprocmask(SIG_SETMASK, &before, NULL);
  if (output->temporary == NULL)
    return jac_fail_memory(err);
  errno = why;
  if (file >= 0 && (old == NULL || fchmod(file, old->st_mode & 0777) == 0) &&
      (output->file = fdopen(file, "wb")) != NULL)
    return JAC_OK;
  int reason = errno;
  if (file >= 0) {
    close(file);
    unlink(output->temporary);
  }
  return fail_write(output->name, reason, err);
}

static enum jac_status open_plain(struct jac_output *output, const struct stat *old,
                                  struct jac_error *err) {
  output->path = follow(output->name);
  if (output->path == NULL)
    return fail_write(output->name, errno, err);
  if (old != NULL && access(output->path, W_OK) != 0)
    return fail_write(output->name, errno, err);
  return open_temporary(output, old, err);
}

static void release(struct jac_output *output) {
  sigset_t before;
  hold_signals(&before);
  if (output->temporary != NULL && unfinished == output->temporary)
    unfinished = NULL;
  sigprocmask(SIG_SETMASK, &before, NULL);
  free(output->path);
  free(output->temporary);
  *output = (struct jac_output){NULL, NULL, NULL, NULL};
}

/* A message is a line; what it speaks of may stand below, further in, with more behind
 * it. Ends of lines before that are those of a name that has them. */
void jac_output_tell(const char *message) {
  struct jac_buffer one = JAC_BUFFER_INIT, line = JAC_BUFFER_INIT;
  const char *below = strstr(message, "\n  ");
  for (const char *at = message; *at != '\0'; at++)
    if (*at == '\n' && (below == NULL || at < below))
      jac_buffer_add(&one, "\\x0a");
    else
      jac_buffer_add_char(&one, *at);
  if (!one.failed)
    jac_escape_terminal(one.text, &line);
  bool fails = one.failed || line.failed;
  fprintf(stderr, "jacobian: %s\n", fails ? _("out of memory") : line.text);
  jac_buffer_free(&one);
  jac_buffer_free(&line);
}

/* Long: each kind of place that can be written to. */
enum jac_status jac_output_open(const char *path, struct jac_output *output,
                                struct jac_error *err) {
  struct stat about;
  *output = (struct jac_output){NULL, path, NULL, NULL};
  if (jac_memory_shortages() > 0) /* some part is missing of what is to be written */
    return jac_fail_memory(err);
  bool exists = path != NULL && stat(path, &about) == 0;
  if (path == NULL || (exists && is_stdout(&about))) {
    output->name = path == NULL ? _("standard output") : path;
    output->file = stdout;
    return JAC_OK;
  }
  size_t length = strlen(path);
  if ((exists && S_ISDIR(about.st_mode)) || (length > 0 && path[length - 1] == '/'))
    return fail_write(path, EISDIR, err);
  if (length == 0)
    return fail_write("''", ENOENT, err);
  if (exists && !S_ISREG(about.st_mode)) {
    output->file = fopen(path, "wb");
    return output->file == NULL ? fail_write(path, errno, err) : JAC_OK;
  }
  enum jac_status status = open_plain(output, exists ? &about : NULL, err);
  if (status != JAC_OK)
    release(output);
  return status;
}

/* Long: each step that can fail leaves nothing behind. */
enum jac_status jac_output_close(struct jac_output *output, struct jac_error *err) {
  FILE *file = output->file;
  const char *name = output->name;
  bool failed = ferror(file) != 0;
  errno = failed ? EIO : 0;
  failed = fflush(file) != 0 || failed;
  bool memory = jac_memory_shortages() > 0;
  failed = failed || memory;
  if (!failed && output->temporary != NULL)
    failed = fsync(fileno(file)) != 0;
  int reason = errno;
  if (file != stdout && fclose(file) != 0 && !failed) {
    failed = true;
    reason = errno;
  }
  if (!failed && output->temporary != NULL &&
      rename(output->temporary, output->path) != 0) {
    failed = true;
    reason = errno;
  }
  if (failed && output->temporary != NULL)
    unlink(output->temporary);
  release(output);
  if (memory)
    return jac_fail_memory(err);
  return failed ? fail_write(name, reason, err) : JAC_OK;
}

void jac_output_abandon(struct jac_output *output) {
  if (output->file != NULL && output->file != stdout)
    fclose(output->file);
  if (output->temporary != NULL)
    unlink(output->temporary);
  release(output);
}
